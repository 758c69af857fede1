package casella.store.archive;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Change;
import casella.store.Entry;
import casella.store.vault.ObjectName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A stretch of an account's chain, as a vault keeps it: the changes as they were hashed, without their contents.
///
/// ```text
/// offset size
///      0    1  format, now 1
///      1    8  account
///      9    8  first mod-sequence
///     17    8  last mod-sequence
///     25   32  hash of the change before the first; zero for the account's first
///     57   32  hash of the last change
///     89    4  how many contents its changes name: 0, or there is a CONTENTS object of the same order
///     93    …  each change: length:u32, bytes (`Change` in stored.proto)
/// ```
///
/// All integers big-endian. Page: docs/formats/segment.md.
///
/// @param before hash of the change before the first
/// @param contents how many contents its changes named when it was written
/// @param changes encoded, in order, one for each mod-sequence from first to last
public record JournalSegment(
        AccountId account, Modseq first, Modseq last, Sha256 before, Sha256 head, int contents,
                List<byte[]> changes) {
    static final byte FORMAT = 1;
    /// Changes a segment holds at most.
    static final int CHANGES_MAX = 10_000;
    private static final int FIXED = 93;

    public JournalSegment {
        changes = List.copyOf(changes);
    }

    /// Returns the segment of entries that follow one another.
    static JournalSegment of(AccountId account, List<Entry> entries) {
        Change first = entries.getFirst().change();
        int contents = entries.stream().mapToInt(entry -> entry.contents().size()).sum();
        return new JournalSegment(
                account,
                first.modseq(),
                new Modseq(first.modseq().value() + entries.size() - 1),
                first.previous(),
                entries.getLast().hash(),
                contents,
                entries.stream().map(Entry::encodedChange).toList());
    }

    byte[] encode() {
        int length = FIXED;
        for (byte[] change : changes) length += 4 + change.length;
        ByteBuffer out = ByteBuffer.allocate(length).put(FORMAT).putLong(account.value());
        out.putLong(first.value()).putLong(last.value()).put(before.bytes()).put(head.bytes())
                .putInt(contents);
        for (byte[] change : changes) out.putInt(change.length).put(change);
        return out.array();
    }

    /// Returns the name of an object of this stretch.
    static ObjectName name(ObjectName.Kind kind, AccountId account, Modseq first, Modseq last,
            byte[] content) {
        return new ObjectName(account, kind, first.value(), last.value(), Sha256.of(content));
    }

    /// Reads a segment and verifies its chain: each change names the hash of the one before, the last has the hash the
    /// segment says, and the mod-sequences are those of its name.
    ///
    /// @throws Fault.Corrupt if anything of it is not so
    public static JournalSegment decode(ObjectName name, byte[] content) {
        try {
            ByteBuffer in = ByteBuffer.wrap(content);
            if (in.get() != FORMAT) throw corrupt("Segment of an unknown format", name);
            var account = new AccountId(in.getLong());
            var first = new Modseq(in.getLong());
            var last = new Modseq(in.getLong());
            Sha256 before = hash(in);
            Sha256 head = hash(in);
            int contents = in.getInt();
            boolean named =
                    account.equals(name.account()) && first.value() == name.high()
                            && last.value() == name.low();
            if (!named || first.after(last)) throw corrupt("Segment is another than its name says", name);
            var changes = new ArrayList<byte[]>();
            while (in.hasRemaining()) {
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) throw corrupt("Segment cut inside a change", name);
                byte[] change = new byte[length];
                in.get(change);
                changes.add(change);
            }
            var segment = new JournalSegment(account, first, last, before, head, contents, changes);
            segment.verify(name);
            return segment;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Segment unreadable", Map.of("object", name), e);
        }
    }

    private void verify(ObjectName name) {
        Sha256 previous = before;
        long modseq = first.value();
        for (byte[] encoded : changes) {
            Change change = Change.decode(encoded);
            if (change.modseq().value() != modseq || !change.previous().equals(previous)) {
                throw corrupt("Segment's chain is broken", name);
            }
            previous = Sha256.of(encoded);
            modseq++;
        }
        if (modseq != last.value() + 1 || !previous.equals(head)) throw corrupt("Segment's chain is broken", name);
    }

    static Sha256 hash(ByteBuffer in) {
        byte[] hash = new byte[Sha256.BYTES];
        in.get(hash);
        return Sha256.wrap(hash);
    }

    private static Fault.Corrupt corrupt(String sentence, ObjectName name) {
        return new Fault.Corrupt(sentence, Map.of("object", name));
    }
}
