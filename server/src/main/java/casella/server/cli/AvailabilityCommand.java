package casella.server.cli;

import casella.server.control.DeskOrder;
import casella.server.control.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella availability`
@Command(name = "availability", description = {
    "Show when logging in, reading, receiving, sending and being told of mail did not work for an account, as it was measured.",
    "Works with every engine and vault down, and when no server runs. What counts: docs/formats/availability.md."
})
final class AvailabilityCommand implements Callable<Integer> {
    private static final String TIME = "2027-01-31T09:30:00+01:00, or 2027-01-31 (UTC)";

    private final Terminal terminal;
    private final Caller caller;

    @Mixin
    private DataOptions options = new DataOptions();

    @Parameters(arity = "0..1", paramLabel = "ACCOUNT", description = "Address or id.")
    private @Nullable String account;

    @Option(names = "--all",
            description = "Every account of the brands of --incident, in its time, as a line of CSV in --to: hours by capability.")
    private boolean all;

    @Option(names = "--incident", paramLabel = "N", description = "With --all.")
    private @Nullable Long incident;

    @Option(names = "--from", paramLabel = "TIME",
            description = TIME + " (default: where the record begins).")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME|FILE", description = TIME + " (default: now); with --all a new file.")
    private @Nullable String to;

    AvailabilityCommand(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Override
    public Integer call() {
        if (all) return all();
        if (account == null || incident != null) {
            terminal.err().println("casella: availability: name an account, or say --all --incident N --to FILE");
            return Exit.USAGE;
        }
        return caller.call(options, new Order.Availability(account, from, to),
                Shown.facts(AvailabilityCommand::text));
    }

    private int all() {
        if (account != null || incident == null || to == null || from != null) {
            terminal.err().println("casella: availability: --all goes with --incident N and --to FILE");
            return Exit.USAGE;
        }
        String file = terminal.folder().resolve(to).toAbsolutePath().normalize().toString();
        return caller.call(options, new DeskOrder.AvailabilityAll(incident, file),
                Shown.facts(facts -> "%s accounts, something did not work for %s of them, from %s to %s%nwritten to %s"
                        .formatted(Shown.text(facts, "accounts"), Shown.text(facts, "away"),
                                Shown.text(facts, "from"), Shown.text(facts, "until"), Shown.text(facts, "to"))));
    }

    private static String text(ObjectNode facts) {
        var lines = new ArrayList<String>();
        lines.add("%s  brand %s, plan %s, cohort %s".formatted(Shown.text(facts, "address"),
                Shown.text(facts, "brand"),
                Shown.text(facts, "plan"), Shown.text(facts, "cohort")));
        lines.add("from " + Shown.text(facts, "from") + " to " + Shown.text(facts, "to"));
        for (JsonNode one : facts.path("capabilities")) {
            long away = one.path("awayMillis").asLong();
            lines.add("%-8s %s".formatted(Shown.text(one, "capability"), away == 0 ? "always worked"
                    : "away " + time(away)));
            for (JsonNode span : one.path("away")) lines.add("  " + span(span));
        }
        for (JsonNode one : facts.path("protocols")) {
            lines.add("%s: %s to %s  %s".formatted(Shown.text(one, "scope"), Shown.text(one, "from"),
                    Shown.text(one, "until"), Shown.text(one, "cause")));
        }
        return String.join("\n", lines);
    }

    private static String span(JsonNode span) {
        List<String> causes = new ArrayList<>();
        span.path("causes").forEach(cause -> causes.add(cause.asString("")));
        return "%s to %s  %10s  %s%s".formatted(Shown.text(span, "from"), Shown.text(span, "until"),
                time(span.path("millis").asLong()), String.join(", ", causes),
                span.path("own").asBoolean() ? "; measured at the account" : "");
    }

    /// Returns hours, minutes, seconds: `49:03:07`; below a minute `7.012 s`.
    static String time(long millis) {
        if (millis < 60_000) return String.format(Locale.ROOT, "%.3f s", millis / 1_000.0);
        long seconds = millis / 1_000;
        return String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
}
