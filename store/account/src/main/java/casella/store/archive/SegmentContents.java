package casella.store.archive;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Entry;
import casella.store.vault.ObjectName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The contents that the changes of one segment name: folder names, summaries, documents, the account's key.
///
/// ```text
/// offset size
///      0    1  format, now 1
///      1    8  account
///      9    8  first mod-sequence of the segment
///     17    8  last
///     25    …  each content, in the order of the hashes: keyed hash:32, length:u32, bytes
/// ```
///
/// It lies beside the segment under the same order. Forgetting a content writes this object anew without it and removes
/// the old one; the segment, and so the chain, stays as it is. Page: docs/formats/contents.md.
///
/// @param byName contents by their keyed hash
record SegmentContents(AccountId account, Modseq first, Modseq last, Map<Sha256, byte[]> byName) {
    static final byte FORMAT = 1;
    private static final int FIXED = 25;

    SegmentContents {
        byName = Map.copyOf(byName);
    }

    static SegmentContents of(AccountId account, List<Entry> entries) {
        var byName = new TreeMap<Sha256, byte[]>();
        for (Entry entry : entries) byName.putAll(entry.contents());
        var first = entries.getFirst().change().modseq();
        return new SegmentContents(account, first, new Modseq(first.value() + entries.size() - 1), byName);
    }

    byte[] encode() {
        int length = FIXED;
        for (byte[] content : byName.values()) length += Sha256.BYTES + 4 + content.length;
        ByteBuffer out = ByteBuffer.allocate(length).put(FORMAT).putLong(account.value());
        out.putLong(first.value()).putLong(last.value());
        new TreeMap<>(byName).forEach((hash, bytes) -> out.put(hash.bytes()).putInt(bytes.length).put(bytes));
        return out.array();
    }

    /// @throws Fault.Corrupt if `content` is none, or not the one `name` says
    static SegmentContents decode(ObjectName name, byte[] content) {
        try {
            ByteBuffer in = ByteBuffer.wrap(content);
            if (in.get() != FORMAT) throw new Fault.Corrupt("Contents of an unknown format", Map.of("object", name));
            var account = new AccountId(in.getLong());
            var first = new Modseq(in.getLong());
            var last = new Modseq(in.getLong());
            boolean named =
                    account.equals(name.account()) && first.value() == name.high()
                            && last.value() == name.low();
            if (!named) throw new Fault.Corrupt("Contents are others than their name says", Map.of("object", name));
            var byName = new TreeMap<Sha256, byte[]>();
            while (in.hasRemaining()) {
                Sha256 hash = JournalSegment.hash(in);
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
                byte[] bytes = new byte[length];
                in.get(bytes);
                byName.put(hash, bytes);
            }
            return new SegmentContents(account, first, last, byName);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Contents unreadable", Map.of("object", name), e);
        }
    }
}
