package casella.store;

import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.store.archive.Archived;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps what an account gives out within the gap that a hole leaves out ([Hole]): no further than 1,000,000 mod-sequences,
/// 10,000 UIDs of a mailbox and 10,000 mailboxes beyond what a vault has of its journal. So the gap is a bound, not a hope.
///
/// What is remembered of an account is one number for each mailbox that came near: where it stood at a change that a vault
/// has. It may lag behind; the entries that no vault has are counted when it seems too much.
final class Gap {
    /// What a journal answers that leaves nothing beside the vaults.
    static final Modseq LEFT_NOTHING = new Modseq(Long.MAX_VALUE / 2);

    private static final int BASES_MAX = 10_000;
    private static final byte[] ENTRIES_END = {0x02};

    /// Next UIDs as they were no later than at the archived change `counted`.
    private final Map<MailboxId, Long> bases = new HashMap<>();
    private long mailboxBase = -1;
    private Modseq counted = Modseq.NONE;
    /// Up to which change some vault is known to have the journal, marked or not.
    private Modseq held = Modseq.NONE;
    /// The same as it was last looked up: never more than what is so.
    private Modseq known = Modseq.NONE;

    /// Takes note that a vault has the journal up to `modseq`.
    synchronized void held(Modseq modseq) {
        if (modseq.after(held)) held = modseq;
    }

    /// Returns whether the change may be made.
    ///
    /// @param rows of the snapshot it was planned on
    /// @param head of these
    synchronized boolean allows(Rows rows, HeadRow head, List<Operation> operations) {
        // What was read before is enough nearly always: it only grows, so that no change reads a row for this.
        if (fits(rows, head, operations, known)) return true;
        Modseq archived = Archived.of(rows.get(new Key.Archived())).upTo();
        known = held.after(archived) ? held : archived;
        return known.value() >= LEFT_NOTHING.value() || fits(rows, head, operations, known);
    }

    private boolean fits(Rows rows, HeadRow head, List<Operation> operations, Modseq archived) {
        if (head.version() + 1 >= archived.value() + Hole.MODSEQ_GAP) return false;
        for (Operation operation : operations) {
            boolean fits = switch (operation) {
                case Operation.Placed placed ->
                        placed(rows, archived, placed.mailbox(), placed.uid().value() + 1);
                case Operation.MailboxCreated made -> made(rows, archived, made.mailbox());
                default -> true;
            };
            if (!fits) return false;
        }
        return true;
    }

    private boolean placed(Rows rows, Modseq archived, MailboxId mailbox, long uidNext) {
        if (uidNext - 1 <= Hole.UID_GAP) return true;
        Long base = bases.get(mailbox);
        if (base != null && uidNext - base <= Hole.UID_GAP) return true;
        if (base != null && !archived.after(counted)) return false;
        count(rows, archived);
        base = base(rows, mailbox);
        return base == null || uidNext - base <= Hole.UID_GAP;
    }

    /// Returns what is known of a mailbox; one that nothing was placed in since stands where it stands now.
    private @Nullable Long base(Rows rows, MailboxId mailbox) {
        Long base = bases.get(mailbox);
        if (base != null) return base;
        byte[] row = rows.get(new Key.Mailbox(mailbox));
        if (row == null) return null; // made by this very change
        Long now = StoredRows.mailbox(mailbox, row).uidNext();
        bases.put(mailbox, now);
        return now;
    }

    private boolean made(Rows rows, Modseq archived, MailboxId mailbox) {
        long number = Integer.toUnsignedLong(mailbox.number());
        if (number <= Hole.MAILBOX_GAP) return true;
        if (mailboxBase >= 0 && number - mailboxBase <= Hole.MAILBOX_GAP) return true;
        if (mailboxBase >= 0 && !archived.after(counted)) return false;
        count(rows, archived);
        if (mailboxBase < 0) mailboxBase = number - 1;
        return number - mailboxBase <= Hole.MAILBOX_GAP;
    }

    /// Counts what the entries after `archived` gave out.
    ///
    /// @throws Fault.Corrupt if one cannot be read
    private void count(Rows rows, Modseq archived) {
        bases.clear();
        mailboxBase = -1;
        counted = archived;
        rows.scan(new Key.Entry(archived.next()).bytes(), ENTRIES_END, false, (_, value) -> {
            for (Operation operation : Entry.decode(value).change().operations()) {
                switch (operation) {
                    // In order: the first is the lowest.
                    case Operation.Placed placed -> {
                        if (bases.size() >= BASES_MAX) return true;
                        bases.putIfAbsent(placed.mailbox(), placed.uid().value());
                    }
                    case Operation.MailboxCreated made -> {
                        long number = Integer.toUnsignedLong(made.mailbox().number());
                        if (mailboxBase < 0) mailboxBase = number - 1;
                    }
                    default -> {}
                }
            }
            return true;
        });
    }
}
