package casella.server.cli;

import casella.server.control.BreachOrder;
import casella.server.control.Order;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella breach …`
@Command(
        name = "breach",
        description = {
            "The register of personal data breaches (GDPR Art. 33 and 34): what is known, the 72 hours, what was decided and told.",
            "Mail that cannot be reached, or was lost, is a breach too. Nothing that was noted goes away."
        },
        synopsisSubcommandLabel = "COMMAND")
final class BreachCommands {
    private static final String TIME = "2027-01-31T09:30:00+01:00";

    private final Terminal terminal;
    private final Caller caller;

    BreachCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Command(name = "list", description = "List breaches, newest first, with the time that is left.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new BreachOrder.BreachList(), Shown.rows(BreachCommands::line));
    }

    @Command(name = "show", description = "Show what is known, what is missing, and all that was noted, by whom and when.")
    int show(@Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") long breach) {
        return caller.call(options, new BreachOrder.BreachShow(breach), Shown.facts(BreachCommands::whole));
    }

    @Command(name = "open", description = "Put a breach into the register: the 72 hours run from when somebody became aware.")
    int open(
            @Mixin DataOptions options,
            @Option(names = "--title", required = true, paramLabel = "T", description = "What it is, in a line.")
                    String title,
            @Option(names = "--aware-by", required = true, paramLabel = "WHO", description = "Who became aware.")
                    String awareBy,
            @Option(names = "--aware", paramLabel = "TIME", description = "When: " + TIME + " (default: now).")
                    @Nullable String aware,
            @Option(names = "--incident", paramLabel = "N", description = "The incident it comes from.")
                    @Nullable Long incident) {
        return caller.call(options, new BreachOrder.BreachOpen(incident, title, aware, awareBy),
                Shown.facts(BreachCommands::whole));
    }

    /// What a version says anew.
    static final class Texts {
        @Option(names = "--kind", paramLabel = "K", split = ",",
                description = "availability, integrity, confidentiality; several with commas.")
        List<String> kinds = new ArrayList<>();

        @Option(names = "--nature", paramLabel = "T", description = "(a) What happened.")
        @Nullable String nature;

        @Option(names = "--people-categories", paramLabel = "T", description = "(a) Whose data.")
        @Nullable String peopleCategories;

        @Option(names = "--people", paramLabel = "N", description = "(a) About how many people.")
        @Nullable Long people;

        @Option(names = "--record-categories", paramLabel = "T", description = "(a) What data.")
        @Nullable String recordCategories;

        @Option(names = "--records", paramLabel = "N", description = "(a) About how many records.")
        @Nullable Long records;

        @Option(names = "--contact", paramLabel = "T", description = "(b) The data protection officer.")
        @Nullable String contact;

        @Option(names = "--consequences", paramLabel = "T", description = "(c) What is likely to come of it.")
        @Nullable String consequences;

        @Option(names = "--measures", paramLabel = "T", description = "(d) What was and will be done.")
        @Nullable String measures;

        @Option(names = "--delay", paramLabel = "T", description = "Why later than 72 hours (Art. 33(1)).")
        @Nullable String delay;
    }

    @Command(name = "update", description = {
        "Note a new version of what is known; what is not said stays as it was. The versions before are kept.",
        "--count counts people by the availability record; --mails counts records by the loss account, which reads every account."
    })
    int update(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") long breach,
            @ArgGroup(exclusive = false) @Nullable Texts texts,
            @Option(names = "--count", description = "Count people in the incident's time.") boolean count,
            @Option(names = "--mails", description = "With --count: count mails, too.") boolean mails,
            @Option(names = "--notified", paramLabel = "TIME",
                    description = "The authority was notified of this version at " + TIME + ".")
                    @Nullable String notified,
            @Option(names = "--authority", paramLabel = "A", defaultValue = "Garante per la protezione dei dati personali",
                    description = "Which (default: ${DEFAULT-VALUE}).") String authority,
            @Option(names = "--reference", paramLabel = "R", description = "The authority's own reference.")
                    @Nullable String reference,
            @Option(names = "--people-told", paramLabel = "TIME",
                    description = "The people concerned were told at " + TIME + " (Art. 34).")
                    @Nullable String told,
            @Option(names = "--people-how", paramLabel = "T",
                    description = "By what they were told; without --people-told: why they are not.")
                    @Nullable String how) {
        if (told != null && how == null) {
            terminal.err().println("casella: breach update: say with --people-how by what the people were told");
            return Exit.USAGE;
        }
        Texts said = texts == null ? new Texts() : texts;
        return caller.call(options, new BreachOrder.BreachUpdate(breach, said.kinds, said.nature,
                said.peopleCategories,
                said.people, said.recordCategories, said.records, said.contact, said.consequences,
                        said.measures,
                said.delay, count || mails, mails,
                notified == null ? null : new BreachOrder.Sent(notified, authority, reference),
                how == null ? null : new BreachOrder.PeopleTold(told, how)),
                        Shown.facts(BreachCommands::whole));
    }

    @Command(name = "decide", description = "Note whether the authority is notified, and why (Art. 33(1) and (5)).")
    int decide(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") long breach,
            @Parameters(paramLabel = "notify|do-not-notify", description = "What was decided.") String decision,
            @Option(names = "--reasons", required = true, paramLabel = "T", description = "Why.") String reasons) {
        if (!decision.equals("notify") && !decision.equals("do-not-notify")) {
            terminal.err().println("casella: breach decide: say notify or do-not-notify");
            return Exit.USAGE;
        }
        return caller.call(options, new BreachOrder.BreachDecide(breach, decision.equals("notify"), reasons),
                Shown.facts(BreachCommands::whole));
    }

    @Command(name = "export", description = "Write it as a document (.pdf) or as data (.json).")
    int export(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") long breach,
            @Option(names = "--to", required = true, paramLabel = "FILE", description = "A new file: .pdf or .json.")
                    Path to,
            @Option(names = "--language", paramLabel = "L", defaultValue = "it",
                    description = "Of a document: it or en (default: ${DEFAULT-VALUE}).") String language) {
        String file = terminal.folder().resolve(to).toAbsolutePath().normalize().toString();
        return caller.call(options, new BreachOrder.BreachExport(breach, file, language),
                Shown.facts(facts -> "written to " + Shown.text(facts, "to")));
    }

    private static String line(ObjectNode row) {
        return "breach %s  %s  %s  %s".formatted(Shown.text(row, "breach"), Shown.text(row, "state"), clock(row),
                Shown.text(row, "title"));
    }

    private static String clock(JsonNode row) {
        boolean over = row.path("over").asBoolean();
        if (!Shown.text(row, "notified").isEmpty()) {
            return "notified " + Shown.text(row, "notified") + (over ? ", " + Shown.text(row, "late") + " LATE" : "");
        }
        if (Shown.text(row, "state").equals("not-notified")) return "decided not to notify";
        return over ? "72 HOURS ARE OVER by " + Shown.text(row, "late")
                : Shown.text(row, "left") + " left, until " + Shown.text(row, "deadline");
    }

    private static String whole(ObjectNode facts) {
        var lines = new ArrayList<String>();
        lines.add(line(facts));
        lines.add("aware since " + Shown.text(facts, "aware") + ": " + Shown.text(facts, "awareBy"));
        if (facts.path("over").asBoolean() && Shown.text(facts.path("draft"), "delay").isEmpty()
                && !Shown.text(facts, "state").equals("not-notified")) {
            lines.add("the authority must be told why it is late: casella breach update "
                    + Shown.text(facts, "breach") + " --delay …");
        }
        var missing = new ArrayList<String>();
        facts.path("missing").forEach(one -> missing.add(one.asString("")));
        lines.add(missing.isEmpty() ? "nothing of Art. 33(3) is missing"
                : "missing of Art. 33(3): " + String.join(", ", missing) + " (may follow in phases, Art. 33(4))");
        lines.add("people about %s, records about %s".formatted(number(facts, "people"), number(facts, "records")));
        for (JsonNode note : facts.path("notes")) lines.add(note(note));
        return String.join("\n", lines);
    }

    private static String number(JsonNode facts, String name) {
        long number = facts.path(name).asLong(-1);
        return number < 0 ? "unknown" : Long.toString(number);
    }

    private static String note(JsonNode note) {
        String what = switch (Shown.text(note, "what")) {
            case "opened" -> "opened: " + Shown.text(note, "title");
            case "drafted" -> "version " + Shown.text(note, "version") + ": " + Shown.text(note, "nature");
            case "decided" -> "decided: " + Shown.text(note, "decision") + ": " + Shown.text(note, "reasons");
            case "notified" -> "notified " + Shown.text(note, "sent") + " of version " + Shown.text(note, "version")
                    + ": " + Shown.text(note, "authority") + " " + Shown.text(note, "reference");
            default -> (Shown.text(note, "told").isEmpty() ? "people are not told: "
                    : "people told " + Shown.text(note, "told") + ": ") + Shown.text(note, "how");
        };
        return Shown.text(note, "at") + "  " + Shown.text(note, "by") + "  " + what.strip();
    }
}
