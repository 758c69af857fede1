package casella.base;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A thing that went wrong and is not an answer to the caller's request.
///
/// The message is a constant sentence; what varies goes in [#facts()], so that logs group by message.
/// There are three kinds and no fourth: the protocol edges turn each into one reply.
public abstract sealed class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Map<String, Object> facts;

    private Fault(String sentence, Map<String, Object> facts, @Nullable Throwable cause) {
        super(sentence, cause);
        this.facts = Map.copyOf(facts);
    }

    /// Returns the names and values that vary, never a password and never message content.
    public Map<String, Object> facts() {
        return facts;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message stays constant, so that logs group by it
    public String toString() {
        return getClass().getSimpleName() + ": " + getMessage() + " " + facts;
    }

    /// Something we depend on did not answer in time. Trying again later may work; what was asked may have happened.
    public static final class Unavailable extends Fault {
        private static final long serialVersionUID = 1L;

        public Unavailable(String sentence, Map<String, Object> facts, @Nullable Throwable cause) {
            super(sentence, facts, cause);
        }

        public Unavailable(String sentence, Map<String, Object> facts) {
            super(sentence, facts, null);
        }
    }

    /// Stored bytes break an invariant. Never retried, never guessed around.
    public static final class Corrupt extends Fault {
        private static final long serialVersionUID = 1L;

        public Corrupt(String sentence, Map<String, Object> facts, @Nullable Throwable cause) {
            super(sentence, facts, cause);
        }

        public Corrupt(String sentence, Map<String, Object> facts) {
            super(sentence, facts, null);
        }
    }

    /// A limit we set was reached.
    public static final class Exhausted extends Fault {
        private static final long serialVersionUID = 1L;

        public Exhausted(String sentence, Map<String, Object> facts) {
            super(sentence, facts, null);
        }
    }
}
