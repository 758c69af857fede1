package casella.server.drill;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is said of a drill in words. It names no address but the one that was asked for.
public final class Report {
    /// What each number means, in the order in which they are shown.
    private static final String[][] MEANINGS = {
        {"darkMinutes", "minutes in which somebody could not read"},
        {"accepted", "test mails answered as kept"},
        {"refused", "test mails that were not taken"},
        {"lost", "accepted and not there afterwards"},
        {"duplicated", "there more than once"},
        {"identifiersChanged", "UIDs or UIDVALIDITYs that changed"},
        {"wrongBytesServed", "answers with other bytes than were stored"},
        {"timeToDialToneMillis", "longest wait for an answer while the fault was on, ms"},
        {"urgentNoticeMillis", "99 of 100 mails seen by an open client within, ms"},
        {"urgentNoticeMillisMax", "the slowest of them, ms"},
        {"accountsMeasured", "accounts that were read all the time"},
        {"reads", "reads"},
        {"readsFailed", "reads that failed"},
        {"lies", "wrong answers of the lying vault"},
        {"repaired", "copies repaired or found right again"},
        {"returnMillis", "from the end of the fault until all was as before, ms"},
    };

    private Report() {}

    /// Returns how it ended in one sentence.
    public static String verdict(JsonNode facts) {
        String aborted = facts.path("aborted").asString("");
        if (!aborted.isEmpty()) return "ABORTED: " + aborted;
        boolean passed = facts.path("passed").asBoolean(false);
        if (passed) return "PASSED: nothing lost, nobody in the dark, all as before";
        return facts.path("returned").asBoolean(false)
                ? "FAILED: the numbers below say what was wrong"
                : "FAILED: not everything was as before when the drill ended; casella status says what";
    }

    static String markdown(Findings findings) {
        ObjectNode facts = findings.json();
        var out = new StringBuilder();
        out.append("# Drill ").append(findings.drill());
        out.append("\n\n**").append(verdict(facts)).append("**\n\n");
        out.append("Begun ").append(findings.begun()).append(" by ").append(findings.by()).append(", cohort ")
                .append(findings.cohort()).append(", fault for ")
                .append(seconds(findings.faultUntil() - findings.faultFrom())).append(" of ")
                .append(findings.askedSeconds()).append(" s asked for.\n\n![Time line](plot.svg)\n\n");
        out.append("| what | | |\n| --- | --- | --- |\n");
        for (String[] meaning : MEANINGS) {
            JsonNode value = facts.path(meaning[0]);
            String text = value.isNull() || value.isMissingNode() ? "not measured" : value.asString("");
            out.append("| `%s` | %s | %s |\n".formatted(meaning[0], text, meaning[1]));
        }
        for (Measured.Check check : findings.checks()) {
            out.append("\n- ").append(check.held() ? "" : "**NOT SO:** ").append(check.what());
        }
        if (!findings.checks().isEmpty()) out.append('\n');
        out.append("\n## Time line\n\n");
        for (Measured.Moment moment : findings.moments()) {
            out.append("- ").append(seconds(moment.at())).append(": ").append(moment.what()).append('\n');
        }
        return out.toString();
    }

    public static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }

    /// Returns every look as CSV.
    static String samples(Findings findings) {
        return samples(findings.samples());
    }

    /// As above.
    public static String samples(List<Sample> samples) {
        var out = new StringBuilder("at_millis,took_millis,kind,account,result,place\n");
        for (Sample s : samples) {
            out.append("%d,%d,%s,%d,%s,%s\n".formatted(s.at(), s.took(), lower(s.kind()), s.account(),
                    lower(s.result()), lower(s.place())));
        }
        return out.toString();
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    /// Returns the numbers that a tired operator needs, a line each.
    public static String lines(JsonNode facts) {
        var out = new StringBuilder(verdict(facts));
        for (String[] meaning : MEANINGS) {
            JsonNode value = facts.path(meaning[0]);
            if (value.isNull() || value.isMissingNode()) continue;
            if (Map.of("lies", 1, "repaired", 1).containsKey(meaning[0]) && value.asLong(0) == 0) continue;
            out.append("\n  %9s  %s".formatted(value.asString(""), meaning[1]));
        }
        for (JsonNode check : facts.path("checks")) {
            String held = check.path("held").asBoolean(false) ? "yes" : "NO";
            out.append("\n  %9s  %s".formatted(held, check.path("what").asString("")));
        }
        return out.toString();
    }
}
