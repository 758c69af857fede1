package casella.queue;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.sqlite.Statements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;

/// What waits, in one SQLite file with one thread of its own. Derived: lost, damaged or left behind it is made again
/// from the queue's files, and meanwhile mail is taken without it. Where it only lags, the files it does not know are
/// read, and no others.
///
/// Commits are in the order of the log's records, so a crash leaves the index as it was a moment ago, never a mixture.
final class QueueIndex implements AutoCloseable {
    /// What is done with the tables, on the index's thread, in one transaction.
    interface Work<T extends @Nullable Object> {
        T run(QueueRows rows) throws SQLException;
    }

    /// Reads the queue's files for an index that does not know them.
    interface Source {
        /// @param fresh whether the index is being made: it takes records by [QueueRows#take]; if not, it lacks only
        ///     what is not in its sealed segments
        /// @param running whether news were forgotten: all the log has now is to be read. If not, what was there when
        ///     it was opened, and all since is news
        /// @return false if what an index that is not fresh says cannot be: it is to be made anew
        boolean fill(QueueIndex index, boolean fresh, boolean running);
    }

    private static final Duration OPEN_TIME = Duration.ofMinutes(30);
    private static final Duration APPLY_TIME = Duration.ofMinutes(1);
    private static final String SHAPE = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid";
    private static final int CALLS_WAITING_MAX = 1_024;
    /// News that wait while the index does not answer; with more it is made anew when it does.
    private static final int NEWS_MAX = 50_000;
    private static final int BATCH = 1_000;
    /// Pages in memory, in KiB: with fewer each record of a large queue costs reads.
    private static final int CACHE_KIB = 64 << 10;
    private static final long RETRY_NANOS = Duration.ofSeconds(2).toNanos();
    /// Doublings of the time between two attempts to make it.
    private static final int RETRY_DOUBLED_MAX = 5;

    private final Path file;
    private final Room room;
    private final Source source;
    private final Clock clock;
    private final Bulkhead bulkhead = new Bulkhead("queue.index", 1, CALLS_WAITING_MAX);
    private final ConcurrentLinkedQueue<QueueRows.News> news = new ConcurrentLinkedQueue<>();
    private final AtomicInteger newsCount = new AtomicInteger();
    /// News that were dropped: what they tell of is in the files that are read next.
    private final ConcurrentLinkedQueue<QueueRows.News> dropped = new ConcurrentLinkedQueue<>();
    /// News that the index has when it is counted next; of its own thread.
    private final List<QueueRows.News> uncounted = new ArrayList<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private @Nullable Statements statements;
    private long brokenAt;
    private int failures;
    /// News were dropped: files are to be read again that are not sealed.
    private volatile boolean behind;
    /// What it says may be wrong: it is to be made anew.
    private volatile boolean distrusted;
    private volatile boolean ready;
    private volatile boolean bringingUp = true;
    private volatile boolean closed;
    private volatile Runnable whenReady = () -> {};

    private QueueIndex(Path file, Room room, Source source, Clock clock) {
        this.file = file;
        this.room = room;
        this.source = source;
        this.clock = clock;
    }

    /// Opens the index in `file` and brings it up to what the files say: within `wait`, or beside the caller. An index
    /// that cannot be opened is no reason not to take mail: it is tried again at the next call.
    static QueueIndex open(Path file, Room room, Source source, Duration wait, Clock clock) {
        var index = new QueueIndex(file, room, source, clock);
        Ticket<Boolean> made = index.bulkhead.submit(
                Deadline.in(OPEN_TIME),
                () -> {
                    index.start(false);
                    return true;
                });
        made.whenAnswered((_, failure) -> {
            if (failure != null) Log.event(Event.QUEUE_INDEX_AWAY, failure, "file", file.getFileName());
        });
        try {
            made.await(Deadline.in(wait));
        } catch (Fault.Corrupt e) {
            index.close();
            throw e; // a file of a newer version: nothing may be guessed
        } catch (Fault e) {
            if (!made.answered()) Log.event(Event.QUEUE_INDEX_LATER, "file", file.getFileName());
        }
        return index;
    }

    /// Says whether it answers.
    boolean ready() {
        return ready && !behind && !distrusted && !bulkhead.open();
    }

    /// Says whether a call would have to wait for files to be read.
    boolean bringingUp() {
        return bringingUp;
    }

    /// Runs `then` each time it was brought up, on its thread: it must be short.
    void onReady(Runnable then) {
        whenReady = then;
    }

