package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import java.time.Instant;
import java.util.List;

/// One stored message: immutable content and where it is placed now.
///
/// @param blob SHA-256 of the exact bytes
/// @param size octets
/// @param received when it was accepted: INTERNALDATE, receivedAt
/// @param created the change that brought it
/// @param modseq last change of it or of one of its placements
/// @param places at least one while it lives
public record Email(
        ArrivalId id,
        Sha256 blob,
        int size,
        Instant received,
        ThreadId thread,
        Modseq created,
        Modseq modseq,
        List<Place> places) {
    /// Where a placement is.
    public record Place(MailboxId mailbox, Uid uid) {}

    public static final int PLACES_MAX = 100;

    public Email {
        places = List.copyOf(places);
    }
}
