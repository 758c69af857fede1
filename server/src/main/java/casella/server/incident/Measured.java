package casella.server.incident;

import casella.incident.status.Component;
import casella.incident.status.Component.Condition;
import casella.server.health.Doctor;
import casella.server.health.Symptom;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What the doctor's findings mean for people: which of the things they do with a mailbox does not work as always, and by which door
/// they notice.
final class Measured {
    private Measured() {}

    /// Returns how each thing is; what is not in it works.
    static Map<Component, Condition> of(List<Doctor.Finding> findings) {
        Map<Component, Condition> now = new EnumMap<>(Component.class);
        for (Doctor.Finding finding : findings) {
            Condition condition = condition(finding.symptom());
            for (Component one : touched(finding.symptom())) {
                now.merge(one, condition, (a, b) -> a.compareTo(b) >= 0 ? a : b);
            }
        }
        return now;
    }

    /// Returns the doors at which it is noticed: `imap`, `jmap`, `pop3`, `smtp`, `webmail`.
    static List<String> doors(List<Doctor.Finding> findings) {
        Set<String> doors = new TreeSet<>();
        for (Doctor.Finding finding : findings) {
            for (Component one : touched(finding.symptom())) {
                doors.addAll(switch (one) {
                    case LOG_IN -> List.of("imap", "jmap", "pop3", "smtp", "webmail");
                    case READING -> List.of("imap", "jmap", "pop3", "webmail");
                    case RECEIVING, SENDING -> List.of("smtp");
                    case WEBMAIL -> List.of("jmap", "webmail");
                });
            }
        }
        return List.copyOf(doors);
    }

    private static Set<Component> touched(Symptom symptom) {
        return switch (symptom) {
            case LOG_IN, LOG_IN_STORM, REOPENING, REOPEN_HALTED -> EnumSet.of(Component.LOG_IN);
            case FOLDERS_CLOSED, MAIL_LOST, COUNTED_LOST, ACCOUNTS_SET_ASIDE -> EnumSet.of(Component.READING);
            case MAIL_REFUSED -> EnumSet.of(Component.RECEIVING, Component.SENDING);
            case URGENT_LATE -> EnumSet.of(Component.RECEIVING);
            // What operators have to see to, and owners do not notice.
            case DEBT_GROWING, TAIL_UNARCHIVED, DISK_FULL, CERTIFICATE, PART_GONE, DIRECTORY,
                    ACCOUNTS_APART, COLLECTOR_ASKS,
                    LADDER_HALTED, PAUSED, STANDBY, BREACH_DUE,
                    COMPLAINTS_LATE, MAIL_UNSCANNED -> EnumSet.noneOf(Component.class);
        };
    }

    private static Condition condition(Symptom symptom) {
        return switch (symptom) {
            case LOG_IN, REOPENING, REOPEN_HALTED, MAIL_LOST, COUNTED_LOST, FOLDERS_CLOSED,
                    ACCOUNTS_SET_ASIDE ->
                    Condition.PARTIAL;
            case MAIL_REFUSED -> Condition.OUTAGE;
            case LOG_IN_STORM, URGENT_LATE, DEBT_GROWING, TAIL_UNARCHIVED, DISK_FULL, CERTIFICATE,
                    PART_GONE, DIRECTORY,
                    ACCOUNTS_APART, COLLECTOR_ASKS, LADDER_HALTED, PAUSED, STANDBY, BREACH_DUE,
                    COMPLAINTS_LATE, MAIL_UNSCANNED -> Condition.DEGRADED;
        };
    }
}
