package casella.server.cli;

import casella.server.config.Config;
import casella.server.config.DataConfig;
import casella.server.config.Problem;
import casella.server.control.ControlClient;
import casella.server.control.DataFolder;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.SupportBundle;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What `status`, `doctor` and `automation` print.
@Command(name = "automation", synopsisSubcommandLabel = "COMMAND", description = {
    "Pause what goes on by itself, and resume it: healer, standby, collector, ladder, reopen.",
    "What is paused stays paused over a restart, and is said by status, by doctor and in the log until it is resumed."
})
final class HealthCommands {
    private final Terminal terminal;
    private final Caller caller;

    HealthCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    int status(DataOptions options, boolean live) {
        var words = new StatusWords(terminal.coloured());
        if (!live) return caller.call(options, new Order.Status(), Shown.facts(words::status));
        if (options.json) {
            terminal.err().println("casella: status: --live and --json do not go together");
            return Exit.USAGE;
        }
        String top = Live.top(terminal);
        return Live.draw(() ->
                caller.call(options, new Order.Status(), Shown.facts(facts -> top + words.status(facts))));
    }

    int doctor(DataOptions options) {
        var words = new StatusWords(terminal.coloured());
        return caller.call(options, new Order.Doctor(), Shown.facts(words::diagnosis));
    }

    @Command(name = "list", description = "List what goes on by itself. Exit code 1 if some of it is paused.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new Order.AutomationList(), Shown.rows(HealthCommands::line));
    }

    @Command(name = "pause", description = "Pause it until it is resumed.")
    int pause(
            @Mixin DataOptions options,
            @Parameters(arity = "0..1", paramLabel = "WORK",
                    description = "healer, standby, collector, ladder or reopen (default: all).") @Nullable String work) {
        return caller.call(options, new Order.AutomationPause(work), Shown.rows(HealthCommands::line));
    }

    @Command(name = "resume", description = "Let it go on.")
    int resume(
            @Mixin DataOptions options,
            @Parameters(arity = "0..1", paramLabel = "WORK",
                    description = "healer, standby, collector, ladder or reopen (default: all).") @Nullable String work) {
        return caller.call(options, new Order.AutomationResume(work), Shown.rows(HealthCommands::line));
    }

    int support(DataOptions options, @Nullable Path log, Path to) {
        return switch (options.load(terminal, 0)) {
            case Config.Loaded.Bad(List<Problem> problems) -> DataOptions.refuse(terminal, problems);
            case Config.Loaded.Good(Config config) -> bundle(config.data(),
                    options.config == null ? null : terminal.folder().resolve(options.config),
                    log == null ? null : terminal.folder().resolve(log),
                    terminal.folder().resolve(to));
        };
    }

    /// Works when no server runs.
    private int bundle(DataConfig data, @Nullable Path config, @Nullable Path log, Path to) {
        try {
            Optional<Operations> server = ControlClient.to(DataFolder.socket(data)).map(one -> one);
            new SupportBundle(data, server).write(config, log, to);
        } catch (FileAlreadyExistsException e) {
            terminal.err().println("casella: --to: there is such a file already: " + to);
            return Exit.USAGE;
        } catch (IOException e) {
            terminal.err().println("casella: cannot be written: " + e);
            return Exit.WRONG;
        }
        terminal.out().println(to + ": look through it before you give it away");
        return Exit.DONE;
    }

    int testAlerts(DataOptions options) {
        return caller.call(options, new Order.AlertsTest(), Shown.rows(row ->
                "%-10s %s".formatted(Shown.text(row, "channel"), Shown.text(row, "ended"))));
    }

    static String line(ObjectNode row) {
        JsonNode paused = row.path("paused");
        if (!paused.asBoolean()) return "%-10s goes on".formatted(Shown.text(row, "work"));
        return "%-10s PAUSED since %s by %s".formatted(
                Shown.text(row, "work"), Shown.text(row, "since"), Shown.text(row, "by"));
    }
}
