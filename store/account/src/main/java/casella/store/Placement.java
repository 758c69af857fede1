package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Uid;
import java.time.Instant;

/// An email in a mailbox.
///
/// @param email which email: EMAILID
/// @param modseq last change of this placement. RFC 7162 §3.1
/// @param created the change that made it
/// @param saved when it was put here: SAVEDATE. RFC 8514
/// @param received when the email was accepted: INTERNALDATE
/// @param size octets of the email: RFC822.SIZE
public record Placement(
        MailboxId mailbox,
        Uid uid,
        ArrivalId email,
        Keywords keywords,
        Modseq modseq,
        Modseq created,
        Instant saved,
        Instant received,
        int size) {
    /// Returns the same with another last change.
    Placement changedAt(Modseq change) {
        return new Placement(mailbox, uid, email, keywords, change, created, saved, received, size);
    }
}
