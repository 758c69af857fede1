package casella.server.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a command reads and writes.
///
/// @param out facts
/// @param err everything else
/// @param environment variables by name
/// @param folder the current folder
public record Terminal(
        InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path folder) {

    /// Returns the first line of what is read; null if there is none.
    @Nullable String line() {
        try {
            String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return line == null || line.isEmpty() ? null : line;
        } catch (IOException e) {
            return null;
        }
    }

    /// Says whether somebody looks at standard error: then what is drawn there may be drawn over.
    @SuppressWarnings("SystemConsoleNull") // null is what a JVM with jdk.console=java.base says
    boolean watched() {
        Console console = System.console();
        return err == System.err && console != null && console.isTerminal()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /// Says whether what is printed may have colours: somebody looks at it, and did not say `NO_COLOR`.
    @SuppressWarnings("SystemConsoleNull") // null is what a JVM with jdk.console=java.base says
    boolean coloured() {
        Console console = System.console();
        return out == System.out && console != null && console.isTerminal()
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /// Asks whoever sits at the terminal to type `yes`. A script has nobody to ask: it said what it means.
    @SuppressWarnings("SystemConsoleNull") // null is what a JVM with jdk.console=java.base says
    boolean confirms(String question) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) return true;
        String answer = console.readLine("%s Type yes: ", question);
        return answer != null && answer.strip().equalsIgnoreCase("yes");
    }
}
