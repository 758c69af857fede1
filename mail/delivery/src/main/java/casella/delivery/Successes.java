package casella.delivery;

import casella.message.envelope.Notify.On;
import java.util.List;

/// Tells senders of what was delivered, where they asked for it. RFC 3461 §4.1 ([On#SUCCESS])
@FunctionalInterface
public interface Successes {
    /// What became of a recipient.
    ///
    /// @param expanded whether it went on to others rather than into a mailbox. RFC 3464 §2.3.3
    record Success(Recipient recipient, boolean expanded) {}

    /// Tells the envelope's sender.
    ///
    /// @param mail as it was filed
    /// @param delivered 1 or more
    /// @throws casella.base.Fault if the report could not be kept
    void tell(Envelope envelope, byte[] mail, List<Success> delivered);
}
