package casella.server.cli;

import casella.server.Launch;
import casella.server.config.Config;
import casella.server.config.Problem;
import casella.server.control.DataFolder;
import casella.server.telemetry.Logging;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// `demo` and `serve`: they run until the process is asked to end.
final class Serving {
    private final Terminal terminal;
    private final Launch launch;

    Serving(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.launch = launch;
    }

    /// @param demo whether things to look at are made
    int run(@Nullable Path data, @Nullable Path file, int offset, boolean demo) {
        if (offset < 0 || offset > 60_000) {
            terminal.err().println("casella: --port-offset: must be 0 to 60000");
            return Exit.USAGE;
        }
        var options = new DataOptions();
        options.data = data;
        options.config = file;
        return switch (options.load(terminal, offset)) {
            case Config.Loaded.Bad(List<Problem> problems) -> DataOptions.refuse(terminal, problems);
            case Config.Loaded.Good(Config config) -> run(config, demo);
        };
    }

    private int run(Config config, boolean demo) {
        Logging.start(config.log(), terminal.err());
        try {
            return switch (DataFolder.take(config.data())) {
                case DataFolder.Taken.Busy(long process) -> {
                    terminal.err().println("casella: process " + process + " already uses " + config.data().folder());
                    yield Exit.WRONG;
                }
                case DataFolder.Taken.Held(DataFolder folder) -> serve(config, folder, demo);
            };
        } catch (UncheckedIOException e) {
            terminal.err().println("casella: " + e.getMessage());
            return Exit.WRONG;
        }
    }

    /// Serves until the process is asked to end; [Stopping] then closes everything.
    private int serve(Config config, DataFolder folder, boolean demo) {
        Launch.Running running;
        try {
            running = launch.start(config, folder, demo);
        } catch (Launch.StartFailed e) {
            terminal.err().println("casella: " + e.getMessage());
            folder.close();
            return Exit.WRONG;
        }
        Runtime.getRuntime().addShutdownHook(new Stopping(running, folder).hook());
        running.announcement().forEach(terminal.out()::println);
        terminal.out().flush();
        try {
            new CountDownLatch(1).await(); // the shutdown hook ends the process
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Exit.DONE;
    }
}
