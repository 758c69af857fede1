package casella.store.standby;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.archive.JournalRows;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.OverlaidRows;
import casella.store.engine.Rows;
import casella.store.engine.SortedRows;
import casella.store.engine.Standing;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One account as the standby serves it: rows out of its journal, and over them in memory what changed since.
///
/// Nothing here is the only copy of anything: each change is in the tail before it is written here (whoever
/// writes asks [#admits] first). A read is of one moment; a write is arithmetic under a lock and never waits for
/// a page.
final class StandbyView {
    private static final byte[] HEAD = new Key.Head().bytes();

    private final AccountId account;
    private final JournalRows journal;
    private volatile SortedRows over;
    private volatile Epoch epoch = Epoch.HELD;
    private volatile long used = System.nanoTime();
    private volatile long written = System.nanoTime();

    /// Whether this view may be written.
    enum Epoch {
        HELD,
        /// A return is ending: the live engine is given its epoch.
        GIVEN,
        /// The live engine may have a higher one: another must be claimed first.
        DOUBTED
    }

    StandbyView(AccountId account, JournalRows journal) {
        this.account = account;
        this.journal = journal;
        this.over = journal.over();
    }

    AccountId account() {
        return account;
    }

    /// Returns the head as it is now. Needs no page.
    HeadRow head() {
        byte[] head = over.get(HEAD);
        if (head == null) throw new IllegalStateException("standby: a view without a head");
        return HeadRow.of(head);
    }

    /// Shuts out who holds a lower epoch, and takes changes.
    synchronized void raise(long higher) {
        HeadRow head = head();
        if (head.epoch() < higher) over = over.with(HEAD, head.under(higher).bytes());
        epoch = Epoch.HELD;
    }

    /// Takes no change until [#raise].
    synchronized void stop(Epoch why) {
        epoch = why;
    }

    Epoch epoch() {
        return epoch;
    }

    Rows rows(Deadline deadline) {
        used = System.nanoTime();
        return new OverlaidRows(journal.below(deadline), over);
    }

    /// Says what would become of a batch now.
    ///
    /// @throws Fault.Unavailable if the view takes no change now
    synchronized Engine.Outcome admits(Batch batch) {
        if (epoch != Epoch.HELD) throw new Fault.Unavailable("The account is being switched",
                Map.of("account", account));
        Standing standing = Standing.of(over.get(HEAD));
        if (!standing.admits(batch)) {
            return new Engine.Outcome.Refused(standing.version(), standing.epoch());
        }
        var _ = standing.after(batch);
        return new Engine.Outcome.Written();
    }

    synchronized Ticket<Engine.Outcome> write(Batch batch) {
        try {
            Engine.Outcome outcome = admits(batch);
            if (outcome instanceof Engine.Outcome.Written) {
                over = OverlaidRows.with(over, batch);
                written = System.nanoTime();
            }
            return done(outcome);
        } catch (RuntimeException failure) {
            return Ticket.failed("standby.write", failure);
        }
    }

    private static Ticket<Engine.Outcome> done(Engine.Outcome outcome) {
        return Ticket.done("standby.write", outcome);
    }

    /// Returns how many rows lie over the journal's.
    int rowsOver() {
        return over.size();
    }

    /// Returns when it was last written (nanoTime).
    long written() {
        return written;
    }

    /// Returns when it was last read (nanoTime).
    long used() {
        return used;
    }

    static <T extends @Nullable Object> T read(Rows rows, Engine.Reading<T> reading) {
        try {
            return reading.read(rows);
        } catch (RuntimeException failure) {
            // As a bulkhead would hand it over: a fault as it is, anything else as Unavailable.
            return Ticket.<T>failed("standby.read", failure).await(Deadline.in(java.time.Duration.ZERO));
        }
    }
}
