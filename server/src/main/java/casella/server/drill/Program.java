package casella.server.drill;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program that runs here, for a process of its own.
public final class Program {
    private Program() {}

    /// Returns what starts it, up to its arguments: the same Java, class path, doors to libraries and names of folders, but not
    /// how much memory this process has.
    ///
    /// @param options more for the JVM
    public static List<String> command(String... options) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("--") || option.startsWith("-D")) command.add(option);
        }
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "casella.server.Main"));
        return List.copyOf(command);
    }
}
