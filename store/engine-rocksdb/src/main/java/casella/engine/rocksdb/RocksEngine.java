package casella.engine.rocksdb;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Committer;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.rocksdb.RocksFaults;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import casella.store.engine.Standing;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// The engine on RocksDB: one instance for all accounts of the node.
///
/// ```text
/// column family  key                          value
/// default        account:u64 key (Key)        as the table in Key says
/// own            "format"                     01
/// own            "probe"                      what the last probe wrote
/// ```
///
/// Threads: one committer writes and syncs for all callers; a pool reads, one hop a call; one more thread probes, so
/// that a probe tells whether the technology answers and not whether it is busy, and four ask for single accounts. If
/// native calls hang they hold these threads and nobody else's.
public final class RocksEngine implements Engine {
    public static final String TECHNOLOGY = "rocksdb";

    private static final int BATCH_BYTES_MAX = 32 << 20;

    /// What a database holds, as of at most a few seconds ago; approximate.
    ///
    /// @param rows rows of all accounts
    /// @param diskBytes sorted files
    /// @param memoryBytes write buffers and block cache
    public record Figures(long rows, long diskBytes, long memoryBytes) {}

    private final Database database;
    private final RowWriter writer;
    private final Committer<RowWriter.Write> committer;
    private final Bulkhead readers;
    private final Bulkhead prober = new Bulkhead("engine.probe", 1, 4);
    private final Bulkhead accountProber = new Bulkhead("engine.account-probe", 4, 128);
    /// Accounts whose probe is under way: one that hangs holds one thread, however often it is asked.
    private final Map<AccountId, Ticket<Boolean>> asked = new ConcurrentHashMap<>();
    private volatile Figures figures = new Figures(0, 0, 0);

    private RocksEngine(Database database, RocksEngineConfig config) {
        this.database = database;
        this.writer = new RowWriter(database, this::count);
        this.committer = new Committer<>("engine.write", writer);
        this.readers = new Bulkhead("engine.read", config.readThreads(), config.readsWaitingMax());
    }

    /// Opens the engine in `folder`, making it where the folder holds none. Blocks: call it from a platform thread.
    ///
    /// @throws Fault.Corrupt if its files are damaged: never an empty engine in their place
    /// @throws Fault.Unavailable if another process holds it, or the folder cannot be read
    public static RocksEngine open(Path folder, RocksEngineConfig config) {
        return open(folder, config, () -> {});
    }

    /// As above, for tests that hang it.
    ///
    /// @param entering runs where a native thread begins to call the library, on that thread: what holds it there holds
    ///        it as a hung call would
    public static RocksEngine open(Path folder, RocksEngineConfig config, Runnable entering) {
        return new RocksEngine(Database.open(folder, config, entering), config);
    }

    /// Says whether opening ended the log before its end, as kill -9 leaves it, and as damage does: accounts may be behind
    /// what was answered and must be compared with the tail, which they are after any start.
    public boolean cut() {
        return database.cut();
    }

    @Override
    public String technology() {
        return TECHNOLOGY;
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        return readers.call(account, time, () -> {
            database.enter();
            try (var rows = new RocksRows(database, account)) {
                return reading.read(rows);
            } finally {
                database.leave();
            }
        });
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        if (batch.bytes() > BATCH_BYTES_MAX) {
            var fault = new Fault.Exhausted("Batch too large", Map.of("bytes", batch.bytes(), "max", BATCH_BYTES_MAX));
            return Ticket.failed("engine.write", fault);
        }
        try {
            var _ = new Standing(batch.version(), 0).after(batch);
        } catch (Fault | IllegalStateException mistake) {
            return Ticket.failed("engine.write", mistake);
        }
        return submit(RowWriter.Write.of(account, batch), batch.bytes());
    }

    @Override
    public Ticket<Outcome> erase(AccountId account) {
        return submit(RowWriter.Write.erasure(account), RocksRows.ACCOUNT_BYTES);
    }

