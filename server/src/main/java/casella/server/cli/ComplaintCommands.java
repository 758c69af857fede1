package casella.server.cli;

import casella.server.control.DeskOrder;
import casella.server.control.Order;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella complaint …`
@Command(
        name = "complaint",
        description = "Work on complaints: what came by form, mail, letter or telephone, until when it must be answered, what became of it.",
        synopsisSubcommandLabel = "COMMAND")
final class ComplaintCommands {
    private static final String WAY =
            "mailbox: as a signed message there; mail, pec, letter, telephone: it was done by hand.";
    private static final String CATEGORY =
            "availability, lost-mail, compensation, privacy, contract or other.";

    private final Terminal terminal;
    private final Caller caller;

    ComplaintCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    /// Reads `17` and `R-2027-000017`.
    private static long number(String text) {
        String digits = text.startsWith("R-") ? text.substring(text.lastIndexOf('-') + 1) : text;
        return digits.matches("\\d{1,15}") ? Long.parseLong(digits) : 0;
    }

    @Command(name = "list", description = "List cases, oldest first, and how many are due.")
    int list(
            @Mixin DataOptions options,
            @Option(names = "--state", paramLabel = "S",
                    description = "open, answered or closed.") @Nullable String state,
            @Option(names = "--category", paramLabel = "C", description = CATEGORY) @Nullable String category,
            @Option(names = "--association", paramLabel = "NAME", description = "In whose name they came.")
                    @Nullable String association,
            @Option(names = "--due", paramLabel = "DAYS",
                    description = "Not closed, and to be answered within so many days; 0: overdue.")
                    @Nullable Integer due) {
        return caller.call(options, new Order.ComplaintList(state, category, association, due),
                new Shown(true, ComplaintCommands::line, ComplaintCommands::figures));
    }

    @Command(name = "export", description = {
        "Write cases to a file, a row each: dates, deadline, whether it was answered in time, outcome, what was given and how long the",
        "mailbox was away in the incident it is about. It names accounts by their ids, and nobody who complained."
    })
    int export(
            @Mixin DataOptions options,
            @Option(names = "--to", paramLabel = "FILE", required = true, description = "FILE.csv or FILE.json.")
                    String to,
            @Option(names = "--state", paramLabel = "S",
                    description = "open, answered or closed.") @Nullable String state,
            @Option(names = "--category", paramLabel = "C", description = CATEGORY) @Nullable String category,
            @Option(names = "--association", paramLabel = "NAME", description = "In whose name they came.")
                    @Nullable String association,
            @Option(names = "--due", paramLabel = "DAYS",
                    description = "Not closed, and to be answered within so many days; 0: overdue.")
                    @Nullable Integer due,
            @Option(names = "--incident", paramLabel = "N", description = "That they are about.")
                    @Nullable Long incident) {
        if (options.json) {
            terminal.err().println("casella: complaint export: the file's name says how it is written, not --json");
            return Exit.USAGE;
        }
        var order = new DeskOrder.ComplaintExport(state, category, association, due, incident);
        try (CaseFile file = CaseFile.begin(terminal.folder().resolve(to))) {
            int code = caller.call(options, order, new Shown(true, file::row,
                    facts -> Shown.text(facts, "cases") + " cases in " + to));
            if (code == Exit.DONE) file.whole();
            return code;
        } catch (IllegalArgumentException e) {
            terminal.err().println("casella: complaint export: " + e.getMessage());
            return Exit.USAGE;
        } catch (IOException | UncheckedIOException e) {
            terminal.err().println("casella: complaint export: " + to + " cannot be written: " + e.getMessage());
            return Exit.USAGE;
        }
    }

    @Command(name = "package", description = {
        "Write all that is kept of the person a case concerns into a ZIP file for that person: the case and its files, directory entry,",
        "availability, compensation, loss account and who tried, a signed proof; as JSON and as a page in their language. No mail is in it.",
        "Give it to the owner of the mailbox alone, and make sure who that is: anybody can complain about any mailbox."
    })
    int access(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") String number,
            @Option(names = "--to", paramLabel = "ZIP", required = true, description = "A new file.") Path to) {
        return caller.call(options, new DeskOrder.ComplaintPackage(number(number), file(to)),
                Shown.facts(ComplaintCommands::packed));
    }

    @Command(name = "association", description = {
        "Write what an association is told of an incident into a ZIP file: facts, what was said when, measured hours, rules of",
        "compensation, figures, and the complaints that it brought itself. Nobody else is in it."
    })
    int association(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "As it is in its complaints.") String name,
            @Option(names = "--incident", paramLabel = "N", required = true, description = "Its number.") long incident,
            @Option(names = "--to", paramLabel = "ZIP", required = true, description = "A new file.") Path to) {
        return caller.call(options, new DeskOrder.AssociationPack(name, incident, file(to)),
                Shown.facts(facts -> "%s of %s complaints about incident %s are theirs%s%nwritten to %s".formatted(
                        Shown.text(facts, "cases"), Shown.text(facts, "allCases"), Shown.text(facts, "incident"),
                        facts.path("cases").asLong() == 0 ? ": is the name right?" : "", Shown.text(facts, "to"))));
    }

    private String file(Path to) {
        return terminal.folder().resolve(to).toAbsolutePath().normalize().toString();
    }

    private static String packed(ObjectNode facts) {
        var lines = new ArrayList<String>();
        facts.path("missing").forEach(part -> lines.add("NOT IN IT, because it could not be read now: " + part.asString("")));
        if (facts.path("problems").asLong() > 0) {
            lines.add("THE PROOF TELLS OF " + Shown.text(facts, "problems") + " PROBLEMS: see to them before you give this away");
        }
        String address = Shown.text(facts, "address");
        lines.add(address.isEmpty() ? "no mailbox of ours is known of this case: it holds the case alone"
                : "for the owner of %s alone; the case was opened by %s: make sure that is them".formatted(address,
                        Shown.text(facts, "name")));
        lines.add("written to " + Shown.text(facts, "to"));
        return String.join("\n", lines);
    }

    @Command(name = "show",
            description = "Show a case: what came, all that was done, how long the mailbox was away in its incident.")
    int show(@Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") String number) {
        return caller.call(options, new Order.ComplaintShow(number(number)),
                Shown.facts(ComplaintCommands::whole));
    }

    @Command(name = "open", description = {
        "Enter a complaint that came by letter, certified mail, mail or telephone.",
        "The day of a letter's receipt is where its time begins. Given again, it enters no second one."
    })
    int open(
            @Mixin DataOptions options,
            @Option(names = "--channel", paramLabel = "C", required = true,
                    description = "letter, pec, mail or telephone.")
                    String channel,
            @Option(names = "--category", paramLabel = "C", required = true,
                    description = CATEGORY) String category,
            @Option(names = "--brand", paramLabel = "NAME", required = true,
                    description = "Whose owner complains.") String brand,
            @Option(names = "--account", paramLabel = "ACCOUNT",
                    description = "Address or id of the mailbox it is about.")
                    @Nullable String account,
            @Option(names = "--name", paramLabel = "T", required = true,
                    description = "Who complains.") String name,
            @Option(names = "--contact", paramLabel = "T", defaultValue = "",
                    description = "Where an answer reaches them.")
                    String contact,
            @Option(names = "--subject", paramLabel = "T", defaultValue = "",
                    description = "One line.") String subject,
            @Option(names = "--text", paramLabel = "T", required = true,
                    description = "What they say.") String text,
            @Option(names = "--language", paramLabel = "it|en", defaultValue = "it",
                    description = "Theirs.") String language,
            @Option(names = "--received", paramLabel = "DAY",
                    description = "When it reached us: 2027-01-31 (default: now).")
                    @Nullable String received,
            @Option(names = "--protocol", paramLabel = "T",
                    description = "The number of a letter or certified mail.")
                    @Nullable String protocol) {
        return caller.call(options, new Order.ComplaintOpen(channel, category, brand, account, name,
                contact, subject, text,
                language, received, protocol), Shown.facts(ComplaintCommands::line));
    }

    @Command(name = "import", description = {
        "Enter the complaints of an association from a CSV file with the columns name,contact,account,category,text.",
        "A row that is wrong is told and left out; given again, what was entered is not entered again."
    })
    int importCsv(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "FILE.csv", description = "The file.") String file,
            @Option(names = "--brand", paramLabel = "NAME", required = true,
                    description = "Whose owners complain.") String brand,
            @Option(names = "--association", paramLabel = "NAME", required = true,
                    description = "Who speaks for them.")
                    String association,
            @Option(names = "--mandate", paramLabel = "T", required = true,
                    description = "What shows that it may.") String mandate) {
        try (Reader csv = Files.newBufferedReader(terminal.folder().resolve(file), StandardCharsets.UTF_8)) {
            return caller.call(options, new Order.ComplaintImport(brand, association, mandate), csv,
                    new Shown(true, ComplaintCommands::entered, ComplaintCommands::imported));
        } catch (IOException e) {
            return unreadable(file);
        }
    }

    private int unreadable(String file) {
        terminal.err().println("casella: " + file + ": cannot be read");
        return Exit.USAGE;
    }

    @Command(name = "sort", description = "Say what a case is about, and which incident it belongs to.")
    int sort(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") String number,
            @Option(names = "--category", paramLabel = "C", required = true,
                    description = CATEGORY) String category,
            @Option(names = "--incident", paramLabel = "I", defaultValue = "0",
                    description = "The incident's number; 0 for none.")
                    long incident) {
        return caller.call(options, new Order.ComplaintSort(number(number), category, incident),
                Shown.facts(ComplaintCommands::line));
    }

    @Command(name = "answer", description = "Answer, or note what was answered by hand.")
    int answer(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") String number,
            @Option(names = "--way", paramLabel = "W", defaultValue = "mailbox",
                    description = WAY) String way,
            @Option(names = "--text", paramLabel = "T", required = true,
                    description = "What is said.") String text) {
        return caller.call(options, new Order.ComplaintAnswer(number(number), way, text),
                Shown.facts(ComplaintCommands::line));
    }

    @Command(name = "close", description = "Decide a case and tell it.")
    int close(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") String number,
            @Option(names = "--outcome", paramLabel = "O", required = true,
                    description = "upheld, partly-upheld, rejected or withdrawn.") String outcome,
            @Option(names = "--way", paramLabel = "W", defaultValue = "mailbox",
                    description = WAY) String way,
            @Option(names = "--text", paramLabel = "T", required = true,
                    description = "What is said.") String text) {
        return caller.call(options, new Order.ComplaintDecide(number(number), outcome, way, text),
                Shown.facts(ComplaintCommands::line));
    }

    @Command(name = "attach", description = "Add a file to a case: a scan, a receipt.")
    int attach(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") String number,
            @Parameters(paramLabel = "FILE", description = "At most 10 MiB.") String file,
            @Option(names = "--type", paramLabel = "T",
                    description = "Its media type (default: by the file's name).")
                    @Nullable String type) {
        Path path = terminal.folder().resolve(file);
        try {
            byte[] bytes = Files.readAllBytes(path);
            @Nullable String known = type == null ? Files.probeContentType(path) : type;
            var order = new Order.ComplaintAttach(number(number), String.valueOf(path.getFileName()),
                    known == null ? "application/octet-stream" : known);
            return caller.call(options, order, new StringReader(Base64.getEncoder().encodeToString(bytes)),
                    Shown.facts(ComplaintCommands::line));
        } catch (IOException e) {
            return unreadable(file);
        }
    }

    @Command(name = "file", description = "Write a case's file to disk; which there are, `show` says.")
    int file(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") String number,
            @Parameters(paramLabel = "STEP", description = "The number of the step that added it.") int step,
            @Parameters(paramLabel = "FILE",
                    description = "Where to write it; must not exist.") String file) {
        return caller.call(options, new Order.ComplaintFile(number(number), step), Shown.facts(facts -> {
            byte[] bytes = Base64.getDecoder().decode(Shown.text(facts, "content"));
            try {
                Files.write(terminal.folder().resolve(file), bytes, StandardOpenOption.CREATE_NEW);
                return "%s: %,d bytes".formatted(file, bytes.length);
            } catch (IOException e) {
                return file + ": could not be written: " + e.getMessage();
            }
        }));
    }

    private static String line(ObjectNode row) {
        String until = row.path("overdue").asBoolean() ? "OVERDUE since " : "until ";
        return "%s  %-8s  %-12s  %-11s  %s%s  %s".formatted(Shown.text(row, "number"),
                Shown.text(row, "state"),
                Shown.text(row, "category"), Shown.text(row, "channel"), until, day(row, "deadline"),
                        Shown.text(row, "name"));
    }

    private static String day(JsonNode row, String name) {
        String text = Shown.text(row, name);
        return text.length() < 10 ? text : text.substring(0, 10);
    }

    private static String figures(ObjectNode facts) {
        return "%s open, %s answered, %s closed; %s overdue, %s due within seven days".formatted(
                Shown.text(facts, "open"),
                Shown.text(facts, "answered"), Shown.text(facts, "closed"), Shown.text(facts, "overdue"),
                        Shown.text(facts, "dueSoon"));
    }

    private static String entered(ObjectNode row) {
        return row.has("refused") ? "line " + Shown.text(row, "line") + ": " + Shown.text(row, "refused")
                : line(row);
    }

    private static String imported(ObjectNode facts) {
        return Shown.text(facts, "entered") + " entered, " + Shown.text(facts, "refused") + " refused";
    }

    private static String whole(ObjectNode facts) {
        List<String> lines = new ArrayList<>();
        lines.add(line(facts));
        lines.add("  received %s, contact %s".formatted(Shown.text(facts, "received"),
                Shown.text(facts, "contact")));
        if (!Shown.text(facts, "protocol").isEmpty()) lines.add("  protocol " + Shown.text(facts,
                "protocol"));
        if (!Shown.text(facts, "association").isEmpty()) {
            lines.add("  by %s, mandate %s".formatted(Shown.text(facts, "association"),
                    Shown.text(facts, "mandate")));
        }
        if (!Shown.text(facts, "subject").isEmpty()) lines.add("  " + Shown.text(facts, "subject"));
        Shown.text(facts, "text").lines().forEach(text -> lines.add("    " + text));
        JsonNode away = facts.path("awayMillis");
        away.propertyNames().forEach(capability -> lines.add("  away during incident %s: %s %s".formatted(
                Shown.text(facts, "incident"), capability,
                        AvailabilityCommand.time(away.path(capability).asLong()))));
        for (JsonNode credit : facts.path("given")) {
            lines.add("  given for incident %s: %,d bytes, %s months%s".formatted(Shown.text(credit, "incident"),
                    credit.path("bytes").asLong(), Shown.text(credit, "months"),
                    Shown.text(credit, "ended").isEmpty() ? "" : ", taken back " + Shown.text(credit, "ended")));
        }
        for (JsonNode step : facts.path("steps")) {
            lines.add("  %3s  %s  %-10s %-12s %s".formatted(Shown.text(step, "number"),
                    Shown.text(step, "at"),
                    Shown.text(step, "by"), Shown.text(step, "what"), step(step)));
        }
        return String.join("\n", lines);
    }

    private static String step(JsonNode step) {
        return switch (Shown.text(step, "what")) {
            case "filed" -> Shown.text(step, "name") + ", " + Shown.text(step, "bytes") + " bytes";
            case "sorted" -> Shown.text(step, "category") + ", incident " + Shown.text(step, "incident");
            case "acknowledged" -> "by " + Shown.text(step, "way");
            case "decided" -> Shown.text(step, "outcome") + ", by " + Shown.text(step, "way") + ": "
                    + Shown.text(step, "text");
            case "said" -> "by " + Shown.text(step, "way") + ": " + Shown.text(step, "text");
            default -> Shown.text(step, "text");
        };
    }
}
