package casella.base;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What owners are shown of their own account beside its mail: when what did not work, whose mail was not taken, what became of mail that
/// was. May wait, for seconds; what cannot be said now is a [Fault.Unavailable].
public interface OwnRecord {
    /// For how long what did not work, in milliseconds.
    ///
    /// @param mailbox log-in or reading, whichever of the two
    record Away(long logIn, long read, long receive, long send, long push, long mailbox) {}

    /// @param until exclusive
    record Time(Instant from, Instant until) {}

    /// What did not work in a time: that of an incident, or the last 90 days.
    ///
    /// @param id tells it from the others of the account
    /// @param incident 0 for the last 90 days
    /// @param italian what the incident was called; empty for the last 90 days
    /// @param english the same
    /// @param until null while the incident goes on
    /// @param mailbox when log-in or reading did not work, the newest, oldest first; at most 100
    record Absence(String id, long incident, String italian, String english, Instant from,
            @Nullable Instant until, Away away, List<Time> mailbox) {
        public Absence {
            mailbox = List.copyOf(mailbox);
        }
    }

    /// Somebody whose mail was not taken.
    ///
    /// @param sender empty for a delivery notice
    /// @param code that the sender was answered last; 0 where the connection broke
    /// @param reason likewise
    /// @param came when it came all the same; null where it has not
    record Attempt(String id, String sender, Instant first, Instant last, long tries, int code, String reason,
            @Nullable Instant came) {}

    /// Mails that came in a time.
    ///
    /// @param first when the first of them came; null where none did
    record Came(long mails, @Nullable Instant first, @Nullable Instant last) {}

    /// What became of all mail that was ever accepted.
    ///
    /// @param meanwhile by the ids of [Absence]: what came while its owner could not get at the mailbox
    /// @param statement the same, signed by this server: a JSON Web Signature as JSON; empty where it cannot be signed
    record Reckoned(Instant at, long accepted, long filed, long deleted, long pending, long lost,
            long unreachable, Map<String, Came> meanwhile, String statement) {
        public Reckoned {
            meanwhile = Map.copyOf(meanwhile);
        }
    }

    /// Returns the last 90 days, and the newest incidents of the account's brand, the newest first.
    List<Absence> absences(AccountId account);

    /// Returns who tried in the last 90 days, the newest first.
    List<Attempt> attempts(AccountId account);

    /// Counts, or returns what was counted a moment ago.
    Reckoned reckoned(AccountId account);

    /// Knows nothing.
    OwnRecord NONE = new OwnRecord() {
        @Override
        public List<Absence> absences(AccountId account) {
            return List.of();
        }

        @Override
        public List<Attempt> attempts(AccountId account) {
            return List.of();
        }

        @Override
        public Reckoned reckoned(AccountId account) {
            throw new Fault.Unavailable("Nothing is counted here", Map.of());
        }
    };
}
