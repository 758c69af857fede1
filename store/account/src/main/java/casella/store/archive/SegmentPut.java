package casella.store.archive;

import casella.base.AccountId;
import casella.store.Copies;
import casella.store.Entry;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import java.util.List;

/// One segment and, before it, its contents object, put into every vault of the policy.
///
/// @param owed copies that vaults did not take: debt
/// @param bytes of both objects' contents
record SegmentPut(JournalSegment segment, int owed, long bytes) {
    /// Puts entries that follow one another; only the first may open a hole.
    ///
    /// @throws casella.base.Fault.Unavailable if too few vaults took it
    static SegmentPut of(Copies copies, AccountId account, List<Entry> entries) {
        JournalSegment segment = JournalSegment.of(account, entries);
        int owed = 0;
        long bytes = 0;
        if (segment.contents() > 0) {
            byte[] contents = SegmentContents.of(account, entries).encode();
            bytes += contents.length;
            owed += put(copies, JournalSegment.name(ObjectName.Kind.CONTENTS, account, segment.first(),
                    segment.last(), contents), contents);
        }
        byte[] content = segment.encode();
        bytes += content.length;
        owed += put(copies, JournalSegment.name(ObjectName.Kind.SEGMENT, account, segment.first(),
                segment.last(), content), content);
        return new SegmentPut(segment, owed, bytes);
    }

    private static int put(Copies copies, ObjectName name, byte[] content) {
        return copies.put(name, StoredObject.encode(name, new byte[0], content));
    }
}
