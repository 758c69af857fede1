package casella.store;

import casella.base.ArrivalId;
import casella.base.Modseq;
import casella.base.Sha256;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An email that ended: recoverable, then condemned, then collected. Known for ever, so that nothing that
/// ended comes back.
///
/// @param modseq the change that ended it
/// @param at when that was
/// @param blob SHA-256 of its bytes; null once collected
/// @param size octets; 0 once collected
/// @param condemned the change after which it cannot be had back; [Modseq#NONE] while it is recoverable
/// @param condemnedAt when that was; meaningless while it is recoverable
/// @param collected whether its object is gone from every vault, or owed as a removal
public record EndedEmail(
        ArrivalId arrival,
        Modseq modseq,
        Instant at,
        @Nullable Sha256 blob,
        int size,
        Modseq condemned,
        Instant condemnedAt,
        boolean collected) {
    /// Says whether it can be had back.
    public boolean recoverable() {
        return condemned.equals(Modseq.NONE);
    }

    /// Says whether it is condemned and its object may still be somewhere.
    public boolean pending() {
        return !recoverable() && !collected;
    }

    EndedEmail condemnedBy(Modseq change, Instant when) {
        return new EndedEmail(arrival, modseq, at, blob, size, change, when, false);
    }

    EndedEmail gone() {
        return new EndedEmail(arrival, modseq, at, null, 0, condemned, condemnedAt, true);
    }
}
