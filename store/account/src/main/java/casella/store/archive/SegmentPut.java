package casella.store.archive;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.Body;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Entry;
import casella.store.Shelf;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import java.util.ArrayList;
import java.util.List;

/// One segment and, before it, its contents object, put into every vault of the policy.
///
/// @param owed copies that vaults did not take: debt
/// @param bytes of both objects' contents
/// @param names of both
record SegmentPut(JournalSegment segment, int owed, long bytes, List<ObjectName> names) {
    /// Puts entries that follow one another; only the first may open a hole.
    ///
    /// @throws casella.base.Fault.Unavailable if too few vaults took it
    static SegmentPut of(Copies copies, AccountId account, List<Entry> entries) {
        JournalSegment segment = JournalSegment.of(account, entries);
        int owed = 0;
        long bytes = 0;
        var names = new ArrayList<ObjectName>();
        if (segment.contents() > 0) {
            byte[] contents = SegmentContents.of(account, entries).encode();
            bytes += contents.length;
            names.add(JournalSegment.name(ObjectName.Kind.CONTENTS, account, segment.first(),
                    segment.last(), contents));
            owed += put(copies, names.getLast(), contents);
        }
        byte[] content = segment.encode();
        bytes += content.length;
        names.add(JournalSegment.name(ObjectName.Kind.SEGMENT, account, segment.first(),
                segment.last(), content));
        owed += put(copies, names.getLast(), content);
        return new SegmentPut(segment, owed, bytes, List.copyOf(names));
    }

    /// Puts what was put before into the vaults that did not take it then and are well, and into no other.
    ///
    /// @return how many copies are owed still
    static int again(Copies copies, List<ObjectName> names) {
        int owed = 0;
        for (Shelf shelf : copies.homes()) {
            boolean well = shelf.breaker().closed();
            for (ObjectName name : names) {
                if (!copies.debt().owes(name, shelf.name(), Debt.Kind.COPY)) continue;
                if (well) well = again(copies, shelf, name);
                if (!well) owed++;
            }
        }
        return owed;
    }

    /// Says whether some vault has each of them right now. The one that took it may have lost it since.
    static boolean held(Copies copies, List<ObjectName> names) {
        return names.stream().allMatch(name -> copies.read(name) instanceof Body.Present);
    }

    private static boolean again(Copies copies, Shelf shelf, ObjectName name) {
        if (!(copies.read(name) instanceof Body.Present(byte[] content))) return false;
        try {
            byte[] object = StoredObject.encode(name, new byte[0], content);
            shelf.vault().put(name, object).await(Deadline.in(copies.policy().write()));
            copies.debt().paid(name, shelf.name());
            return true;
        } catch (Fault e) {
            // No room is an answer: reads and removals go on.
            if (!(e instanceof Fault.Exhausted)) shelf.breaker().failed("Writes failed");
            Log.event(Event.VAULT_PUT_FAILED, "vault", shelf.name(), "object", name, "why", e);
            return false;
        }
    }

    private static int put(Copies copies, ObjectName name, byte[] content) {
        return copies.put(name, StoredObject.encode(name, new byte[0], content));
    }
}
