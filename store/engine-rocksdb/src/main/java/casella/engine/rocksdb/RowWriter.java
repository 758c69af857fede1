package casella.engine.rocksdb;

import casella.base.AccountId;
import casella.base.Committer;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine.Outcome;
import casella.store.engine.Key;
import casella.store.engine.Standing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Turns what many callers handed over into one synced write.
///
/// Each batch is decided on the committer's thread, the only writer, against the account's stored head row, or against
/// what an earlier batch of the same write leaves behind. No standing is remembered beyond one write, so none can be
/// stale. A batch whose account is damaged fails alone.
final class RowWriter implements Committer.Sink<RowWriter.Write> {
    /// One caller's wish. The outcome is set on the committer's thread before its ticket is answered.
    static final class Write {
        private final AccountId account;
        private final @Nullable Batch batch;
        private Outcome outcome = new Outcome.Written();
        private @Nullable RuntimeException failure;

        private Write(AccountId account, @Nullable Batch batch) {
            this.account = account;
            this.batch = batch;
        }

        static Write of(AccountId account, Batch batch) {
            return new Write(account, batch);
        }

        static Write erasure(AccountId account) {
            return new Write(account, null);
        }

        /// Answers `ticket` with what became of this write.
        void answer(Ticket<Outcome> ticket, @Nullable Throwable lost) {
            if (lost != null) ticket.fail(lost);
            else if (failure != null) ticket.fail(failure);
            else ticket.complete(outcome);
        }
    }

    private static final byte[] HEAD = new Key.Head().bytes();

    private final Database database;
    private final AtomicLong syncs = new AtomicLong();
    private final Runnable whenIdle;
    private boolean failing;

    /// @param whenIdle work for the committer's thread while nothing waits
    RowWriter(Database database, Runnable whenIdle) {
        this.database = database;
        this.whenIdle = whenIdle;
    }

    long syncs() {
        return syncs.get();
    }

    @Override
    public void commit(List<Write> writes) {
        database.enter();
        try (var out = new WriteBatch()) {
            var standings = new HashMap<AccountId, Standing>();
            for (Write write : writes) decide(write, standings, out);
            if (out.count() == 0) return;
            syncs.incrementAndGet();
            database.write(out);
            if (failing) Log.event(Event.ENGINE_WRITES_AGAIN, "engine", RocksEngine.TECHNOLOGY);
            failing = false;
        } catch (RocksDBException e) {
            if (!failing) Log.event(Event.ENGINE_WRITE_FAILED, e, "engine", RocksEngine.TECHNOLOGY);
            failing = true;
            throw database.fault("Rows cannot be written", e);
        } finally {
            database.leave();
        }
    }

    private void decide(Write write, Map<AccountId, Standing> standings, WriteBatch out)
            throws RocksDBException {
        @Nullable Batch batch = write.batch;
        if (batch == null) {
            out.deleteRange(database.rows(), RocksRows.stored(write.account, new byte[0]),
                    RocksRows.end(write.account));
            standings.put(write.account, Standing.NEW);
            return;
        }
        try {
            @Nullable Standing known = standings.get(write.account);
            Standing now = known == null ? stored(write.account) : known;
            if (!now.admits(batch)) {
                write.outcome = new Outcome.Refused(now.version(), now.epoch());
                return;
            }
            Standing next = now.after(batch);
            append(write.account, batch, out);
            standings.put(write.account, next);
        } catch (Fault | IllegalStateException e) {
            write.failure = e;
        }
    }

    private Standing stored(AccountId account) {
        try {
            return Standing.of(database.db().get(database.rows(), RocksRows.stored(account, HEAD)));
        } catch (RocksDBException e) {
            throw database.fault("Head row cannot be read", e);
        }
    }

    private void append(AccountId account, Batch batch, WriteBatch out) throws RocksDBException {
        for (byte[] key : batch.deletes()) out.delete(database.rows(), RocksRows.stored(account, key));
        for (Batch.Row row : batch.puts()) out.put(database.rows(), RocksRows.stored(account, row.key()),
                row.value());
    }

    @Override
    public void idle() {
        database.enter();
        try {
            whenIdle.run();
        } finally {
            database.leave();
        }
    }
}