    private Ticket<Outcome> submit(RowWriter.Write write, long bytes) {
        var ticket = new Ticket<Outcome>("engine.write");
        committer.submit(write, bytes).whenAnswered((_, failure) -> write.answer(ticket, failure));
        return ticket;
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        if (limit < 1 || limit > 10_000) throw new IllegalArgumentException("accounts limit: must be 1 to 10,000");
        return readers.call(time, () -> {
            database.enter();
            try {
                return page(after, limit);
            } finally {
                database.leave();
            }
        });
    }

    /// Jumps from each account's first row over the rest of it.
    private List<AccountId> page(@Nullable AccountId after, int limit) {
        var found = new ArrayList<AccountId>();
        try (RocksIterator at = database.db().newIterator(database.rows())) {
            if (after == null) at.seekToFirst();
            else at.seek(RocksRows.end(after));
            while (at.isValid() && found.size() < limit) {
                var account = new AccountId(ByteBuffer.wrap(at.key()).getLong());
                found.add(account);
                at.seek(RocksRows.end(account));
            }
            at.status();
            return found;
        } catch (RocksDBException e) {
            throw RocksFaults.of("Accounts cannot be listed", e);
        }
    }

    @Override
    public void probe(Duration time) {
        prober.call(time, () -> {
            database.enter();
            try {
                database.probe();
                return 0;
            } catch (RocksDBException e) {
                throw RocksFaults.of("Probe failed", e);
            } finally {
                database.leave();
            }
        });
    }

    @Override
    public boolean answers(AccountId account, Duration time) {
        Deadline deadline = Deadline.in(time);
        Ticket<Boolean> ticket = asked.compute(account, (_, before) ->
                before != null && !before.answered()
                        ? before : accountProber.submit(deadline, () -> head(account)));
        try {
            return ticket.await(deadline);
        } catch (Fault.Unavailable e) {
            if (accountProber.open()) throw e;
            return false;
        } catch (Fault e) {
            return true;
        } finally {
            if (ticket.answered()) asked.remove(account, ticket);
        }
    }

    private boolean head(AccountId account) {
        database.enter();
        try (var rows = new RocksRows(database, account)) {
            var _ = rows.get(new Key.Head().bytes());
            return true;
        } finally {
            database.leave();
        }
    }

    /// Reads every block of every file and compares its checksum. Slow: minutes for a large engine, on a reader's thread.
    ///
    /// @throws Fault.Corrupt if one is damaged
    public void verify(Duration time) {
        readers.call(time, () -> {
            database.enter();
            try {
                database.db().verifyChecksum();
                return 0;
            } catch (RocksDBException e) {
                throw RocksFaults.of("Engine's files are damaged", e);
            } finally {
                database.leave();
            }
        });
    }

    @Override
    public Duration oldestCall() {
        Duration read = readers.oldest();
        Duration write = committer.oldest();
        return read.compareTo(write) > 0 ? read : write;
    }

    @Override
    public void giveUp() {
        readers.giveUp();
        committer.giveUp();
    }

    @Override
    public void giveUp(AccountId account) {
        readers.giveUp(account);
    }

    @Override
    public long syncs() {
        return writer.syncs();
    }

    /// Returns figures as of the last time the writer was idle; never waits.
    public Figures figures() {
        return figures;
    }

    private void count() {
        try {
            figures = new Figures(
                    database.db().getLongProperty(database.rows(), "rocksdb.estimate-num-keys"),
                    database.db().getLongProperty(database.rows(), "rocksdb.total-sst-files-size"),
                    database.db().getLongProperty(database.rows(), "rocksdb.cur-size-all-mem-tables")
                            + database.db().getLongProperty(database.rows(), "rocksdb.block-cache-usage"));
        } catch (RocksDBException e) {
            throw RocksFaults.of("Figures cannot be read", e);
        }
    }

    /// Commits what waits and closes. A native call that hangs is left behind after 5 s.
    @Override
    public void close() {
        committer.close();
        readers.close();
        prober.close();
        accountProber.close();
        database.close();
    }
}
