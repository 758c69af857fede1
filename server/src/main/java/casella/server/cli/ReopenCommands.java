package casella.server.cli;

import casella.server.control.Order;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella reopen …`
@Command(name = "reopen", synopsisSubcommandLabel = "COMMAND", description = {
    "Let everybody in again after a fault, a part at a time: staff, volunteers, then more and more of everybody else.",
    "Mail is taken for everybody all the time. Whoever is not in yet is told place, estimate and when to come back."
})
final class ReopenCommands {
    private static final String SOAK = "For how long all must be well before the next step: 1s to 24h (default: 10m).";
    private static final String FIRST = "paid: accounts whose plan is paid for go right after volunteers.";

    private final Terminal terminal;
    private final Caller caller;

    ReopenCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Command(name = "plan", description = "Show who would be let in when. Changes nothing.")
    int plan(
            @Mixin DataOptions options,
            @Option(names = "--first", paramLabel = "paid", description = FIRST) @Nullable String first,
            @Option(names = "--soak", paramLabel = "TIME", description = SOAK) @Nullable String soak) {
        return caller.call(options, new Order.ReopenPlan(first, soak),
                new Shown(true, ReopenCommands::step, ReopenCommands::planned));
    }

    @Command(name = "start", description = {
        "Begin: from now on nobody logs in but those whose turn it is. Sessions that are open stay.",
        "Best given before the server is started. Under way, it changes nothing. It goes on after a restart."
    })
    int start(
            @Mixin DataOptions options,
            @Option(names = "--first", paramLabel = "paid", description = FIRST) @Nullable String first,
            @Option(names = "--soak", paramLabel = "TIME", description = SOAK) @Nullable String soak) {
        return caller.call(options, new Order.ReopenStart(first, soak), Shown.facts(facts ->
                (facts.path("begun").asBoolean() ? "begun; " : "under way already, nothing was changed; ") + status(facts)));
    }

    @Command(name = "pause", description = "Let nobody else's turn come until it is resumed. Those who are in stay in.")
    int pause(@Mixin DataOptions options) {
        return caller.call(options, new Order.AutomationPause("reopen"), Shown.rows(HealthCommands::line));
    }

    @Command(name = "resume", description = "Go on after a pause.")
    int resume(@Mixin DataOptions options) {
        return caller.call(options, new Order.AutomationResume("reopen"), Shown.rows(HealthCommands::line));
    }

    @Command(name = "status", description = "Show who is in, what comes next and when, and what holds it up.")
    int status(@Mixin DataOptions options) {
        return caller.call(options, new Order.ReopenStatus(), Shown.facts(ReopenCommands::status));
    }

    @Command(name = "stop", description = {
        "End it: everybody is let in at once, however the store is. To have it stand, use pause."
    })
    int stop(
            @Mixin DataOptions options,
            @Option(names = "--let-everybody-in", description = "Say that this is meant.") boolean meant) {
        if (!meant) {
            terminal.err().println("casella: reopen stop lets everybody in at once: say --let-everybody-in,"
                    + " or casella reopen pause to have it stand");
            return Exit.USAGE;
        }
        return caller.call(options, new Order.ReopenStop(), Shown.facts(facts ->
                facts.path("stopped").asBoolean() ? "stopped: everybody is let in" : "there is none; everybody is let in"));
    }

    private static String step(ObjectNode row) {
        return "%2s  %-20s  %9s accounts  not before %s".formatted(
                Shown.text(row, "step"), Shown.text(row, "letsIn"), Shown.text(row, "accounts"),
                DebtWords.span(row.path("earliestSeconds").asLong()));
    }

    private static String planned(ObjectNode facts) {
        String end = facts.path("underWay").asBoolean() ? "one is under way: casella reopen status" : "nothing was changed";
        return "%s accounts, each step after %s of good figures; %s".formatted(
                Shown.text(facts, "accounts"), DebtWords.span(facts.path("soakSeconds").asLong()), end);
    }

    static String status(ObjectNode facts) {
        if (!facts.path("underWay").asBoolean()) {
            String ended = Shown.text(facts, "ended");
            return "none under way: everybody is let in" + (ended.isEmpty() ? "" : "; the last was over " + ended);
        }
        String begun = "begun %s by %s".formatted(Shown.text(facts, "since"), Shown.text(facts, "by"));
        if (!facts.has("gates")) return "no server runs; the next one lets in whom step " + Shown.text(facts, "step") + " says; " + begun;
        var out = new StringBuilder("%s: step %s of %s is in (%s); %s".formatted(
                Shown.text(facts, "state"), Shown.text(facts, "step"), Shown.text(facts, "steps"),
                Shown.text(facts, "letIn"), begun));
        out.append("\n  came in: %s owners; %s a second now, %s wait in line".formatted(
                Shown.text(facts, "entered"), Shown.text(facts, "perSecond"), Shown.text(facts, "waiting")));
        for (JsonNode gate : facts.path("gates")) {
            out.append("\n  %-8s %-4s %s".formatted(
                    Shown.text(gate, "gate"), gate.path("good").asBoolean() ? "good" : "BAD", Shown.text(gate, "seen")));
        }
        return out.append("\n  ").append(next(facts)).toString();
    }

    private static String next(ObjectNode facts) {
        return switch (Shown.text(facts, "state")) {
            case "halted" -> "it stands, and goes on by itself when all is good";
            case "paused" -> "an operator has it stand: casella reopen resume";
            default -> "next step in " + DebtWords.span(facts.path("nextSeconds").asLong()) + " if all stays good";
        };
    }
}
