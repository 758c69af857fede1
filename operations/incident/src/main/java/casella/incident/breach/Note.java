package casella.incident.breach;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing that was noted of a breach. Never changed and never removed.
///
/// @param number 1 for the first of its breach
/// @param by the operator who noted it
public record Note(int number, Instant at, String by, What what) {
    public static final int BY_MAX = 100;

    public Note {
        if (by.isBlank() || by.length() > BY_MAX) throw new IllegalArgumentException("by: must be 1 to 100 characters");
    }

    /// What was noted.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "what")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Opened.class, name = "opened"),
        @JsonSubTypes.Type(value = Drafted.class, name = "drafted"),
        @JsonSubTypes.Type(value = Decided.class, name = "decided"),
        @JsonSubTypes.Type(value = Notified.class, name = "notified"),
        @JsonSubTypes.Type(value = Communicated.class, name = "communicated"),
    })
    public sealed interface What {}

    /// It was put into the register.
    ///
    /// @param incident the incident it comes from; null for none
    /// @param aware when the controller became aware: the 72 hours run from then (Art. 33(1))
    /// @param awareBy who became aware
    public record Opened(@Nullable Long incident, String title, Instant aware,
            String awareBy) implements What {
        public Opened {
            title = text("title", title, 1, 200);
            awareBy = text("aware-by", awareBy, 1, 200);
        }
    }

    /// What is known of it so far, whole: each is a version, and the one before stays (Art. 33(4)).
    public record Drafted(Draft draft) implements What {}

    /// Whether the authority is notified.
    public enum Decision {
        /// It is notified (Art. 33(1)).
        NOTIFY,
        /// A risk to people is unlikely; the reasons are documented (Art. 33(1), Art. 33(5)).
        DO_NOT_NOTIFY;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public record Decided(Decision decision, String reasons) implements What {
        public Decided {
            reasons = text("reasons", reasons, 1, Draft.TEXT_MAX);
        }
    }

    /// The authority was notified: at first, or of a further phase.
    ///
    /// @param sent when
    /// @param reference the authority's own, empty before it gave one
    /// @param version which draft was sent
    public record Notified(Instant sent, String authority, String reference, int version) implements What {
        public Notified {
            authority = text("authority", authority, 1, 200);
            reference = text("reference", reference, 0, 200);
        }
    }

    /// The people concerned were told (Art. 34(1)), or it was decided that they need not be (Art. 34(3)).
    ///
    /// @param told when; null where they are not told
    /// @param how by what, or why not
    public record Communicated(@Nullable Instant told, String how) implements What {
        public Communicated {
            how = text("people-how", how, 1, Draft.TEXT_MAX);
        }
    }

    static String text(String name, String text, int least, int most) {
        String stripped = text.strip().replace("\r\n", "\n");
        if (stripped.length() < least || stripped.length() > most) {
            throw new IllegalArgumentException(name + ": must be " + least + " to " + most + " characters");
        }
        if (stripped.chars().anyMatch(c -> c != '\n' && Character.isISOControl(c))) {
            throw new IllegalArgumentException(name + ": must have no control characters");
        }
        return stripped;
    }
}
