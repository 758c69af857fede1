package casella.server.scanning;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Committer;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.delivery.Scanning.Unscanned;
import casella.sqlite.Database;
import casella.sqlite.Migrations;
import casella.sqlite.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Which mail was taken and is still to be scanned: `scans.db` (docs/formats/scans.md).
///
/// What [#keep] was given is synced when it returns, or was logged as not kept, and is then remembered in memory until it is written or
/// the process ends: it never throws, for mail that nobody can scan is mail all the same. Nothing of a mail is in it but the account's
/// and the arrival's ids. Safe from any virtual thread, but for what the loop alone calls.
final class ScanList implements AutoCloseable {
    /// A mail on the list.
    ///
    /// @param since when it was taken
    /// @param tries how often it was looked for
    /// @param silences how often a scanner said nothing of it that answers otherwise
    record Row(AccountId account, ArrivalId arrival, Instant since, int tries, int silences) {}

    static final int ROWS_MAX = 2_000_000;
    private static final int UNWRITTEN_MAX = 10_000;
    private static final int FORMAT_BYTES = 64;
    private static final Duration TIME = Duration.ofSeconds(2);
    private static final Duration ANEW = Duration.ofSeconds(30);

    private static final Migrations MIGRATIONS = Migrations.of("""
            CREATE TABLE scans (account INTEGER NOT NULL, arrival BLOB NOT NULL, since INTEGER NOT NULL,
                due INTEGER NOT NULL, tries INTEGER NOT NULL, silences INTEGER NOT NULL,
                PRIMARY KEY (account, arrival)) WITHOUT ROWID;
            CREATE INDEX scans_since ON scans (since);
            """);

    private final Path folder;
    private final Clock clock;
    private final Committer<List<Row>> writing;
    private final ArrayBlockingQueue<Row> unwritten = new ArrayBlockingQueue<>(UNWRITTEN_MAX);
    private final AtomicLong count = new AtomicLong();
    private volatile long oldest = Long.MAX_VALUE;
    private volatile @Nullable Database database;
    private long triedAt;

    private ScanList(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        this.writing = new Committer<>("scans", this::insert);
    }

    /// Opens the list in `folder`, made if absent (mode 0700). A folder that cannot be used keeps no server from starting: it is tried
    /// again. Blocks on files.
    static ScanList open(Path folder, Clock clock) {
        var list = new ScanList(folder, clock);
        list.renew();
        return list;
    }

    /// Opens what could not be opened, and writes what could not be written. Called by the loop alone.
    void renew() {
        if (database == null && (triedAt == 0 || clock.nanos() - triedAt >= ANEW.toNanos())) {
            triedAt = clock.nanos() == 0 ? 1 : clock.nanos();
            begin();
        }
        if (database == null || unwritten.isEmpty()) return;
        var rows = new ArrayList<Row>();
        unwritten.drainTo(rows);
        try {
            write(rows);
        } catch (Fault e) {
            for (Row row : rows) if (!unwritten.offer(row)) break;
        }
    }

