package casella.incident;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing that was done or said in an incident. Never changed and never removed: what was said, and when, stays.
///
/// @param number 1 for the first of its incident
/// @param by the operator who did it
public record Entry(int number, Instant at, String by, What what) {
    public static final int BY_MAX = 100;

    public Entry {
        if (by.isBlank()
                || by.length() > BY_MAX) throw new IllegalArgumentException(
                "by: must be 1 to 100 characters");
    }

    /// How bad it is for those it concerns.
    public enum Severity {
        /// Something is slow, or missing, that one can do without.
        MINOR,
        /// Something does not work for many.
        MAJOR,
        /// Most cannot work.
        CRITICAL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static Severity of(String word) {
            for (Severity one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException("severity: must be minor, major or critical");
        }
    }

    /// How far it is.
    public enum State {
        INVESTIGATING,
        IDENTIFIED,
        RESTORING,
        MONITORING,
        RESOLVED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static State of(String word) {
            for (State one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException(
                    "state: must be investigating, identified, restoring or monitoring");
        }
    }

    /// How sure an estimate is.
    public enum Confidence {
        LOW,
        MEDIUM,
        HIGH;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static Confidence of(String word) {
            for (Confidence one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException("confidence: must be low, medium or high");
        }
    }

    /// Where it comes from.
    public enum Cause {
        UNKNOWN,
        INTERNAL,
        ATTACK;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static Cause of(String word) {
            for (Cause one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException("cause: must be internal, attack or unknown");
        }
    }

    /// What was done or said.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "what")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Opened.class, name = "opened"),
        @JsonSubTypes.Type(value = Told.class, name = "told"),
        @JsonSubTypes.Type(value = Estimated.class, name = "estimated"),
        @JsonSubTypes.Type(value = Caused.class, name = "caused"),
        @JsonSubTypes.Type(value = Counted.class, name = "counted"),
        @JsonSubTypes.Type(value = Answered.class, name = "answered"),
        @JsonSubTypes.Type(value = Published.class, name = "published"),
        @JsonSubTypes.Type(value = PostMortem.class, name = "post-mortem"),
    })
    public sealed interface What {}

    /// @param brands whose owners it concerns; empty for all
    /// @param evidence what health saw when it proposed it; empty where an operator opened it by himself
    /// @param part which of those owners; null for all of them
    public record Opened(Words title, Severity severity, List<String> brands,
            String evidence, @Nullable Part part) implements What {
        public Opened {
            brands = List.copyOf(brands);
            if (part != null && part.equals(Part.ALL)) part = null;
            if (title.italian().length() > 120 || title.english().length() > 120) {
                throw new IllegalArgumentException("title: must be at most 120 characters");
            }
            if (brands.size() > 100) throw new IllegalArgumentException("brand: must be at most 100");
        }

        /// Of all owners of its brands.
        public Opened(Words title, Severity severity, List<String> brands, String evidence) {
            this(title, severity, brands, evidence, null);
        }
    }

    /// A notice. With [State#RESOLVED] it is over.
    ///
    /// @param proof the run that shows what the text assures; empty where it assures nothing, or does so without
    public record Told(State state, Words text, String proof) implements What {}

    /// @param back when it is expected to be over; null where what was expected no longer is
    public record Estimated(@Nullable Instant back, Confidence confidence) implements What {}

    /// @param evidence what shows it
    public record Caused(Cause cause, String evidence) implements What {}

    /// Whom it concerns, as it was counted then.
    ///
    /// @param accounts of the brands and cohorts it concerns; -1 where nobody could say
    /// @param reduced those of them that had less than always
    /// @param doors what did not work as always: `imap`, `pop3`, `jmap`, `smtp`, `webmail`
    /// @param apps the client programs that the owners concerned use most, most first, with their share: `Thunderbird 31 %`
    /// @param cohorts where the reduced ones are, most first; empty where there are none, or they are everywhere
    public record Counted(long accounts, long reduced, List<String> doors,
            List<String> apps, List<String> cohorts) implements What {
        public Counted {
            doors = List.copyOf(doors);
            apps = List.copyOf(apps);
            cohorts = cohorts == null ? List.of() : List.copyOf(cohorts);
        }
    }

    /// A question with its answer; given again under the same key it is a new version.
    ///
    /// @param key 1 to 40 of `a-z 0-9 -`
    /// @param brand whose owners read it; empty for all
    public record Answered(String key, String brand, Words question, Words answer) implements What {
        public Answered {
            if (!key.matches("[a-z0-9-]{1,40}")) throw new IllegalArgumentException(
                    "key: must be 1 to 40 of a-z 0-9 -");
        }
    }

    /// What became of a notice on one channel.
    ///
    /// @param of the number of the entry that was published
    /// @param why empty where it was taken
    public record Published(int of, String channel, String why) implements What {}

    /// What was learned of it, when it was over; said again it is a new version. Texts as [Article] reads them.
    ///
    /// @param proof the run that shows what the text assures; empty where it assures nothing, or does so without
    public record PostMortem(String italian, String english, String proof) implements What {
        public PostMortem {
            Article.of(italian);
            Article.of(english);
            if (proof.length() > Words.CHARACTERS_MAX) {
                throw new IllegalArgumentException("proof: must be at most " + Words.CHARACTERS_MAX
                        + " characters");
            }
        }

        /// Returns it for a BCP 47 tag, as [Words#in] does.
        public Article in(String language) {
            return Article.of(language.startsWith("it") ? italian : english);
        }
    }
}
