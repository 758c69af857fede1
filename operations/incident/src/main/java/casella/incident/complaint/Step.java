package casella.incident.complaint;

import casella.incident.complaint.Complaint.Category;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// One thing that was done or said in a case. Never changed and never removed.
///
/// @param number 1 for the first of its case
/// @param by who did it
public record Step(int number, Instant at, String by, What what) {
    /// What was done.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "what")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Acknowledged.class, name = "acknowledged"),
        @JsonSubTypes.Type(value = Heard.class, name = "heard"),
        @JsonSubTypes.Type(value = Said.class, name = "said"),
        @JsonSubTypes.Type(value = Filed.class, name = "filed"),
        @JsonSubTypes.Type(value = Sorted.class, name = "sorted"),
        @JsonSubTypes.Type(value = Decided.class, name = "decided"),
    })
    public sealed interface What {}

    /// How words reach who complains.
    public enum Way {
        /// A signed message in the mailbox it is about.
        MAILBOX,
        /// By hand, outside of here: whoever writes the step says so.
        MAIL,
        PEC,
        LETTER,
        TELEPHONE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static Way of(String word) {
            for (Way one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException("way: must be mailbox, mail, pec, letter or telephone");
        }
    }

    /// They were told that it came, and its number.
    public record Acknowledged(Way way) implements What {}

    /// They said more.
    ///
    /// @param key what tells it from all others, where it came by mail; empty where it did not
    public record Heard(String text, String key) implements What {
        public Heard {
            text = Complaint.text("text", text);
        }
    }

    /// We answered.
    public record Said(Way way, String text) implements What {
        public Said {
            text = Complaint.text("text", text);
        }
    }

    /// A file was added: a scan, a receipt.
    ///
    /// @param type a media type
    /// @param bytes how long it is
    public record Filed(String name, String type, long bytes, String sha256) implements What {}

    /// Somebody looked what it is about.
    ///
    /// @param incident 0 for none
    public record Sorted(Category category, long incident) implements What {}

    /// Returns what was said to who complains; empty where nothing was.
    public static Optional<String> text(What what) {
        return switch (what) {
            case Said said -> Optional.of(said.text());
            case Decided decided -> Optional.of(decided.text());
            case Acknowledged _, Heard _, Filed _, Sorted _ -> Optional.empty();
        };
    }

    /// Says whether it goes to the mailbox as a message of the brand.
    static boolean letter(What what) {
        return switch (what) {
            case Said said -> said.way() == Way.MAILBOX;
            case Decided decided -> decided.way() == Way.MAILBOX;
            case Acknowledged _, Heard _, Filed _, Sorted _ -> false;
        };
    }

    /// What it came to.
    public enum Outcome {
        UPHELD,
        PARTLY_UPHELD,
        REJECTED,
        WITHDRAWN;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static Outcome of(String word) {
            for (Outcome one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException(
                    "outcome: must be upheld, partly-upheld, rejected or withdrawn");
        }
    }

    /// It was decided, with what was said of it.
    public record Decided(Outcome outcome, Way way, String text) implements What {
        public Decided {
            text = Complaint.text("text", text);
        }
    }
}
