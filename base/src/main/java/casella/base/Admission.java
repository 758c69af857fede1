package casella.base;

import java.time.Duration;

/// Whether an owner is let in now. Asked at each log-in, before the password costs anything; a session that is open is
/// never asked about again. Mail is always taken, whatever this says.
public interface Admission {
    /// Where somebody logs in. The words are those of the log and the metrics.
    enum Door {
        IMAP,
        POP3,
        SMTP,
        JMAP;

        /// Returns the door with that word, in lower case; what is unknown is taken for IMAP.
        public static Door of(String word) {
            for (Door door : values()) if (door.name().equalsIgnoreCase(word)) return door;
            return IMAP;
        }
    }

    /// What whoever asks is told.
    sealed interface Answer {
        /// Come in.
        record In() implements Answer {}

        /// Not yet.
        ///
        /// @param place how many are before, and one; 0 where that is not known
        /// @param estimate after how long it will be their turn if all goes on as it does now
        /// @param retry when to ask again: different for each, so that not all come back at once
        record NotYet(long place, Duration estimate, Duration retry) implements Answer {}
    }

    Answer.In IN = new Answer.In();

    /// Lets everybody in.
    Admission OPEN = new Admission() {
        @Override
        public Answer ask(AccountId account, Door door) {
            return IN;
        }

        @Override
        public boolean holds(AccountId account) {
            return false;
        }
    };

    /// Says whether `account` may log in now. May have a virtual thread wait for a moment, at most two seconds.
    Answer ask(AccountId account, Door door);

    /// Says whether mail for `account` waits in the queue until its turn comes. Never waits.
    boolean holds(AccountId account);
}
