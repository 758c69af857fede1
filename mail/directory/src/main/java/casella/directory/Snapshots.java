package casella.directory;

import casella.base.Bulkhead;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.sqlite.Migrations;
import casella.sqlite.Statements;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sqlite.SQLiteConfig;

/// Keeps a copy of the database, made after changes, from which log-in goes on without it.
///
/// `directory.snapshot` is the newest whole copy and `directory.snapshot.previous` the one before; a copy is checked and
/// synced before it takes the name. A copy is made at most every `interval`, and no oftener than twenty times what the
/// last one took, so that a large directory is not copied all day.
final class Snapshots implements AutoCloseable {
    static final String NEWEST = "directory.snapshot";
    static final String SEALS = "directory.snapshot.seals";
    static final String PREVIOUS = "directory.snapshot.previous";

    private static final int PAUSE_FACTOR = 20;
    private static final Duration TIME_MAX = Duration.ofMinutes(10);

    private final Path folder;
    private final Path database;
    private final Duration interval;
    private final Bulkhead bulkhead = new Bulkhead("directory.snapshot", 1, 4);
    private final AtomicBoolean dirty = new AtomicBoolean();
    private final Semaphore signal = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean stopped;

    Snapshots(Path folder, Path database, Duration interval) {
        this.folder = folder;
        this.database = database;
        this.interval = interval;
        this.thread = Thread.ofVirtual().name("directory.snapshots").start(this::serve);
    }

    /// Says that there is something to copy.
    void changed() {
        dirty.set(true);
        signal.release();
    }

    /// Makes no more copies: what would be copied is damaged.
    void stop() {
        stopped = true;
    }

    private void serve() {
        try {
            Duration pause = interval;
            while (closing.getCount() > 0) {
                signal.acquire();
                if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) return;
                signal.drainPermits();
                long from = System.nanoTime();
                if (dirty.getAndSet(false)) take();
                Duration rest = Duration.ofNanos(System.nanoTime() - from).multipliedBy(PAUSE_FACTOR);
                pause = rest.compareTo(interval) > 0 ? rest : interval;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Makes a copy now, if there is a database to copy.
    void take() {
        if (stopped) return;
        try {
            bulkhead.call(TIME_MAX, () -> {
                copy();
                return null;
            });
        } catch (Fault e) {
            Log.event(Event.DIRECTORY_SNAPSHOT_FAILED, e);
        }
    }

    private void copy() throws Exception {
        Path fresh = folder.resolve(NEWEST + ".new");
        Files.deleteIfExists(fresh);
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        try (var s = new Statements(config.createConnection("jdbc:sqlite:" + database))) {
            s.change("VACUUM INTO ?", fresh.toString());
        }
        try (var s = new Statements(config.createConnection("jdbc:sqlite:file:" + fresh + "?immutable=1"))) {
            String found = s.row("PRAGMA quick_check(1)", row -> row.getString(1)).orElse("nothing");
            if (!found.equals("ok") || Migrations.version(s) == 0) throw new IOException("the copy fails its check");
        }
        sync(fresh);
        Path newest = folder.resolve(NEWEST);
        Path previous = folder.resolve(PREVIOUS);
        // Before the names change: whichever has them then has its seal.
        Seals.seal(folder.resolve(SEALS), List.of(fresh, newest));
        if (Files.exists(newest)) Files.move(newest, previous, StandardCopyOption.ATOMIC_MOVE);
        Files.move(fresh, newest, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes a last copy if something changed since the one before.
    @Override
    public void close() {
        closing.countDown();
        signal.release();
        try {
            thread.join(TIME_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (dirty.getAndSet(false)) take();
        bulkhead.close();
    }
}
