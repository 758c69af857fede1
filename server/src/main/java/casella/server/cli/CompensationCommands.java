package casella.server.cli;

import casella.incident.Csv;
import casella.server.config.Units;
import casella.server.control.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella compensation …`
@Command(name = "compensation", synopsisSubcommandLabel = "COMMAND", description = {
    "Give owners something for what did not work, by rules and the measured record: previewed by one, approved by another, given once.",
    "How to write rules: docs/operations/compensation.md."
})
final class CompensationCommands {
    private static final String AS = "Who you are (default: the system's user). Not proven; kept beside that user.";
    private static final String TIME = "2027-01-31T09:30:00+01:00, or 2027-01-31 (UTC)";
    private static final String INCIDENT = "The incident's number.";
    private static final List<String> COLUMNS = List.of("key", "incident", "account", "address", "brand", "plan",
            "rule", "months", "quotaBytes", "state", "at", "ended");

    private final Terminal terminal;
    private final Caller caller;

    CompensationCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Command(name = "preview", description = {
        "Count who would get what, and keep the list for an approval. Gives nothing to anybody.",
        "A preview takes the place of the one before it."
    })
    int preview(
            @Mixin DataOptions options,
            @Option(names = "--incident", paramLabel = "N", required = true, description = INCIDENT) long incident,
            @Option(names = "--rules", paramLabel = "FILE", required = true,
                    description = "The rules, YAML: each plan of each brand the incident concerns.")
                    Path rules,
            @Option(names = "--from", paramLabel = "TIME",
                    description = TIME + " (default: when the incident was opened).")
                    @Nullable String from,
            @Option(names = "--to", paramLabel = "TIME",
                    description = TIME + " (default: when it was resolved).")
                    @Nullable String to,
            @Option(names = "--as", paramLabel = "NAME", description = AS) @Nullable String as) {
        String text;
        try {
            Path file = terminal.folder().resolve(rules);
            if (Files.size(file) > 64 << 10) throw new IOException("it is longer than 64KiB");
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            terminal.err().println("casella: --rules: cannot be read: " + e.getMessage());
            return Exit.USAGE;
        }
        return caller.call(options, new Order.CompensationPreview(incident, text, from, to, as),
                Shown.facts(CompensationCommands::previewed));
    }

    @Command(name = "approve", description = {
        "Approve what was previewed, as somebody else than who made the preview.",
        "Refused if the record or the plans changed what an account is owed since."
    })
    int approve(
            @Mixin DataOptions options,
            @Option(names = "--incident", paramLabel = "N", required = true, description = INCIDENT) long incident,
            @Option(names = "--digest", paramLabel = "D",
                    description = "The preview you looked at, its first 8 characters or more: no other is approved.")
                    @Nullable String digest,
            @Option(names = "--as", paramLabel = "NAME", description = AS) @Nullable String as) {
        return caller.call(options, new Order.CompensationApprove(incident, digest, as),
                Shown.facts(CompensationCommands::shown));
    }

    @Command(name = "apply", description = {
        "Give what was approved, each account once, and tell the owners. It goes on after a stop or a kill.",
        "Given again, it goes through all accounts and gives what is missing, for example after `directory restore`."
    })
    int apply(
            @Mixin DataOptions options,
            @Option(names = "--incident", paramLabel = "N", required = true, description = INCIDENT) long incident,
            @Option(names = "--as", paramLabel = "NAME", description = AS) @Nullable String as) {
        return caller.call(options, new Order.CompensationApply(incident, as),
                Shown.facts(CompensationCommands::shown));
    }

    @Command(name = "revoke", description = {
        "Take back what was approved or given. What was given when, and why it was taken back, stays on record.",
        "Owners are not told by this: say it in the incident."
    })
    int revoke(
            @Mixin DataOptions options,
            @Option(names = "--incident", paramLabel = "N", required = true, description = INCIDENT) long incident,
            @Option(names = "--why", paramLabel = "TEXT", required = true, description = "The reason.") String why,
            @Option(names = "--as", paramLabel = "NAME", description = AS) @Nullable String as) {
        return caller.call(options, new Order.CompensationRevoke(incident, why, as),
                Shown.facts(CompensationCommands::shown));
    }

    @Command(name = "status", description = {
        "Show compensations, newest first: who did what, who gets what, how far it is.",
        "With --account, what one account got; with --csv, every account of an incident as a file for billing."
    })
    int status(
            @Mixin DataOptions options,
            @Option(names = "--incident", paramLabel = "N", description = "One incident alone.") @Nullable Long incident,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Address or id.") @Nullable String account,
            @Option(names = "--csv", paramLabel = "FILE",
                    description = "Write it there, with addresses; only you may read the file.")
                    @Nullable Path csv) {
        if (csv != null && (incident == null || account != null || options.json)) {
            terminal.err().println("casella: --csv: goes with --incident alone");
            return Exit.USAGE;
        }
        if (csv != null && incident != null) return csv(options, incident, terminal.folder().resolve(csv));
        if (account != null) {
            return caller.call(options, new Order.CompensationOf(account), Shown.rows(CompensationCommands::credit));
        }
        return caller.call(options, new Order.CompensationStatus(incident), Shown.rows(CompensationCommands::shown));
    }

    /// Writes into a file beside it, which gets the name when it is whole.
    private int csv(DataOptions options, long incident, Path file) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
            int code;
            try (Writer out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
                out.write(Csv.row(COLUMNS));
                code = caller.call(options, new Order.CompensationList(incident),
                        new Shown(true, row -> write(out, row), facts -> Shown.text(facts, "rows") + " rows in " + file
                                + "; the compensation is " + Shown.text(facts, "state")));
            }
            if (code == Exit.DONE) Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            else Files.deleteIfExists(fresh);
            return code;
        } catch (IOException | UncheckedIOException e) {
            terminal.err().println("casella: --csv: cannot be written: " + e.getMessage());
            return Exit.WRONG;
        }
    }

    /// Returns nothing: the row is in the file.
    private static String write(Writer out, ObjectNode row) {
        try {
            out.write(Csv.row(COLUMNS.stream().map(column -> Shown.text(row, column)).toList()));
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String previewed(ObjectNode facts) {
        var lines = new ArrayList<String>();
        lines.add(shown(facts));
        if (!facts.path("incidentOver").asBoolean()) {
            lines.add("the incident is NOT RESOLVED: the record still grows, and this cannot be approved");
        }
        for (JsonNode one : facts.path("goOn")) {
            lines.add("still goes on: %s, %s, since %s".formatted(
                    Shown.text(one, "scope"), Shown.text(one, "cause"), Shown.text(one, "since")));
        }
        if (facts.path("accountsGoOn").asLong() > 0) {
            lines.add("still goes on at %s accounts by themselves".formatted(Shown.text(facts, "accountsGoOn")));
        }
        if (!Shown.text(facts, "beganBefore").isEmpty()) {
            lines.add("something that reaches into that time began before it, at %s, and is not counted from there: --from TIME".formatted(
                    Shown.text(facts, "beganBefore")));
        }
        lines.add("nothing was given; somebody else approves it: casella compensation approve --incident %s --digest %s".formatted(
                Shown.text(facts, "incident"), digest(facts, "digest")));
        return String.join("\n", lines);
    }

    private static String digest(JsonNode facts, String name) {
        String whole = Shown.text(facts, name);
        return whole.substring(0, Math.min(12, whole.length()));
    }

    private static String shown(ObjectNode facts) {
        var lines = new ArrayList<String>();
        lines.add("incident %s: %s; what was measured from %s to %s; rules %s, list %s".formatted(
                Shown.text(facts, "incident"), Shown.text(facts, "state"), Shown.text(facts, "from"),
                Shown.text(facts, "to"), digest(facts, "rules"), digest(facts, "digest")));
        for (JsonNode line : facts.path("lines")) lines.add("  " + line(line));
        lines.add("  in all %,d accounts: %s of quota, %,d months; credited %,d, gone before %,d, taken back %,d, told %,d%s".formatted(
                facts.path("accounts").asLong(), Units.text(facts.path("quotaBytes").asLong()),
                facts.path("months").asLong(), facts.path("credited").asLong(), facts.path("gone").asLong(),
                facts.path("ended").asLong(), facts.path("told").asLong(),
                Shown.text(facts, "announced").isEmpty() ? "" : " (all, " + Shown.text(facts, "announced") + ")"));
        if (!Shown.text(facts, "waitsFor").isEmpty()) {
            lines.add("  WAITS: " + Shown.text(facts, "waitsFor") + "; goes on by itself");
        }
        for (JsonNode act : facts.path("acts")) {
            String words = Shown.text(act, "words");
            lines.add("  %s  %-9s by %s%s".formatted(Shown.text(act, "at"), Shown.text(act, "act"),
                    Shown.text(act, "by"), words.isEmpty() ? "" : ": " + words));
        }
        return String.join("\n", lines);
    }

    private static String line(JsonNode line) {
        String rule = Shown.text(line, "rule");
        return "%-12s %-12s %-20s %,12d accounts  %s".formatted(Shown.text(line, "brand"), Shown.text(line, "plan"),
                rule.isEmpty() ? "(too short)" : rule, line.path("accounts").asLong(), each(line));
    }

    private static String each(JsonNode line) {
        var parts = new ArrayList<String>();
        long bytes = line.path("quotaBytes").asLong();
        long months = line.path("months").asLong();
        if (bytes > 0) {
            parts.add("%s of quota%s".formatted(room(bytes),
                    line.path("percent").asInt() == 0 ? "" : " (+" + line.path("percent").asInt() + " %)"));
        }
        if (months > 0) parts.add(months + (months == 1 ? " month" : " months"));
        if (!parts.isEmpty()) return String.join(", ", parts) + " each";
        String because = Shown.text(line, "becauseEn");
        return because.isEmpty() ? "nothing" : "nothing, because: " + because;
    }

    private static String room(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }

    private static String credit(ObjectNode row) {
        return "incident %s  %-8s  %s  rule %s: %s".formatted(Shown.text(row, "incident"), Shown.text(row, "state"),
                Shown.text(row, "at"), Shown.text(row, "rule"), each(row));
    }
}
