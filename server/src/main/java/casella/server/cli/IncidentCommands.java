package casella.server.cli;

import casella.server.control.BreachOrder;
import casella.server.control.DeskOrder;
import casella.server.control.IncidentOrder;
import casella.server.control.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella incident …`
@Command(
        name = "incident",
        description =
                "Say what is the matter: on the log-in page, in webmail and mail programs, on the status pages, and outside.",
        synopsisSubcommandLabel = "COMMAND")
final class IncidentCommands {
    private static final String ENGLISH = "The same in English (default: the Italian text).";
    private static final String PROOF =
            "The run that shows what the text assures: that nothing was lost, that nobody attacked.";
    private static final String UNPROVEN = "Say it although it assures what no run shows.";
    private static final String PREVIEW = "Show what would be said where; say nothing.";

    private final Terminal terminal;
    private final Caller caller;

    IncidentCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Command(name = "list", description = "List incidents, newest first, and what health proposes to open.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new IncidentOrder.IncidentList(),
                new Shown(true, IncidentCommands::line, IncidentCommands::proposals));
    }

    @Command(name = "show", description = "Show all that was done and said in an incident, by whom and when.")
    int show(@Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") long incident) {
        return caller.call(options, new IncidentOrder.IncidentShow(incident),
                Shown.facts(IncidentCommands::whole));
    }

    @Command(name = "open", description = {
        "Open an incident and tell everybody at once.",
        "Without --text something is said that is true of any incident. Given again, it opens no second one."
    })
    int open(
            @Mixin DataOptions options,
            @Option(names = "--title", paramLabel = "T", required = true,
                    description = "What is the matter, in Italian.") String title,
            @Option(names = "--title-en", paramLabel = "T",
                    description = ENGLISH) @Nullable String titleEnglish,
            @Option(names = "--severity", paramLabel = "S", required = true,
                    description = "minor, major or critical.")
                    String severity,
            @Option(names = "--brand", paramLabel = "all|NAME", required = true,
                    description = "Whom it concerns; may be repeated.")
                    List<String> brands,
            @Option(names = "--cohort", paramLabel = "C",
                    description = "Only accounts of this cohort (staff, slice-07); may be repeated.")
                    @Nullable List<String> cohorts,
            @Option(names = "--door", paramLabel = "D",
                    description = "Only who comes by imap, pop3, smtp or web; may be repeated.")
                    @Nullable List<String> doors,
            @Option(names = "--app", paramLabel = "A",
                    description =
                            "Only who uses this program, as it names itself (Thunderbird); may be repeated.")
                    @Nullable List<String> apps,
            @Option(names = "--text", paramLabel = "T",
                    description = "What is said first, in Italian.") @Nullable String text,
            @Option(names = "--text-en", paramLabel = "T", description = ENGLISH) @Nullable String english,
            @Option(names = "--proof", paramLabel = "RUN", description = PROOF) @Nullable String proof,
            @Option(names = "--unproven", description = UNPROVEN) boolean unproven,
            @Option(names = "--proposal", paramLabel = "P",
                    description = "What health proposed: its evidence is kept with it.")
                    @Nullable String proposal,
            @Option(names = "--preview", description = PREVIEW) boolean preview) {
        List<String> some = brands.contains("all") ? List.of() : brands;
        return caller.call(options, new IncidentOrder.IncidentOpen(new IncidentOrder.Text(title,
                titleEnglish), severity,
                some, cohorts, doors, apps,
                text(text, english), proof, unproven, proposal, preview),
                        Shown.facts(IncidentCommands::said));
    }

    @Command(name = "update",
            description =
                    "Say more of an incident: how far it is, when it is expected to be over, its cause.")
    int update(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") long incident,
            @Option(names = "--state", paramLabel = "S",
                    description = "investigating, identified, restoring or monitoring.")
                    @Nullable String state,
            @Option(names = "--text", paramLabel = "T",
                    description = "What is said, in Italian.") @Nullable String text,
            @Option(names = "--text-en", paramLabel = "T", description = ENGLISH) @Nullable String english,
            @Option(names = "--proof", paramLabel = "RUN", description = PROOF) @Nullable String proof,
            @Option(names = "--unproven", description = UNPROVEN) boolean unproven,
            @Option(names = "--back", paramLabel = "TIME",
                    description =
                            "When it is expected to be over, 2027-01-31T09:30:00+01:00; none takes it back.")
                    @Nullable String back,
            @Option(names = "--confidence", paramLabel = "C", description = "Of that: low, medium or high.")
                    @Nullable String confidence,
            @Option(names = "--cause", paramLabel = "C",
                    description = "internal, attack or unknown.") @Nullable String cause,
            @Option(names = "--evidence", paramLabel = "E",
                    description = "What shows the cause.") @Nullable String evidence,
            @Option(names = "--preview", description = PREVIEW) boolean preview) {
        return caller.call(options, new IncidentOrder.IncidentUpdate(incident, state, text(text, english),
                proof,
                unproven, back,
                confidence, cause, evidence, preview), Shown.facts(IncidentCommands::said));
    }

    @Command(name = "resolve", description = "Say that an incident is over.")
    int resolve(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") long incident,
            @Option(names = "--text", paramLabel = "T",
                    description = "What is said, in Italian.") @Nullable String text,
            @Option(names = "--text-en", paramLabel = "T", description = ENGLISH) @Nullable String english,
            @Option(names = "--proof", paramLabel = "RUN", description = PROOF) @Nullable String proof,
            @Option(names = "--unproven", description = UNPROVEN) boolean unproven,
            @Option(names = "--preview", description = PREVIEW) boolean preview) {
        return caller.call(options, new IncidentOrder.IncidentUpdate(incident, "resolved", text(text,
                english),
                proof, unproven, null, null,
                null, null, preview), Shown.facts(IncidentCommands::said));
    }

    @Command(name = "report", description = {
        "Write what a communications regulator asks of an incident into a ZIP file: availability by brand and plan, what was done and",
        "said when, and what was measured while vaults came into the place of others. There is no personal data in it."
    })
    int report(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "Its number.") long incident,
            @Option(names = "--to", required = true, paramLabel = "FILE", description =
                    "A new file.") Path to) {
        String file = terminal.folder().resolve(to).toAbsolutePath().normalize().toString();
        return caller.call(options, new BreachOrder.IncidentReport(incident, file),
                Shown.facts(facts -> "written to " + Shown.text(facts, "to")));
    }

    @Command(name = "postmortem", description = {
        "Publish what was learned of an incident that is over, as its page on the status site.",
        "A file begins with '# Title'; '## ' begins a heading, '- ' an item; all else is paragraphs, and stays text. Given again with other",
        "words it is a new version; the older ones stay readable. A language that is not given stays as it was."
    })
    int postMortem(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "The incident's number.") long incident,
            @Option(names = "--file", paramLabel = "FILE", description =
                    "The text in Italian.") @Nullable String file,
            @Option(names = "--file-en", paramLabel = "FILE", description = "The same in English.")
                    @Nullable String english,
            @Option(names = "--proof", paramLabel = "RUN", description = PROOF) @Nullable String proof,
            @Option(names = "--unproven", description = UNPROVEN) boolean unproven,
            @Option(names = "--preview", description = "Look whether it may be published; publish nothing.")
                    boolean preview) {
        if (file == null && english == null) {
            terminal.err().println("casella: incident postmortem: say --file, --file-en or both");
            return Exit.USAGE;
        }
        try {
            var order = new DeskOrder.PostMortem(incident, read(file), read(english), proof, unproven,
                    preview);
            return caller.call(options, order, Shown.facts(IncidentCommands::published));
        } catch (IOException e) {
            terminal.err().println("casella: " + e.getMessage() + ": cannot be read as UTF-8 text");
            return Exit.USAGE;
        }
    }

    private @Nullable String read(@Nullable String file) throws IOException {
        if (file == null) return null;
        try {
            return Files.readString(terminal.folder().resolve(file));
        } catch (IOException e) {
            throw new IOException(file, e);
        }
    }

    private static String published(ObjectNode facts) {
        String pages = "it: %s (%s bytes)%nen: %s (%s bytes)".formatted(Shown.text(facts, "titleOfIt"),
                Shown.text(facts, "bytesIt"), Shown.text(facts, "titleOfEn"), Shown.text(facts, "bytesEn"));
        return facts.path("preview").asBoolean() ? pages + "\nthis would be published; nothing was"
                : pages + "\nversion %s is at /status/it/incident-%s-post-mortem.html".formatted(
                        Shown.text(facts, "postMortems"), Shown.text(facts, "incident"));
    }

    @Command(name = "answer",
            description = "Answer a question of owners; again under its key, it is the new answer.")
    int answer(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "N", description = "The incident's number.") long incident,
            @Option(names = "--key", paramLabel = "K", required = true,
                    description = "The question's name: lost-mail.") String key,
            @Option(names = "--brand", paramLabel = "NAME",
                    description = "Whose owners read it (default: all).")
                    @Nullable String brand,
            @Option(names = "--question", paramLabel = "T", required = true,
                    description = "In Italian.") String question,
            @Option(names = "--question-en", paramLabel = "T",
                    description = ENGLISH) @Nullable String questionEnglish,
            @Option(names = "--answer", paramLabel = "T", required = true,
                    description = "In Italian.") String answer,
            @Option(names = "--answer-en", paramLabel = "T",
                    description = ENGLISH) @Nullable String answerEnglish) {
        return caller.call(options,
                new IncidentOrder.IncidentAnswer(incident, key, brand, new IncidentOrder.Text(question,
                        questionEnglish),
                new IncidentOrder.Text(answer, answerEnglish)), Shown.facts(IncidentCommands::said));
    }

    private static IncidentOrder.@Nullable Text text(@Nullable String italian, @Nullable String english) {
        if (italian == null) return english == null ? null : new IncidentOrder.Text(english, english);
        return new IncidentOrder.Text(italian, english);
    }

    private static String line(ObjectNode row) {
        String brands = row.path("brands").isEmpty() ? "all brands"
                : String.join(", ", texts(row.path("brands")));
        brands += part(row.path("part"));
        String line = "%4s  %-8s  %-13s  %s  %s  (%s)".formatted(Shown.text(row, "incident"),
                Shown.text(row, "severity"),
                Shown.text(row, "state"), Shown.text(row, "opened"), Shown.text(row, "titleEn"), brands);
        return line + failed(row);
    }

    private static String part(JsonNode part) {
        var only = new ArrayList<String>();
        only.addAll(texts(part.path("cohorts")));
        only.addAll(texts(part.path("doors")));
        only.addAll(texts(part.path("apps")));
        return only.isEmpty() ? "" : "; only " + String.join(", ", only);
    }

    /// How many, in which cohorts, and what they use.
    private static String counted(JsonNode entry) {
        String text = "%s accounts, %s with less than always".formatted(
                Shown.text(entry, "accounts"), Shown.text(entry, "reduced"));
        if (!entry.path("cohorts").isEmpty()) text += " (" + String.join(", ", texts(entry.path("cohorts")))
                + ")";
        if (!entry.path("apps").isEmpty()) text += "; they use " + String.join(", ",
                texts(entry.path("apps")));
        return text;
    }

    private static String failed(ObjectNode row) {
        var lines = new StringBuilder();
        JsonNode failed = row.path("failed");
        failed.propertyNames().forEach(channel -> lines.append("\n      NOT PUBLISHED by ").append(channel)
                .append(": ")
                .append(failed.path(channel).asString("")).append("; tried again every minute"));
        return lines.toString();
    }

    private static String proposals(ObjectNode facts) {
        var lines = new ArrayList<String>();
        for (JsonNode one : facts.path("proposals")) {
            lines.add("health proposes: %s, since %s: %s%n  casella incident open --proposal %s --severity %s --brand all --title …".formatted(
                    Shown.text(one, "title"), Shown.text(one, "since"), Shown.text(one, "evidence"),
                    Shown.text(one, "proposal"), Shown.text(one, "severity")));
        }
        return String.join("\n", lines);
    }

    private static String said(ObjectNode facts) {
        if (facts.path("preview").asBoolean(false)) {
            var lines = new ArrayList<String>();
            lines.add("this would be said; nothing was");
            for (JsonNode entry : facts.path("entries")) {
                if (Shown.text(entry, "what").equals("counted")) lines.add("it concerns " + counted(entry));
            }
            for (JsonNode line : facts.path("lines")) {
                lines.add(Shown.text(line, "brand") + "  it  " + Shown.text(line, "it"));
                lines.add(Shown.text(line, "brand") + "  en  " + Shown.text(line, "en"));
            }
            lines.add("by: " + String.join(", ", texts(facts.path("channels"))));
            return String.join("\n", lines);
        }
        return "incident %s is %s: %s%s".formatted(Shown.text(facts, "incident"), Shown.text(facts, "state"),
                Shown.text(facts, "titleEn"), failed(facts));
    }

    private static String whole(ObjectNode facts) {
        var lines = new ArrayList<String>();
        lines.add(line(facts));
        if (!Shown.text(facts, "evidence").isEmpty()) lines.add("      evidence: " + Shown.text(facts,
                "evidence"));
        for (JsonNode entry : facts.path("entries")) {
            lines.add("  %3s  %s  %-10s %-9s  %s".formatted(Shown.text(entry, "number"),
                    Shown.text(entry, "at"), Shown.text(entry, "by"),
                    Shown.text(entry, "what"), entry(entry)));
        }
        return String.join("\n", lines);
    }

    private static String entry(JsonNode entry) {
        return switch (Shown.text(entry, "what")) {
            case "told" -> Shown.text(entry, "state") + ": " + Shown.text(entry, "en")
                    + (Shown.text(entry, "proof").isEmpty() ? ""
                            : " (proof: " + Shown.text(entry, "proof") + ")");
            case "estimated" -> Shown.text(entry, "back").isEmpty() ? "no estimate any more"
                    : "back at " + Shown.text(entry, "back") + ", confidence " + Shown.text(entry,
                            "confidence");
            case "caused" -> Shown.text(entry, "cause") + ": " + Shown.text(entry, "evidence");
            case "counted" -> counted(entry);
            case "published" -> Shown.text(entry, "channel") + (Shown.text(entry, "why").isEmpty() ? ""
                    : " FAILED: " + Shown.text(entry, "why"));
            case "post-mortem" -> Shown.text(entry, "en").lines().findFirst().orElse("");
            default -> Shown.text(entry, "en");
        };
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(one -> texts.add(one.asString("")));
        return texts;
    }
}
