package casella.server.alert;

import casella.server.health.Doctor;
import casella.server.health.Symptom;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Something an operator is told.
///
/// @param id the symptom's id; `test` for none
/// @param level the symptom's word
/// @param seen what is seen of it; empty when it is over
/// @param until when it was over; null while it lasts
/// @param runbook the page with the commands to copy, from the project's root
record Alert(
        State state,
        String id,
        String level,
        String title,
        String seen,
        String machine,
        String operator,
        Instant since,
        @Nullable Instant until,
        String runbook) {
    enum State {
        BEGAN,
        LASTS,
        OVER,
        TEST;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Alert of(Doctor.Finding finding, State state) {
        Symptom symptom = finding.symptom();
        return new Alert(state, symptom.id(), symptom.level().word(), symptom.title(), finding.seen(),
                symptom.machine(), symptom.operator(), finding.since(), null, symptom.runbook());
    }

    static Alert over(Doctor.Past past) {
        Symptom symptom = past.symptom();
        return new Alert(State.OVER, symptom.id(), symptom.level().word(), symptom.title(), "",
                "Nothing any more.", "Nothing.", past.since(), past.until(), symptom.runbook());
    }

    static Alert test(Instant now) {
        return new Alert(State.TEST, "test", "notice", "This is a test", "somebody ordered it", "Nothing.",
                "Nothing: alerts come through.", now, now, "docs/operations/runbooks/README.md");
    }

    /// Returns one line that says it all, of printable ASCII.
    String line(String server) {
        String what = switch (state) {
            case BEGAN -> level.toUpperCase(Locale.ROOT) + ": " + title;
            case LASTS -> "still " + level.toUpperCase(Locale.ROOT) + ": " + title;
            case OVER -> "over: " + title;
            case TEST -> "test: " + title;
        };
        return ("[" + server + "] " + what).replaceAll("[^ -~]", "?");
    }

    /// Returns it as an operator reads it.
    String text() {
        var out = new StringBuilder(title).append("\n\nsince:   ").append(since);
        if (until != null && state == State.OVER) out.append("\nuntil:   ").append(until);
        if (!seen.isEmpty()) out.append("\nseen:    ").append(seen);
        out.append("\nmachine: ").append(machine);
        out.append("\nyou:     ").append(operator);
        out.append("\npage:    ").append(runbook);
        return out.append("\n\ncasella doctor says how it is now.\n").toString();
    }
}
