package casella.dns;

import java.time.Duration;
import java.util.List;

/// What came of a question. There is nothing else than these four.
public sealed interface Answer<T> {
    /// There are records.
    ///
    /// @param name whose they are: the name that was asked for, or what it is an alias of; lower case, without a last dot
    /// @param records at least one, in the order of the answer, at most [Resolver#RECORDS_MAX]
    /// @param ttl how long this may be kept; the shortest of all that it follows from
    /// @param secure proven by DNSSEC, all of it. Never true without proof.
    record Found<T>(String name, List<T> records, Duration ttl, boolean secure) implements Answer<T> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) throw new IllegalArgumentException("records: none found");
        }
    }

    /// The name is there, records of this kind are not.
    ///
    /// @param secure proven by DNSSEC
    record NoData<T>(Duration ttl, boolean secure) implements Answer<T> {}

    /// There is no such name, or none can be: it is too long, or has an empty label.
    ///
    /// @param secure proven by DNSSEC
    record NoSuchName<T>(Duration ttl, boolean secure) implements Answer<T> {}

    /// Nothing is known now.
    record TryLater<T>(Why why) implements Answer<T> {}

    /// Why nothing is known.
    enum Why {
        /// Nobody answered in time.
        TIME_OUT,
        /// The servers say that they cannot find out. SERVFAIL.
        SERVER_FAILURE,
        /// The answer exists, and is not what the domain signed. RFC 8914 "Extended DNS Errors" tells this from the one above.
        BOGUS,
        /// The servers do not answer us, or not this.
        REFUSED,
        /// What came cannot be read, or leads in circles.
        MALFORMED,
        /// More questions are being asked than may be.
        BUSY
    }

    /// Returns the records; none where none were found, for whatever reason.
    default List<T> records() {
        return switch (this) {
            case Found<T> found -> found.records();
            case NoData<T> _, NoSuchName<T> _, TryLater<T> _ -> List.of();
        };
    }

    /// Says whether it is known that there are no such records.
    default boolean none() {
        return switch (this) {
            case NoData<T> _, NoSuchName<T> _ -> true;
            case Found<T> _, TryLater<T> _ -> false;
        };
    }

    /// Says whether DNSSEC proves this.
    default boolean secure() {
        return switch (this) {
            case Found<T> found -> found.secure();
            case NoData<T> none -> none.secure();
            case NoSuchName<T> none -> none.secure();
            case TryLater<T> _ -> false;
        };
    }
}
