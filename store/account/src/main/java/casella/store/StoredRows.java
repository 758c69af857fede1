package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Uid;

/// Reads values of rows, for those who have rows from elsewhere than an engine.
public final class StoredRows {
    private StoredRows() {}

    /// @throws casella.base.Fault.Corrupt if the row is unreadable
    public static Mailbox mailbox(MailboxId id, byte[] value) {
        return RowCodec.mailbox(id, value);
    }

    /// @throws casella.base.Fault.Corrupt if the row is unreadable
    public static Placement placement(MailboxId mailbox, Uid uid, byte[] value) {
        return RowCodec.placement(mailbox, uid, value);
    }

    /// @throws casella.base.Fault.Corrupt if the row is unreadable
    public static Email email(ArrivalId id, byte[] value) {
        return RowCodec.email(id, value);
    }
}
