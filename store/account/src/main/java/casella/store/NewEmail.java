package casella.store;

import casella.base.MailboxId;
import casella.message.Summary;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/// A message to be accepted by an account: a delivery, an APPEND, an import.
///
/// @param content the exact bytes, 1 to 64 MiB; not changed by the caller afterwards
/// @param summary gives that of `content`; asked once, while the vaults sync
/// @param received INTERNALDATE; whole milliseconds are kept
/// @param sender envelope sender, empty when there was none
/// @param recipient address it was accepted for, empty for APPEND and import
/// @param mailboxes where to place it; empty: INBOX
public record NewEmail(
        byte[] content,
        Supplier<Summary> summary,
        Instant received,
        String sender,
        String recipient,
        List<MailboxId> mailboxes,
        Keywords keywords) {
    public NewEmail {
        mailboxes = List.copyOf(mailboxes);
    }

    /// @param summary of `content`
    public NewEmail(
            byte[] content,
            Summary summary,
            Instant received,
            String sender,
            String recipient,
            List<MailboxId> mailboxes,
            Keywords keywords) {
        this(content, () -> summary, received, sender, recipient, mailboxes, keywords);
    }

    /// Returns the same for INBOX.
    NewEmail forInbox() {
        return new NewEmail(content, summary, received, sender, recipient, List.of(), keywords);
    }

    /// Returns a delivery into INBOX.
    public static NewEmail delivery(byte[] content, Instant received, String sender, String recipient) {
        return new NewEmail(
                content, () -> Summary.of(content), received, sender, recipient, List.of(), Keywords.NONE);
    }
}
