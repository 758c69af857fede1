package casella.rocksdb;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.RocksDB;

/// Everything native that belongs to one opened database.
///
/// Whoever calls into it does so between [#enter] and [#leave]; closing waits for them, because a native handle that is
/// freed under a running call ends the process.
public final class Handles implements AutoCloseable {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    static {
        RocksDB.loadLibrary();
    }

    private final String where;
    private final Runnable entering;
    private final ReentrantReadWriteLock uses = new ReentrantReadWriteLock();
    private final Deque<AutoCloseable> natives = new ArrayDeque<>();
    private boolean closed;

    /// @param where what it is part of, for logs: `engine`, a vault's name
    /// @param entering runs at the beginning of each use, on its thread and as a part of it: nothing, or what a test
    ///        holds native threads with
    public Handles(String where, Runnable entering) {
        this.where = where;
        this.entering = entering;
    }

    /// Takes `nativeThing` in, to be freed at the end in reverse order.
    public <N extends AutoCloseable> N keep(N nativeThing) {
        natives.push(nativeThing);
        return nativeThing;
    }

    /// Begins a use on this thread.
    ///
    /// @throws Fault.Unavailable if it is closed
    public void enter() {
        uses.readLock().lock();
        if (closed) {
            uses.readLock().unlock();
            throw new Fault.Unavailable("Closed", Map.of("where", where));
        }
        entering.run();
    }

    public void leave() {
        uses.readLock().unlock();
    }

    /// Waits up to 5 s for those who use it, then frees all. A use that hangs is left with all it holds: the process is
    /// about to end, and what was answered is synced.
    @Override
    public void close() {
        boolean alone = false;
        try {
            alone = uses.writeLock().tryLock(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!alone) {
            Log.event(Event.ROCKSDB_LEFT_OPEN, "where", where);
            return;
        }
        try {
            if (closed) return;
            closed = true;
            release();
        } finally {
            uses.writeLock().unlock();
        }
    }

    private void release() {
        while (!natives.isEmpty()) {
            try {
                natives.pop().close();
            } catch (Exception e) {
                Log.event(Event.ROCKSDB_CLOSE_FAILED, e, "where", where);
            }
        }
    }
}
