package casella.delivery;

/// Whether mail for an address would be taken, asked before the message is sent.
public sealed interface Admission
        permits Admission.Admitted,
                Admission.NotOurs,
                DeliveryOutcome.OverQuota,
                DeliveryOutcome.NoSuchRecipient,
                DeliveryOutcome.Disabled,
                DeliveryOutcome.TryLater {
    /// It would.
    record Admitted(Recipient recipient) implements Admission {}

    /// The domain is somebody else's, and whoever asks is nobody's owner here.
    record NotOurs() implements Admission {}
}
