package casella.server.cli;

import casella.server.config.Config;
import casella.server.config.Config.Overrides;
import casella.server.config.Problem;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of every command that needs a data folder.
final class DataOptions {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder (default: CASELLA_DATA, else ./casella-data).")
    @Nullable Path data;

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration file, where it moves folders.")
    @Nullable Path config;

    @Option(names = "--json", description = "Print facts as JSON.")
    boolean json;

    /// Returns the configuration these options and the environment mean, or its problems.
    Config.Loaded load(Terminal terminal, int portOffset) {
        var overrides = new Overrides(folder(terminal), portOffset);
        if (config == null) return Config.text("", overrides);
        return Config.file(terminal.folder().resolve(config), overrides);
    }

    private @Nullable Path folder(Terminal terminal) {
        if (data != null) return terminal.folder().resolve(data);
        String named = terminal.environment().get("CASELLA_DATA");
        if (named != null && !named.isEmpty()) return terminal.folder().resolve(named);
        return config == null ? terminal.folder().resolve("casella-data") : null;
    }

    /// Prints the problems of a configuration file and returns the exit code.
    static int refuse(Terminal terminal, List<Problem> problems) {
        problems.forEach(problem -> terminal.err().println("casella: configuration: " + problem));
        return Exit.USAGE;
    }
}