    private void begin() {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            database = opened();
            figures();
        } catch (IOException | Fault e) {
            Log.event(Event.SCANNING_NOT_KEPT, e, "folder", folder);
        }
    }

    private Database opened() throws IOException {
        Path file = folder.resolve("scans.db");
        try {
            return Database.open(file, "scans", MIGRATIONS, true);
        } catch (Fault.Corrupt e) {
            Path aside = folder.resolveSibling(folder.getFileName() + ".damaged-" + clock.now()
                    .toEpochMilli());
            Files.move(folder, aside);
            Log.event(Event.SCANNING_SET_ASIDE, e, "folder", aside);
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Database.open(file, "scans", MIGRATIONS, true);
        }
    }

    /// Takes note of mail that is about to be filed. Waits at most 2 s, and throws nothing.
    void keep(List<Unscanned> mails) {
        Instant now = clock.now();
        List<Row> rows = mails.stream().map(one -> new Row(one.account(), one.arrival(), now, 0, 0)).toList();
        try {
            write(rows);
        } catch (RuntimeException e) {
            // Whatever is wrong with the list is no reason to refuse mail.
            boolean remembered = true;
            for (Row row : rows) remembered &= unwritten.offer(row);
            Log.event(Event.SCANNING_NOT_KEPT, e, "mails", rows.size(), "remembered", remembered);
        }
    }

    private void write(List<Row> rows) {
        if (rows.isEmpty()) return;
        if (count.get() + rows.size() > ROWS_MAX) {
            throw new Fault.Exhausted("Too many mails are to be scanned", java.util.Map.of("max", ROWS_MAX));
        }
        writing.submit(rows, (long) FORMAT_BYTES * rows.size()).await(Deadline.in(TIME));
        count.addAndGet(rows.size());
        oldest = Math.min(oldest, rows.getFirst().since().toEpochMilli());
    }

    private void insert(List<List<Row>> batch) {
        open().write(TIME, s -> {
            for (List<Row> rows : batch) for (Row row : rows) insert(s, row);
            return true;
        });
    }

    /// Taken again after an unknown outcome it is the same mail.
    private static void insert(Statements s, Row row) throws SQLException {
        long since = row.since().toEpochMilli();
        s.change("INSERT OR IGNORE INTO scans (account, arrival, since, due, tries, silences) VALUES (?, ?, ?, ?, 0, 0)",
                row.account().value(), row.arrival().bytes(), since, since);
    }

    private Database open() {
        Database there = database;
        if (there == null) throw new Fault.Unavailable("The list is not open", java.util.Map.of("folder",
                folder));
        return there;
    }

    /// Returns mails that are due, the newest first: owners look at those. At most `limit`.
    List<Row> due(int limit) {
        if (database == null) return List.of();
        return open().read(TIME, s -> s.rows(
                "SELECT account, arrival, since, tries, silences FROM scans WHERE due <= ? ORDER BY since DESC LIMIT ?",
                row -> new Row(
                        new AccountId(row.getLong(1)), ArrivalId.of(row.getBytes(2)),
                                Instant.ofEpochMilli(row.getLong(3)),
                        row.getInt(4), row.getInt(5)),
                clock.now().toEpochMilli(), limit));
    }

    /// Looks for it again not before `wait` is over.
    ///
    /// @param silent whether a scanner said nothing of it
    void putOff(Row row, Duration wait, boolean silent) {
        open().write(TIME, s -> s.change(
                "UPDATE scans SET due = ?, tries = tries + 1, silences = silences + ? WHERE account = ? AND arrival = ?",
                clock.now().plus(wait).toEpochMilli(), silent ? 1 : 0, row.account().value(),
                row.arrival().bytes()));
    }

    /// Takes it off the list.
    void done(Row row) {
        open().write(TIME, s -> s.change("DELETE FROM scans WHERE account = ? AND arrival = ?", row.account()
                .value(),
                row.arrival().bytes()));
        count.decrementAndGet();
    }

    /// Takes all of an account off the list, and says whether that is done.
    boolean forget(AccountId account) {
        unwritten.removeIf(row -> row.account().equals(account));
        if (database == null) return false;
        count.addAndGet(-open().write(TIME, s -> s.change("DELETE FROM scans WHERE account = ?",
                account.value())));
        return true;
    }

    /// Counts anew. Called by the loop alone.
    void figures() {
        if (database == null) return;
        record Figures(long count, long oldest) {}
        Figures now = open().read(TIME, s -> new Figures(
                s.number("SELECT count(*) FROM scans"),
                s.row("SELECT min(since) FROM scans HAVING count(*) > 0", row -> row.getLong(1)).orElse(
                        Long.MAX_VALUE)));
        count.set(now.count());
        oldest = now.oldest();
    }

    /// Returns how many there are; from memory.
    long count() {
        return Math.max(0, count.get()) + unwritten.size();
    }

    /// Returns for how long the oldest has waited; from memory.
    Duration oldest() {
        long since = oldest;
        if (since == Long.MAX_VALUE || count.get() <= 0) return Duration.ZERO;
        Duration age = Duration.between(Instant.ofEpochMilli(since), clock.now());
        return age.isNegative() ? Duration.ZERO : age;
    }

    @Override
    public void close() {
        writing.close();
        Database there = database;
        if (there != null) there.close();
    }
}
