package casella.imap;

import casella.base.ArrivalId;
import casella.base.ThreadId;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One condition of SEARCH. RFC 9051 §6.4.4, RFC 3501 §6.4.4.
sealed interface SearchKey {
    /// Which day of a message a date key looks at.
    enum Day {
        /// The day it was received, as INTERNALDATE says it (in UTC).
        INTERNAL,
        /// The day its Date field says, in the zone it says.
        SENT,
        /// The day it was put into this mailbox. RFC 8514 §4.3.
        SAVED
    }

    record All() implements SearchKey {}

    /// No message: what RECENT and NEW find, since we never set \Recent.
    record None() implements SearchKey {}

    /// @param flag `\Seen` or a keyword
    record HasFlag(String flag) implements SearchKey {}

    record And(List<SearchKey> keys) implements SearchKey {}

    record Or(SearchKey left, SearchKey right) implements SearchKey {}

    record Not(SearchKey key) implements SearchKey {}

    record Numbers(SequenceSet set) implements SearchKey {}

    record Uids(SequenceSet set) implements SearchKey {}

    /// @param from first day, null for the beginning of time
    /// @param until the day after the last, null for the end
    record Between(Day day, @Nullable LocalDate from, @Nullable LocalDate until) implements SearchKey {}

    /// @param seconds younger than this when `younger`, else this old or older. RFC 5032 §2
    record Age(long seconds, boolean younger) implements SearchKey {}

    record Larger(long bytes) implements SearchKey {}

    record Smaller(long bytes) implements SearchKey {}

    /// @param field name of the header field
    /// @param text what its decoded value must contain; empty: the field must be there
    record Header(String field, String text) implements SearchKey {}

    /// @param text somewhere in the text of the body
    record Body(String text) implements SearchKey {}

    /// @param text somewhere in header or body
    record Text(String text) implements SearchKey {}

    /// RFC 7162 §3.1.5.
    record ModSeq(long atLeast) implements SearchKey {}

    /// @param id null for what is no id of ours: finds nothing. RFC 8474 §7
    record EmailId(@Nullable ArrivalId id) implements SearchKey {}

    /// @param id null for what is no id of ours: finds nothing. RFC 8474 §7
    record InThread(@Nullable ThreadId id) implements SearchKey {}

    /// Whether messages can be put into a mailbox with a save date: always. RFC 8514 §4.3.
    record SaveDateSupported() implements SearchKey {}

    /// Says whether answering needs bytes of the message, not the row and the summary alone.
    default boolean needsBody() {
        return switch (this) {
            case And a -> a.keys.stream().anyMatch(SearchKey::needsBody);
            case Or o -> o.left.needsBody() || o.right.needsBody();
            case Not n -> n.key.needsBody();
            case Header _, Body _, Text _ -> true;
            case All _, None _, HasFlag _, Numbers _, Uids _, Between _, Age _, Larger _, Smaller _, ModSeq _,
                    EmailId _, InThread _, SaveDateSupported _ -> false;
        };
    }

    /// Says whether a mod-sequence is asked for, so that the answer must give the highest. RFC 7162 §3.1.5.
    default boolean namesModSeq() {
        return switch (this) {
            case ModSeq _ -> true;
            case And a -> a.keys.stream().anyMatch(SearchKey::namesModSeq);
            case Or o -> o.left.namesModSeq() || o.right.namesModSeq();
            case Not n -> n.key.namesModSeq();
            case All _, None _, HasFlag _, Numbers _, Uids _, Between _, Age _, Larger _, Smaller _, Header _,
                    Body _, Text _, EmailId _, InThread _, SaveDateSupported _ -> false;
        };
    }
}
