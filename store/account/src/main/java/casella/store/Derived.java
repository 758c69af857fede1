package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import casella.store.stored.Stored;
import java.nio.ByteBuffer;

/// Which rows say something of their own, and which only find others: a checkpoint keeps the first, the second follow.
///
/// ```text
/// of its own   00 10 13 20 22 30 31 33 38 39 40 41
/// follows      11 12 of 10 · 21 23 24 of 20 · 32 34 35 36 of 30 · 37 of 38 · 3A 3B of 39
/// this engine  01 to 0F
/// ```
public final class Derived {
    private static final byte[] EMPTY = new byte[0];

    private Derived() {}

    /// What a row is to the account's state.
    public enum Kind {
        OF_ITS_OWN,
        FOLLOWS,
        OF_THIS_ENGINE
    }

    public static Kind kind(byte[] key) {
        return switch (key[0]) {
            case 0x00, 0x10, 0x13, 0x20, 0x22, 0x30, 0x31, 0x33, 0x38, 0x39, 0x40, 0x41 -> Kind.OF_ITS_OWN;
            case 0x11, 0x12, 0x21, 0x23, 0x24, 0x32, 0x34, 0x35, 0x36, 0x37, 0x3A, 0x3B -> Kind.FOLLOWS;
            default -> {
                if (key[0] > 0x00 && key[0] < 0x10) yield Kind.OF_THIS_ENGINE;
                throw new IllegalArgumentException("derived: no room " + key[0]);
            }
        };
    }

    /// Visits the rows that follow from one row, in no order.
    ///
    /// @throws casella.base.Fault.Corrupt if the row cannot be read
    public static void of(byte[] key, byte[] value, Rows.Visitor visitor) {
        switch (key[0]) {
            case 0x10 -> mailbox(key, value, visitor);
            case 0x20 -> placement(key, value, visitor);
            case 0x30 -> email(key, value, visitor);
            case 0x38 -> {
                var thread = new ThreadId(arrival(key));
                give(visitor, new Key.ThreadChanged(new Modseq(ByteBuffer.wrap(value).getLong()), thread),
                        EMPTY);
            }
            case 0x39 -> ended(key, value, visitor);
            default -> {}
        }
    }

    private static void ended(byte[] key, byte[] value, Rows.Visitor visitor) {
        EndedEmail ended = RowCodec.ended(arrival(key), value);
        if (ended.recoverable()) give(visitor, new Key.Recoverable(ended.modseq(), ended.arrival()), EMPTY);
        if (ended.pending()) give(visitor, new Key.Condemned(ended.condemned(), ended.arrival()), EMPTY);
    }

    private static void mailbox(byte[] key, byte[] value, Rows.Visitor visitor) {
        var id = new MailboxId(ByteBuffer.wrap(key, 1, 4).getInt());
        Mailbox mailbox = RowCodec.mailbox(id, value);
        give(visitor, new Key.MailboxName(mailbox.name()),
                ByteBuffer.allocate(4).putInt(id.number()).array());
        give(visitor, new Key.MailboxChanged(mailbox.modseq(), id), EMPTY);
    }

    private static void placement(byte[] key, byte[] value, Rows.Visitor visitor) {
        ByteBuffer in = ByteBuffer.wrap(key, 1, 8);
        var mailbox = new MailboxId(in.getInt());
        var uid = new Uid(in.getInt());
        Placement placement = RowCodec.placement(mailbox, uid, value);
        give(visitor, new Key.PlacementChanged(mailbox, placement.modseq(), uid), EMPTY);
        long received = placement.received().toEpochMilli();
        give(visitor, new Key.Received(mailbox, received, placement.email(), uid), EMPTY);
        if (placement.keywords().has(Keywords.DELETED)) give(visitor, new Key.Deleted(mailbox, uid), EMPTY);
    }

    private static void email(byte[] key, byte[] value, Rows.Visitor visitor) {
        ArrivalId arrival = arrival(key);
        Stored.EmailRow row = RowCodec.decode(Stored.EmailRow.parser(), value);
        Email email = RowCodec.email(arrival, value);
        give(visitor, new Key.EmailChanged(email.modseq(), arrival), EMPTY);
        give(visitor, new Key.Content(email.blob(), arrival), EMPTY);
        give(visitor, new Key.ThreadEmail(email.thread(), arrival), EMPTY);
        row.getMessageIdsList().stream()
                .distinct()
                .forEach(hash -> give(visitor, new Key.MessageIdHash(hash, email.thread(), arrival), EMPTY));
    }

    private static ArrivalId arrival(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key, 1, ArrivalId.BYTES);
        return new ArrivalId(in.getLong(), in.getLong());
    }

    private static void give(Rows.Visitor visitor, Key key, byte[] value) {
        var _ = visitor.row(key.bytes(), value);
    }
}
