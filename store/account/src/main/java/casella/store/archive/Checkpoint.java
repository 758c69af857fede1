package casella.store.archive;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An account as its journal up to one change makes it: the head of a checkpoint.
///
/// ```text
/// offset size
///      0    1  format, now 1
///      1    8  account
///      9    8  mod-sequence of the newest change in it
///     17    4  length h, then the head row (h bytes): epoch, hash of that change, counters
///      …   32  state sum of all rows of their own, head row included
///      …    8  how many these are
///      …    4  length f, then a page (f bytes) of the rows of mailboxes, rooms 10 and 13
///      …    4  number of pages, then each: first key length:u16, first key, rows:u32, bytes:u32, hash:32
/// ```
///
/// Page: docs/formats/checkpoint.md.
///
/// @param sum of all rows of their own ([casella.store.Derived])
/// @param mailboxes rows of rooms 10 and 13: what a standby opens with
/// @param pages the other rows, in key order
record Checkpoint(AccountId account, HeadRow head, StateSum sum, Page mailboxes, List<Page.Place> pages) {
    static final byte FORMAT = 1;
    /// Rows below it lie in the head itself.
    static final byte PAGED_FROM = 0x20;

    private static final int PAGES_MAX = 1_000_000;

    Checkpoint {
        pages = List.copyOf(pages);
    }

    static Checkpoint empty(AccountId account) {
        var blank = new HeadRow(0, 0, Position.START.hash(), new byte[0]);
        return new Checkpoint(account, blank, new StateSum(), new Page(List.of(), List.of()), List.of());
    }

    Modseq modseq() {
        return new Modseq(head.version());
    }

    /// Returns the sum to compare an engine's with: who may write there, the epoch in its head row, is the
    /// engine's own.
    StateSum comparable() {
        StateSum comparable = sum.copy();
        byte[] key = new Key.Head().bytes();
        if (head.version() == 0) return comparable;
        comparable.remove(key, head.bytes());
        comparable.add(key, head.under(0).bytes());
        return comparable;
    }

    /// Returns where the journal goes on after it.
    Position end() {
        return new Position(modseq(), head.hash());
    }

    ObjectName name(byte[] encoded) {
        return new ObjectName(account, ObjectName.Kind.CHECKPOINT, head.version(), 0, Sha256.of(encoded));
    }

    ObjectName name(Page.Place page) {
        return new ObjectName(account, ObjectName.Kind.PAGE, 0, 0, page.hash());
    }

    byte[] encode() {
        byte[] headRow = head.bytes();
        byte[] folders = mailboxes.encode();
        int length = 17 + 4 + headRow.length + StateSum.BYTES + 8 + 4 + folders.length + 4;
        for (Page.Place page : pages) length += 2 + page.first().length + 8 + Sha256.BYTES;
        ByteBuffer out = ByteBuffer.allocate(length).put(FORMAT).putLong(account.value())
                .putLong(head.version());
        out.putInt(headRow.length).put(headRow).put(sum.bytes()).putLong(sum.rows());
        out.putInt(folders.length).put(folders).putInt(pages.size());
        for (Page.Place page : pages) {
            out.putShort((short) page.first().length).put(page.first());
            out.putInt(page.rows()).putInt(page.bytes()).put(page.hash().bytes());
        }
        return out.array();
    }

    /// @throws Fault.Corrupt if `content` is none, or not the one `name` says
    static Checkpoint decode(ObjectName name, byte[] content) {
        try {
            ByteBuffer in = ByteBuffer.wrap(content);
            if (in.get() != FORMAT) throw new Fault.Corrupt("Checkpoint of an unknown format", Map.of("object", name));
            var account = new AccountId(in.getLong());
            long modseq = in.getLong();
            HeadRow head = HeadRow.of(bytes(in, in.getInt()));
            byte[] sum = bytes(in, StateSum.BYTES);
            long rows = in.getLong();
            Page mailboxes = Page.decode(bytes(in, in.getInt()));
            int count = in.getInt();
            if (count < 0 || count > PAGES_MAX) throw new BufferUnderflowException();
            var pages = new ArrayList<Page.Place>();
            for (int i = 0; i < count; i++) {
                byte[] first = bytes(in, Short.toUnsignedInt(in.getShort()));
                int pageRows = in.getInt();
                int pageBytes = in.getInt();
                pages.add(new Page.Place(first, pageRows, pageBytes, Sha256.wrap(bytes(in, Sha256.BYTES))));
            }
            boolean named = account.equals(name.account()) && modseq == name.high()
                    && modseq == head.version();
            if (!named) throw new Fault.Corrupt("Checkpoint is another than its name says", Map.of("object", name));
            return new Checkpoint(account, head, StateSum.of(sum, rows), mailboxes, pages);
        } catch (BufferUnderflowException e) {
            throw new Fault.Corrupt("Checkpoint unreadable", Map.of("object", name), e);
        }
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
