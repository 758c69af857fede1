package casella.queue;

import casella.store.append.Place;
import java.time.Instant;

/// A recipient that waits, as the index knows it.
///
/// @param message the message it waits for
/// @param place where the message's record is
/// @param size bytes of the message
/// @param attempts how often filing was tried for its account since that last worked
/// @param due when it is tried again; the past for now
/// @param why the last failure's sentence; empty before the first
public record Waiting(
        QueueItem item,
        QueueId message,
        Priority priority,
        Instant received,
        String sender,
        long size,
        Place place,
        int attempts,
        Instant due,
        String why) {}
