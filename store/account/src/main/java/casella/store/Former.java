package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.store.engine.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An email in a folder as it was at an earlier moment: what [Account#restore] places again.
///
/// @param keywords of then, `\Deleted` left out: what is restored shall not go with the next EXPUNGE
public record Former(Folder folder, Mail mail, Keywords keywords) {
    /// A folder as it was. By its number it is known under whatever name it has now.
    public record Folder(
            MailboxId id, String name, @Nullable Role role, boolean subscribed, int sortOrder) {
        public static Folder of(Mailbox mailbox) {
            return new Folder(
                    mailbox.id(), mailbox.name(), mailbox.role(), mailbox.subscribed(), mailbox.sortOrder());
        }
    }

    /// An email as it arrived.
    ///
    /// @param messageIds hashes under which later emails find its thread
    /// @param summary as it is stored
    public record Mail(
            ArrivalId id,
            Sha256 blob,
            int size,
            Instant received,
            ThreadId thread,
            List<Long> messageIds,
            byte[] summary) {
        public Mail {
            messageIds = List.copyOf(messageIds);
        }
    }

    /// Returns a placement of an earlier view; empty when its email's rows are not there.
    public static Optional<Former> of(View then, Mailbox mailbox, Placement placement) {
        byte[] row = then.rows().get(new Key.Email(placement.email()));
        byte[] summary = then.rows().get(new Key.Summary(placement.email()));
        if (row == null || summary == null) return Optional.empty();
        Email email = RowCodec.email(placement.email(), row);
        var mail = new Mail(
                email.id(), email.blob(), email.size(), email.received(), email.thread(),
                RowCodec.messageIds(row), summary);
        return Optional.of(new Former(
                Folder.of(mailbox), mail, placement.keywords().without(Keywords.of(Keywords.DELETED))));
    }
}
