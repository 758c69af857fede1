package casella.sqlite;

import casella.base.Bulkhead;
import casella.base.Fault;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// One SQLite file behind bulkheads: one thread writes, a few read. Nobody else calls SQLite.
///
/// A commit is synced (WAL, `synchronous=FULL`) before [#write] returns.
public final class Database implements AutoCloseable {
    /// What is done with a connection, on a thread of the bulkhead.
    public interface Work<T extends @Nullable Object> {
        T run(Statements s) throws SQLException;
    }

    private static final int READERS = 3;
    private static final Duration OPEN_TIME = Duration.ofMinutes(2);

    private final Path file;
    private final Migrations migrations;
    private final Bulkhead readers;
    private final @Nullable Bulkhead writer;
    private final ArrayBlockingQueue<Statements> readConnections = new ArrayBlockingQueue<>(READERS);
    private @Nullable Statements writeConnection;

    private Database(Path file, String name, Migrations migrations, boolean writable) {
        this.file = file;
        this.migrations = migrations;
        readers = new Bulkhead(name + ".read", READERS, 1_024);
        writer = writable ? new Bulkhead(name + ".write", 1, 256) : null;
    }

    /// Opens `file`, making it and bringing its tables up to date.
    ///
    /// @param name of its threads and in logs: `directory`
    /// @param mayBeNew whether an empty or absent file is a new database; if not, it is a lost one
    /// @throws Fault.Corrupt if it is damaged, lost, or of a newer program
    public static Database open(Path file, String name, Migrations migrations, boolean mayBeNew) {
        var database = new Database(file, name, migrations, true);
        return database.opened(() -> {
            var s = new Statements(config(false).createConnection("jdbc:sqlite:" + file));
            database.writeConnection = s;
            check(s, file);
            if (!mayBeNew && Migrations.version(s) == 0) {
                throw new Fault.Corrupt("The database is empty", Map.of("file", file.getFileName()));
            }
            migrations.migrate(s);
            return s;
        });
    }

    /// Opens `file`, which no one writes any more, for reading.
    ///
    /// @throws Fault.Corrupt if it is damaged, empty, or not of this program's version
    public static Database openSnapshot(Path file, String name, Migrations migrations) {
        var database = new Database(file, name, migrations, false);
        return database.opened(() -> null);
    }

    private Database opened(java.util.concurrent.Callable<@Nullable Statements> first) {
        try {
            if (writer != null) writer.call(OPEN_TIME, () -> caught(first));
            readers.call(OPEN_TIME, () -> caught(() -> {
                for (int i = 0; i < READERS; i++) {
                    readConnections.add(new Statements(config(true).createConnection(url())));
                }
                if (writer == null) checkSnapshot();
                return null;
            }));
            return this;
        } catch (Fault e) {
            close();
            throw e;
        }
    }

    private void checkSnapshot() throws SQLException {
        Statements s = readConnections.element();
        check(s, file);
        if (Migrations.version(s) != migrations.version()) {
            throw new Fault.Corrupt("The snapshot is of another version", Map.of("version", Migrations.version(s)));
        }
    }

    private String url() {
        // Nobody writes a snapshot: without `immutable` SQLite would make -wal and -shm files beside it.
        return writer == null ? "jdbc:sqlite:file:" + file + "?immutable=1" : "jdbc:sqlite:" + file;
    }

    private static SQLiteConfig config(boolean reader) {
        var config = new SQLiteConfig();
        config.setReadOnly(reader);
        if (!reader) {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.enforceForeignKeys(true);
        }
        config.setBusyTimeout(5_000);
        return config;
    }

    private static void check(Statements s, Path file) throws SQLException {
        String found = s.row("PRAGMA quick_check(1)", row -> row.getString(1)).orElse("nothing");
        if (!found.equals("ok")) {
            throw new Fault.Corrupt("The database fails its check", Map.of("file", file.getFileName()));
        }
    }

    /// Runs `work` on a reading connection.
    ///
    /// @throws Fault.Unavailable if it does not answer in time
    /// @throws Fault.Corrupt if the file is damaged
    public <T extends @Nullable Object> T read(Duration time, Work<T> work) {
        return readers.call(time, () -> caught(() -> {
            Statements s = readConnections.poll(); // as many as threads, so there is one until it is closed
            if (s == null) throw new Fault.Unavailable("The database is not open", Map.of());
            try {
                return work.run(s);
            } finally {
                readConnections.add(s);
            }
        }));
    }

    /// Runs `work` in one transaction; it is committed and synced when this returns.
    ///
    /// @throws Fault.Unavailable also if the deadline passed: the outcome is then unknown
    public <T extends @Nullable Object> T write(Duration time, Work<T> work) {
        if (writer == null) throw new Fault.Unavailable("The database cannot be changed now", Map.of());
        return writer.call(time, () -> caught(() -> {
            Statements s = writing();
            s.run("BEGIN IMMEDIATE");
            boolean committed = false;
            try {
                T value = work.run(s);
                s.run("COMMIT");
                committed = true;
                return value;
            } finally {
                if (!committed) rollback(s);
            }
        }));
    }

    private static void rollback(Statements s) {
        try {
            s.run("ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back by itself (full disk, I/O error); the first failure is the one to report
            return;
        }
    }

    private Statements writing() {
        Statements s = writeConnection;
        if (s == null) throw new Fault.Unavailable("The database is not open", Map.of());
        return s;
    }

    /// Damage and loss are `Corrupt`; a full disk is `Exhausted`; the rest may pass.
    private <T extends @Nullable Object> T caught(java.util.concurrent.Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (SQLiteException e) {
            SQLiteErrorCode code = e.getResultCode();
            Map<String, Object> facts = Map.of("file", file.getFileName(), "code", code.name());
            throw switch (code.code & 0xFF) {
                case 10, 11, 14, 26 -> // IOERR, CORRUPT, CANTOPEN, NOTADB
                    new Fault.Corrupt("The database cannot be read", facts, e);
                case 13 -> new Fault.Exhausted("The disk of the database is full", facts);
                default -> new Fault.Unavailable("The database did not answer", facts, e);
            };
        }
    }

    /// Ends the readers and the writer; what was committed stays in the log if it cannot be folded in.
    @Override
    public void close() {
        try {
            if (writer != null) writer.call(Duration.ofSeconds(5), () -> {
                if (writeConnection == null) return null;
                for (Statements s; (s = readConnections.poll()) != null; ) s.close();
                writeConnection.close();
                return null;
            });
            else readers.call(Duration.ofSeconds(5), () -> {
                for (Statements s; (s = readConnections.poll()) != null; ) s.close();
                return null;
            });
        } catch (Fault e) {
            // closing a damaged file fails; there is nothing to save that is not already synced
        } finally {
            if (writer != null) writer.close();
            readers.close();
        }
    }
}
