package casella.queue;

import casella.base.AccountId;
import casella.store.append.Place;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A recipient elsewhere that waits, as the index knows it.
///
/// @param message the message it waits for
/// @param sender the envelope sender, empty when there was none
/// @param account whose message it is; null where none of ours submitted it
/// @param size bytes of the message
/// @param place where the message's record is
/// @param attempts how often it was answered that it be tried later
/// @param due when it is tried again; the past for now
/// @param why the last answer or failure; empty before the first
public record Outgoing(
        RemoteItem item,
        QueueId message,
        Priority priority,
        Instant received,
        String sender,
        @Nullable AccountId account,
        long size,
        Place place,
        Standing standing,
        int attempts,
        Instant due,
        String why) {
    /// How it stands. The numbers are in the index alone.
    public enum Standing {
        /// To be tried as soon as its destination has room for it.
        READY(0),
        /// Not before it is due.
        DEFERRED(1),
        /// Until somebody releases it.
        HELD(2),
        /// Being tried now.
        UNDER_WAY(3);

        private final int number;

        Standing(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        /// @throws IllegalStateException if the index says what it never says
        static Standing of(int number) {
            for (Standing standing : values()) if (standing.number == number) return standing;
            throw new IllegalStateException("standing " + number);
        }
    }
}
