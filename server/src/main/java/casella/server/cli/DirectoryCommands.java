package casella.server.cli;

import casella.base.Clock;
import casella.base.Fault;
import casella.directory.DirectoryFiles;
import casella.server.config.Config;
import casella.server.config.Problem;
import casella.server.control.DataFolder;
import casella.server.control.Json;
import casella.server.health.Audit;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `casella directory …`
@Command(name = "directory", description = "Repair the directory.", synopsisSubcommandLabel = "COMMAND")
final class DirectoryCommands {
    private final Terminal terminal;

    DirectoryCommands(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "restore", description = {
        "Put the newest readable snapshot in the place of a damaged directory. The server must be stopped.",
        "Changes made after the snapshot are lost; the damaged files are kept beside it."
    })
    int restore(@Mixin DataOptions options) {
        return switch (options.load(terminal, 0)) {
            case Config.Loaded.Bad(List<Problem> problems) -> DataOptions.refuse(terminal, problems);
            case Config.Loaded.Good(Config config) -> restore(config, options.json);
        };
    }

    private int restore(Config config, boolean json) {
        switch (DataFolder.take(config.data())) {
            case DataFolder.Taken.Busy(long process) -> {
                terminal.err().println("casella: process " + process + " uses the data folder; stop it first");
                return Exit.WRONG;
            }
            case DataFolder.Taken.Held(DataFolder folder) -> {
                try (folder;
                        var audit = new Audit(config.data().folder().resolve(Audit.FILE), Clock.system())) {
                    String by = System.getProperty("user.name", "unknown");
                    audit.note(by, "DirectoryRestore", "begins");
                    Instant made = DirectoryFiles.restore(config.data().directory());
                    audit.note(by, "DirectoryRestore[asOf=" + made + "]", "done");
                    if (json) terminal.out().println(Json.object().put("asOf", made.toString()));
                    else terminal.out().println("restored as of " + made);
                    return Exit.DONE;
                } catch (Fault | UncheckedIOException e) {
                    terminal.err().println("casella: " + e.getMessage());
                    return Exit.WRONG;
                }
            }
        }
    }
}
