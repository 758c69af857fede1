package casella.server;

import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.drill.Node;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Where the process begins.
public final class Main {
    private Main() {}

    /// Runs one command; the process ends with its exit code.
    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("rehearse")) System.exit(Rehearsal.run());
        if (arguments.length == 2 && arguments[0].equals(Node.ORDER)) {
            System.exit(NodeUnderDrill.run(Path.of(arguments[1])));
        }
        var terminal = new Terminal(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                Path.of("").toAbsolutePath());
        int code = Cli.run(terminal, new Server(), arguments);
        System.exit(code);
    }
}
