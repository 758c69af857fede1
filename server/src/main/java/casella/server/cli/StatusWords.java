package casella.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How a status and a diagnosis read.
///
/// @param coloured whether whoever reads sees colours
record StatusWords(boolean coloured) {
    private static final String RED = "31";
    private static final String YELLOW = "33";
    private static final String GREEN = "32";

    /// Returns the parts of a server with how each is, and below them what waits, is owed, is wrong, is paused.
    String status(ObjectNode facts) {
        String status = Shown.text(facts, "status");
        var out = new StringBuilder(in(colour(status), status));
        for (JsonNode part : facts.path("parts")) {
            String state = Shown.text(part, "state");
            String line = "\n  %-24s %s %s".formatted(
                    Shown.text(part, "name"), in(colour(state), "%-9s".formatted(state)), detail(part));
            out.append(line.stripTrailing());
        }
        service(facts, out);
        holes(facts.path("holes"), out);
        for (JsonNode paused : facts.path("paused")) {
            out.append("\n  ").append(in(YELLOW, "PAUSED")).append(": ").append(Shown.text(paused, "work"));
            out.append(", since ").append(Shown.text(paused,
                    "since")).append(" by ").append(Shown.text(paused, "by"));
            out.append("; casella automation resume ").append(Shown.text(paused, "work"));
        }
        for (JsonNode wrong : facts.path("wrong")) {
            String level = Shown.text(wrong, "level");
            out.append("\n  ").append(in(colour(level), level)).append(": ").append(Shown.text(wrong,
                    "title"));
            out.append(" (").append(Shown.text(wrong, "seen")).append("); casella doctor says what to do");
        }
        return out.toString();
    }

    private static String detail(JsonNode part) {
        var said = new ArrayList<String>();
        String detail = Shown.text(part, "detail");
        if (!detail.isEmpty()) said.add(detail);
        String since = Shown.text(part, "since");
        if (!since.isEmpty()) said.add("since " + since);
        JsonNode probe = part.path("probe");
        if (probe.has("p50Millis")) {
            said.add("probe %s ms, p99 %s ms".formatted(Shown.text(probe, "p50Millis"), Shown.text(probe,
                    "p99Millis")));
        }
        return String.join("; ", said);
    }

    private static void service(ObjectNode facts, StringBuilder out) {
        JsonNode service = facts.path("service");
        if (service.isMissingNode()) return;
        JsonNode debt = facts.path("debt");
        JsonNode queue = facts.path("queue");
        JsonNode archive = facts.path("archive");
        out.append("\n  served otherwise: %s from their journal, %s with folders closed; %s because of their own trouble"
                .formatted(Shown.text(service, "standby"), Shown.text(service, "continuation"),
                        Shown.text(service, "apart")));
        out.append("\n  copies owed: %s objects, the oldest for %s s".formatted(
                Shown.text(debt, "objects"), Shown.text(debt, "oldestSeconds")));
        out.append("\n  mail that waits: %s urgent, %s personal, %s bulk, the oldest for %s s".formatted(
                Shown.text(queue, "urgent"), Shown.text(queue, "personal"), Shown.text(queue, "bulk"),
                Shown.text(queue, "oldestSeconds")));
        out.append("\n  changes not in the vaults yet: %s bytes, the oldest for %s s".formatted(
                Shown.text(archive, "waitingBytes"), Shown.text(archive, "oldestSeconds")));
    }

    private static void holes(JsonNode holes, StringBuilder out) {
        if (holes.path("opened").asLong(0) == 0) return;
        String newest = Shown.text(holes, "newest");
        out.append("\n  holes: ").append(Shown.text(holes, "opened"));
        if (!newest.isEmpty()) out.append(", the newest ").append(newest);
        out.append("; possible duplicates: ").append(Shown.text(holes, "possibleDuplicates"));
        out.append("; casella verify --all says whose");
    }

    /// Returns each thing that is wrong with since when, what is seen, what the machine does, what to do.
    String diagnosis(ObjectNode facts) {
        var out = new StringBuilder();
        JsonNode findings = facts.path("findings");
        if (findings.isEmpty()) out.append(in(GREEN, "Nothing is wrong."));
        else out.append(findings.size() == 1 ? "One thing is wrong." : findings.size()
                + " things are wrong.");
        for (JsonNode finding : findings) {
            String level = Shown.text(finding, "level");
            out.append("\n\n%s  %s".formatted(in(colour(level), "%-8s".formatted(level)),
                    Shown.text(finding, "title")));
            out.append("\n  since    %s (%s)".formatted(
                    Shown.text(finding, "since"), DebtWords.span(finding.path("seconds").asLong())));
            out.append("\n  seen     ").append(Shown.text(finding, "seen"));
            out.append("\n  machine  ").append(Shown.text(finding, "machine"));
            out.append("\n  you      ").append(Shown.text(finding, "operator"));
            out.append("\n  page     ").append(Shown.text(finding, "runbook"));
        }
        JsonNode over = facts.path("over");
        if (!over.isEmpty()) out.append("\n\nOver:");
        for (JsonNode past : over) {
            Duration took = Duration.between(
                    Instant.parse(Shown.text(past, "since")), Instant.parse(Shown.text(past, "until")));
            out.append("\n  %s  %s, for %s".formatted(
                    Shown.text(past, "since"), Shown.text(past, "title"), DebtWords.span(took.toSeconds())));
        }
        return out.toString();
    }

    private static String colour(String word) {
        return switch (word) {
            case "whole", "notice" -> GREEN;
            case "gone", "critical" -> RED;
            default -> YELLOW;
        };
    }

    private String in(String colour, String text) {
        return coloured ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }
}