    /// Takes news of the log, in its order. Any thread, never blocks.
    void note(QueueRows.News one) {
        // After one was dropped nothing that follows it may be kept: the end of a file says that all of
        // it was.
        if (newsCount.get() >= NEWS_MAX || !dropped.isEmpty()) {
            dropped.add(one);
            behind = true;
            return;
        }
        news.add(one);
        newsCount.incrementAndGet();
        schedule();
    }

    /// Has the index made anew from the files before it is asked again.
    void distrust() {
        distrusted = true;
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) return;
        bulkhead.submit(
                        Deadline.in(APPLY_TIME),
                        () -> {
                            scheduled.set(false);
                            transact(_ -> true);
                            return true;
                        })
                .whenAnswered((_, failure) -> {
                    if (failure != null) scheduled.set(false);
                });
    }

    /// Runs `work` after all news there are.
    ///
    /// @throws Fault.Unavailable if the index does not answer in time
    <T extends @Nullable Object> T call(Duration time, Work<T> work) {
        return bulkhead.call(time, () -> transact(work));
    }

    // What follows runs on the index's thread.

    private <T extends @Nullable Object> T transact(Work<T> work) {
        if (statements == null || behind || distrusted) start(true);
        while (newsCount.get() > BATCH) commit(_ -> true);
        // News were dropped, or it was distrusted, while it was made: it does not know all that was kept.
        if (behind || distrusted) throw new Fault.Unavailable("The index of the queue must be made again",
                Map.of());
        return commit(work);
    }

    /// Runs `work` in a transaction of its own, without news: for who fills the index.
    <T extends @Nullable Object> T fill(Work<T> work) {
        if (closed) throw new Fault.Unavailable("Closed", Map.of());
        return commit(work, false);
    }

    /// Runs `work` in a transaction of its own, with the oldest news before it.
    private <T extends @Nullable Object> T commit(Work<T> work) {
        return commit(work, true);
    }

    private <T extends @Nullable Object> T commit(Work<T> work, boolean withNews) {
        Statements s = statements;
        if (s == null) throw new Fault.Unavailable("The index of the queue is not open", Map.of());
        Room.Changes changes = room.changes();
        var rows = new QueueRows(s, changes);
        try {
            s.run("BEGIN IMMEDIATE");
            boolean committed = false;
            try {
                int taken = withNews ? apply(rows) : 0;
                T value = work.run(rows);
                s.run("COMMIT");
                committed = true;
                for (int i = 0; i < taken; i++) uncounted.add(news.remove());
                newsCount.addAndGet(-taken);
                if (ready) changes.tell(arrived());
                return value;
            } finally {
                if (!committed) rollback(s);
            }
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /// Returns what the index holds since it was last asked: none of it is on its way any more.
    private List<Room.Taken> arrived() {
        var arrived = new ArrayList<Room.Taken>();
        for (QueueRows.News one : uncounted) {
            if (one instanceof QueueRows.News.Written written && written.taken() != null) arrived.add(written.taken());
        }
        uncounted.clear();
        return arrived;
    }

    private int apply(QueueRows rows) throws SQLException {
        int taken = 0;
        for (QueueRows.News one : news) {
            if (taken == BATCH) break;
            rows.apply(one);
            taken++;
        }
        return taken;
    }

    private static void rollback(Statements s) {
        try {
            s.run("ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back by itself (full disk, I/O error); the first failure is the one to report
            return;
        }
    }

    private Fault fault(SQLException e) {
        int code = e instanceof SQLiteException own ? own.getResultCode().code & 0xFF : 0;
        Map<String, Object> facts = Map.of("file", file.getFileName(), "code", code);
        return switch (code) {
            case 13 -> new Fault.Exhausted("The disk of the queue's index is full", facts);
            // none, BUSY, LOCKED, NOMEM, INTERRUPT: it may answer the next time
            case 0, 5, 6, 7, 9 -> new Fault.Unavailable("The index of the queue did not answer", facts, e);
            // The statements never change: whatever else one ends with, the file is not what they were written for.
            default -> {
                shut();
                distrusted = true;
                brokenAt = clock.nanos();
                Log.event(Event.QUEUE_INDEX_AWAY, e, "file", file.getFileName(), "code", code);
                yield new Fault.Unavailable("The index of the queue is damaged", facts, e);
            }
        };
    }

    /// Opens the file, or makes a new one, and fills it from the log's files.
    private void start(boolean running) {
        long pause = RETRY_NANOS << Math.min(failures, RETRY_DOUBLED_MAX);
        if (brokenAt != 0 && clock.nanos() - brokenAt < pause) {
            throw new Fault.Unavailable("The index of the queue is not open", Map.of());
        }
        boolean made = false;
        bringingUp = true;
        try {
            bringUp(running);
            made = true;
        } finally {
            if (!made) {
                shut(); // half filled: nobody may ask it
                brokenAt = clock.nanos();
                failures++;
            }
            bringingUp = false;
        }
        failures = 0;
        whenReady.run();
    }

    private void bringUp(boolean running) {
        boolean existed = Files.exists(file);
        boolean anew = distrusted;
        ready = false;
        brokenAt = clock.nanos();
        // Before anything is forgotten or read: what comes meanwhile asks for another making.
        distrusted = false;
        behind = false;
        boolean fresh = anew || (statements == null && !opened());
        if (fresh) make();
        if (running) forgetNews();
        if (!source.fill(this, fresh, running)) {
            fresh = true;
            make();
            source.fill(this, true, running);
        }
        if (fresh) arrange();
        else if (!running) fill(rows -> {
            rows.remote().nothingUnderWay();
            return true;
        });
        while (newsCount.get() > 0) commit(_ -> true);
        Room.Changes all = room.changes();
        commit(
                rows -> {
                    rows.count(all);
                    return true;
                });
        all.tellAll(arrived());
        if (fresh && (existed || room.items() > 0)) Log.event(Event.QUEUE_INDEX_REBUILT, "items",
                room.items());
        brokenAt = 0;
        ready = true;
    }

    /// What was made is whole from now on: until here it is made anew after a crash.
    private void arrange() {
        fill(rows -> {
            rows.arrange();
            return true;
        });
        Statements s = statements;
        if (s == null) throw new Fault.Unavailable("The index of the queue is not open", Map.of());
        try {
            s.run("PRAGMA application_id = " + shape(s));
            s.run("PRAGMA user_version = " + QueueRows.VERSION);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /// All that is news now is in the files that are read next.
    private void forgetNews() {
        for (QueueRows.News one; (one = dropped.poll()) != null; ) uncounted.add(one);
        for (QueueRows.News one; (one = news.poll()) != null; ) {
            newsCount.decrementAndGet();
            uncounted.add(one);
        }
    }

    /// Returns whether there is a whole index of this version.
    private boolean opened() {
        if (!Files.exists(file)) return false;
        try {
            Statements s = new Statements(config().createConnection("jdbc:sqlite:" + file));
            statements = s;
            // Also that tables and their indexes say the same: SQLite has no checksums.
            String check = s.rows("PRAGMA integrity_check(1)", row -> row.getString(1)).getFirst();
            boolean whole = check.equals("ok") && s.number("PRAGMA user_version") == QueueRows.VERSION
                    && s.number("PRAGMA application_id") == shape(s);
            if (whole && new QueueRows(s, room.changes()).sound()) return true;
        } catch (SQLException e) {
            Log.event(Event.QUEUE_INDEX_AWAY, e, "file", file.getFileName());
        }
        return false;
    }

    /// Returns the CRC-32 of the text that says which tables there are: of a turned letter in it nothing else would tell.
    private static int shape(Statements s) throws SQLException {
        var sum = new CRC32();
        for (String sql : s.rows(SHAPE, row -> row.getString(1))) {
            sum.update(sql.getBytes(StandardCharsets.UTF_8));
        }
        return (int) sum.getValue();
    }

    private void make() {
        shut();
        try {
            for (String end : List.of("", "-wal", "-shm", "-journal")) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            statements = new Statements(config().createConnection("jdbc:sqlite:" + file));
            for (String sql : QueueRows.TABLES.split(";\n")) statements.run(sql);
        } catch (SQLException e) {
            shut();
            throw fault(e);
        } catch (IOException e) {
            throw new Fault.Unavailable("The index of the queue cannot be made", Map.of("file", file), e);
        }
    }

    private static SQLiteConfig config() {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // Derived: what the last moment brought is read from the files again.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(5_000);
        config.setCacheSize(-CACHE_KIB);
        return config;
    }

    private void shut() {
        Statements s = statements;
        statements = null;
        ready = false;
        if (s == null) return;
        try {
            s.close();
        } catch (SQLException e) {
            Log.event(Event.QUEUE_INDEX_AWAY, e, "file", file.getFileName());
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            bulkhead.call(
                    Duration.ofSeconds(5),
                    () -> {
                        if (statements != null && !behind && !distrusted) {
                            while (newsCount.get() > 0) commit(_ -> true);
                        }
                        shut();
                        return true;
                    });
        } catch (Fault e) {
            // derived: what is not in it now is read from the files at the next start
        } finally {
            bulkhead.close();
        }
    }
}
