package casella.delivery;

import casella.base.ArrivalId;
import casella.base.Fault;

/// What became of a message for one recipient.
public sealed interface DeliveryOutcome {
    /// It is kept, as the store promises it.
    record Kept(ArrivalId arrival) implements DeliveryOutcome {}

    /// The account cannot be written now; it is synced in the local queue and will be filed under that arrival.
    record Queued(ArrivalId arrival) implements DeliveryOutcome {}

    /// It does not fit.
    record OverQuota() implements DeliveryOutcome, Admission {}

    /// Nobody has this address (any more).
    record NoSuchRecipient() implements DeliveryOutcome, Admission {}

    /// Somebody has it and takes no mail now.
    record Disabled() implements DeliveryOutcome, Admission {}

    /// Nobody gets it, whoever it is for.
    record Refused(Disposition.Refuse why) implements DeliveryOutcome {}

    /// Nothing was answered to be kept; sending it again is right.
    record TryLater(Fault fault) implements DeliveryOutcome, Admission {}

    /// Says whether the sender's copy is not needed any more.
    default boolean accepted() {
        return this instanceof Kept || this instanceof Queued;
    }

    /// Returns the word for logs and metrics.
    default String label() {
        return switch (this) {
            case Kept _ -> "kept";
            case Queued _ -> "queued";
            case OverQuota _ -> "over-quota";
            case NoSuchRecipient _ -> "no-such-recipient";
            case Disabled _ -> "disabled";
            case Refused _ -> "refused";
            case TryLater _ -> "try-later";
        };
    }
}
