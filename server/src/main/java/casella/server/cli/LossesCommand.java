package casella.server.cli;

import casella.server.control.Order;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella losses`
@Command(name = "losses", description = {
    "Count what became of mail that was accepted, by receipts, journal and queue: filed, waiting, lost (must be 0).",
    "And say whose mail was not taken, and whether it came later. Exit code 1 if something is lost or cannot be counted now."
})
final class LossesCommand implements Callable<Integer> {
    private static final String TIME = "2027-01-31T09:30:00+01:00, or 2027-01-31 (UTC)";

    private final Terminal terminal;
    private final Caller caller;

    @Mixin
    private DataOptions options = new DataOptions();

    @Parameters(arity = "0..1", paramLabel = "ADDRESS", description = "Address or id (default: all accounts).")
    private @Nullable String account;

    @Option(names = "--incident", paramLabel = "N", description = "In the time of an incident, for its brands.")
    private @Nullable Long incident;

    @Option(names = "--from", paramLabel = "TIME", description = TIME + ".")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = TIME + " (default: now).")
    private @Nullable String to;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write a line for each account to a new file.")
    private @Nullable Path csv;

    LossesCommand(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Override
    public Integer call() {
        if (csv != null && account != null) {
            terminal.err().println("casella: losses: --csv is for all accounts");
            return Exit.USAGE;
        }
        String file = csv == null ? null
                : terminal.folder().resolve(csv).toAbsolutePath().normalize().toString();
        return caller.call(options, new Order.Losses(account, incident, from, to, file),
                Shown.facts(account == null ? LossesCommand::all : LossesCommand::one));
    }

    private static String sums(JsonNode facts) {
        if (facts.has("why")) return "cannot be counted now: " + Shown.text(facts, "why");
        var text = new StringBuilder("accepted %s: filed %s, deleted since %s, waiting %s, LOST %s".formatted(
                Shown.text(facts, "accepted"), Shown.text(facts, "filed"), Shown.text(facts, "deleted"),
                Shown.text(facts, "pending"), Shown.text(facts, "lost")));
        if (facts.path("unreachable").asLong() > 0) {
            text.append("\nonly in vaults that do not answer now: ").append(Shown.text(facts, "unreachable"));
        }
        if (facts.path("unclaimed").asLong() > 0) {
            text.append("\nin a vault, but in no journal: ").append(Shown.text(facts, "unclaimed"))
                    .append(" (never acknowledged, unless `casella verify` finds the journal broken)");
        }
        return text.toString();
    }

    private static String one(ObjectNode facts) {
        var lines = new ArrayList<String>();
        lines.add("%s  brand %s, plan %s".formatted(Shown.text(facts, "address"), Shown.text(facts, "brand"),
                Shown.text(facts, "plan")));
        lines.add("from " + Shown.text(facts, "from") + " to " + Shown.text(facts, "to"));
        lines.add(sums(facts));
        JsonNode meanwhile = facts.path("meanwhile");
        if (meanwhile.path("mails").asLong() > 0) {
            lines.add("came while its owner could not get at the mailbox: %s, from %s to %s".formatted(
                    Shown.text(meanwhile, "mails"), Shown.text(meanwhile, "first"),
                    Shown.text(meanwhile, "last")));
        }
        List<String> senders = new ArrayList<>();
        facts.path("senders").forEach(sender -> senders.add(sender(sender)));
        lines.add(senders.isEmpty() ? "nobody's mail was turned away" : "these senders tried:");
        lines.addAll(senders);
        return String.join("\n", lines);
    }

    private static String sender(JsonNode one) {
        String sender = Shown.text(one, "sender");
        String later = Shown.text(one, "later");
        return "  %s  %s  %s %s  %s".formatted(Shown.text(one, "last"),
                sender.isEmpty() ? "<> (delivery notice)" : sender, Shown.text(one, "code"),
                Shown.text(one, "reason"), later.isEmpty() ? "NOTHING CAME LATER" : "came " + later);
    }

    private static String all(ObjectNode facts) {
        var lines = new ArrayList<String>();
        lines.add("%s accounts, from %s to %s".formatted(Shown.text(facts, "accounts"),
                Shown.text(facts, "from"), Shown.text(facts, "to")));
        lines.add(sums(facts));
        long failed = facts.path("failed").asLong();
        if (failed > 0) lines.add(failed + " accounts cannot be counted now");
        lines.add("senders that were turned away: %s; of %s nothing came later".formatted(
                Shown.text(facts, "senders"), Shown.text(facts, "gone")));
        for (JsonNode row : facts.path("named")) {
            lines.add("%s: %s; senders turned away %s, nothing later of %s".formatted(Shown.who(row),
                    sums(row).replace("\n", "; "), Shown.text(row, "senders"), Shown.text(row, "gone")));
        }
        return String.join("\n", lines);
    }
}
