package casella.server.cli;

import casella.server.config.Config;
import casella.server.config.Problem;
import casella.server.control.DrillOrder;
import casella.server.control.Json;
import casella.server.control.Order;
import casella.server.drill.Drill;
import casella.server.drill.Report;
import casella.server.drill.Reports;
import casella.server.drill.january.January;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella drill …`
@Command(
        name = "drill",
        description = "Have parts of the running server suffer for a while, and measure what owners see.",
        synopsisSubcommandLabel = "COMMAND")
final class DrillCommands {
    private final Terminal terminal;
    private final Caller caller;

    DrillCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Command(name = "list", description = "List the drills: what suffers, and what should happen.")
    int list(
            @Option(names = {"-h", "--help"}, usageHelp = true,
                    description = "Show this help.") boolean asked,
            @Option(names = "--json", description = "Print facts as JSON.") boolean json) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        for (Drill drill : Drill.values()) all.addObject().put("name", drill.word()).put("about", drill.about());
        all.addObject().put("name", January.WORD).put("about", January.ABOUT);
        for (JsonNode one : all) {
            if (!json) terminal.out().println("%-14s  %s".formatted(Shown.text(one, "name"), Shown.text(one, "about")));
        }
        if (json) terminal.out().println(all);
        return Exit.DONE;
    }

    @Command(name = "run", description = {
        "Run a drill in the server and wait for its report.",
        "It ends at its time whatever becomes of this command, and at once when something else breaks or an owner"
                + " is in the dark for 10 s.",
        "january-2023 alone needs no server: it brings one of its own, and takes two to three minutes.",
        "Exit code 1 if it found something wrong."
    })
    int run(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "As `drill list` names it.") String name,
            @Option(names = "--cohort", paramLabel = "all|NAME|ADDRESS",
                    description =
                            "Whose calls suffer: all, a cohort, or one owner (default: all; must be said where the server is not"
                                    + " a demo).")
                    @Nullable String cohort,
            @Option(names = "--for", paramLabel = "TIME",
                    description =
                            "For how long, 1s to 10m (default: 60s; must be said where it is not a demo).")
                    @Nullable String time,
            @Option(names = "--technology", paramLabel = "NAME",
                    description = "What shall be gone in technology-gone (default: the first vault's).")
                    @Nullable String technology,
            @Option(names = "--scale", paramLabel = "small|full",
                    description =
                            "How much is measured: 8 accounts and a mail a second, or 64 and ten; of january-2023: 40 accounts, or"
                                    + " 100,000 (default: small).") @Nullable String scale,
            @Option(names = "--background",
                    description = "Return when the fault is on; casella drill report shows the report.")
                    boolean background) {
        if (name.equals(January.WORD)) {
            var asked = new Reenacting.Asked(cohort, time, technology, scale, background);
            return new Reenacting(terminal).run(options, asked);
        }
        var order = new DrillOrder.DrillRun(name, cohort, time, technology, background, scale);
        return caller.call(options, order, Shown.facts(background ? DrillCommands::begun
                : DrillCommands::text));
    }

    private static String begun(ObjectNode facts) {
        return ("%s runs, cohort %s, its fault is on for %d s.\n  casella drill stop ends it, casella drill report"
                        + " shows its report")
                .formatted(Shown.text(facts, "drill"), Shown.text(facts, "cohort"),
                        facts.path("askedSeconds").asLong(0));
    }

    @Command(name = "stop", description = {
        "End the fault of the drill that runs, now.",
        "Its report is written when everything is as before. Where none runs, nothing happens."
    })
    int stop(@Mixin DataOptions options) {
        return caller.call(options, new DrillOrder.DrillStop(), Shown.facts(DrillCommands::stopped));
    }

    private static String stopped(ObjectNode facts) {
        if (!facts.path("runs").asBoolean(false)) return "no drill runs";
        String drill = Shown.text(facts, "drill");
        return facts.path("stopped").asBoolean(false)
                ? "the fault of " + drill + " is over; its report is written when all is as before"
                : "the fault of " + drill + " was over; it waits until all is as before";
    }

    private static String text(ObjectNode facts) {
        String folder = Shown.text(facts, "folder");
        return Report.lines(facts) + (folder.isEmpty() ? "" : "\n  the report: " + folder + "/report.md");
    }

    @Command(name = "report", description = "Show a report: the newest, or one by its name. Needs no server.")
    int report(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", arity = "0..1",
                    description = "The newest of this drill, or a report as --all names it (default: the newest of all).")
                    @Nullable String name,
            @Option(names = "--all", description = "List all reports that are kept, a line each, the newest last.")
                    boolean all) {
        return switch (options.load(terminal, 0)) {
            case Config.Loaded.Bad(List<Problem> problems) -> DataOptions.refuse(terminal, problems);
            case Config.Loaded.Good(Config config) -> all
                    ? reports(config, name, options.json) : report(config, name, options.json);
        };
    }

    private int reports(Config config, @Nullable String name, boolean json) {
        try {
            ArrayNode rows = Json.MAPPER.createArrayNode();
            for (ObjectNode facts : new Reports(Reports.folder(config.data())).rows(name)) {
                rows.add(facts);
                if (!json) terminal.out().println(Shown.text(facts, "report") + "  " + Report.verdict(facts));
            }
            if (json) terminal.out().println(rows);
            return Exit.DONE;
        } catch (UncheckedIOException e) {
            terminal.err().println("casella: " + e.getMessage());
            return Exit.WRONG;
        }
    }

    private int report(Config config, @Nullable String name, boolean json) {
        try {
            ObjectNode facts = new Reports(Reports.folder(config.data())).facts(name);
            if (json) terminal.out().println(facts);
            else terminal.out().print(Shown.text(facts, "text"));
            return Exit.DONE;
        } catch (IllegalArgumentException e) {
            terminal.err().println("casella: there is no report yet: casella drill run "
                    + (name == null ? "NAME" : name));
            return Exit.WRONG;
        } catch (UncheckedIOException e) {
            terminal.err().println("casella: " + e.getMessage());
            return Exit.WRONG;
        }
    }
}
