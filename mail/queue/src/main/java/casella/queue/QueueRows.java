package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.sqlite.Statements;
import casella.store.append.Place;
import casella.store.append.Segment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The index's tables, for one transaction.
///
/// ```text
/// segments  files all of whose records are in here; damaged: to be kept as evidence
/// items     arrival -> one recipient, and where its message's record is
/// lines     what waits for an account in one priority: how much, from when until when;
///           waiting 0: to be tried, 1: not before `due` (Unix milliseconds)
/// accounts  those whose last attempt failed, and when they are tried again
/// ```
///
/// An account that fails puts its lines off, three rows at most, however much waits for it.
final class QueueRows {
    static final int VERSION = 3;
    static final String TABLES =
            """
            CREATE TABLE segments (number INTEGER PRIMARY KEY, id INTEGER NOT NULL, damaged INTEGER NOT NULL);
            CREATE TABLE items (arrival BLOB PRIMARY KEY, account INTEGER NOT NULL, priority INTEGER NOT NULL,
                received INTEGER NOT NULL, size INTEGER NOT NULL, segment INTEGER NOT NULL,
                offset INTEGER NOT NULL, message INTEGER NOT NULL, mailbox INTEGER NOT NULL,
                address TEXT NOT NULL, sender TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE lines (account INTEGER NOT NULL, priority INTEGER NOT NULL, items INTEGER NOT NULL,
                bytes INTEGER NOT NULL, oldest INTEGER NOT NULL, newest INTEGER NOT NULL,
                waiting INTEGER NOT NULL, due INTEGER NOT NULL,
                        PRIMARY KEY (account, priority)) WITHOUT ROWID;
            CREATE TABLE accounts (account INTEGER PRIMARY KEY, attempts INTEGER NOT NULL,
                due INTEGER NOT NULL, why TEXT NOT NULL);
            """
                    + RemoteRows.TABLES;
    /// Whether somebody waits for the message at a place.
    static final String ANYBODY =
            "SELECT EXISTS (SELECT 1 FROM items WHERE segment = ?1 AND offset = ?2)"
                    + " + EXISTS (SELECT 1 FROM remote WHERE segment = ?1 AND offset = ?2)";
    private static final List<String> ARRANGEMENT =
            List.of(
                    "CREATE INDEX items_account ON items (account, priority, received, size)",
                    "CREATE INDEX items_place ON items (segment, offset, size)",
                    "INSERT INTO lines SELECT account, priority, count(*), sum(size), min(received), max(received), 0, 0"
                            + " FROM items GROUP BY account, priority",
                    "CREATE INDEX lines_newest ON lines (waiting, priority, newest)",
                    "CREATE INDEX lines_oldest ON lines (waiting, priority, oldest)",
                    "CREATE INDEX lines_due ON lines (waiting, due)");

    private static final String ITEM =
            "SELECT i.arrival, i.account, i.address, i.mailbox, i.message, i.priority, i.received, i.sender, i.size,"
                    + " i.segment, i.offset, coalesce(a.attempts, 0), coalesce(l.waiting, 0), coalesce(l.due, 0),"
                    + " coalesce(a.why, '') FROM items i"
                    + " LEFT JOIN lines l ON l.account = i.account AND l.priority = i.priority"
                    + " LEFT JOIN accounts a ON a.account = i.account ";
    private static final int WAKE_MAX = 10_000;

    /// What the log tells the index.
    sealed interface News {
        /// A record is synced at `place`.
        ///
        /// @param taken room taken for it until the index has it; null where none was
        record Written(Place place, QueueRecord.Said said, Room.@Nullable Taken taken) implements News {}

        /// Nothing more is written to `segment`, and all of it was told.
        record Left(Segment segment) implements News {}
    }

    private final Statements s;
    private final Room.Changes changes;
    private final RemoteRows remote;

    /// @param changes learns what recipients and messages come and go; to be told once that is committed
    QueueRows(Statements s, Room.Changes changes) {
        this.s = s;
        this.changes = changes;
        this.remote = new RemoteRows(s, changes);
    }

    /// Returns the tables of recipients elsewhere.
    RemoteRows remote() {
        return remote;
    }

    void apply(News news) throws SQLException {
        switch (news) {
            case News.Left(Segment segment) -> seal(segment, false);
            case News.Written(Place place, QueueRecord.Said said, _) -> apply(place, said);
        }
    }

    void apply(Place place, QueueRecord.Said said) throws SQLException {
        switch (said) {
            case QueueRecord.Message message -> place(place, message);
            case QueueRecord.Ended ended -> end(ended.arrival());
            case QueueRecord.Standing standing -> remote.stands(standing);
            case QueueRecord.Roll _ -> {}
        }
    }

    private void place(Place place, QueueRecord.Message message) throws SQLException {
        if (!waitsAt(place)) changes.bytes(message.size());
        for (QueueItem item : message.items()) {
            Standing before = standing(item.arrival());
            if (before != null && before.place().equals(place)) continue;
            put(place, message, item);
            joined(item.account(), message);
            // Kept again, after an unknown outcome or to be moved: the later record is the one that counts.
            if (before != null) left(before);
        }
        remote.place(place, message);
    }

    private void put(Place place, QueueRecord.Message message, QueueItem item) throws SQLException {
        MailboxId mailbox = item.mailbox();
        s.change(
                "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                item.arrival().bytes(),
                item.account().value(),
                message.priority().number(),
                message.received().toEpochMilli(),
                message.size(),
                place.segment(),
                place.offset(),
                message.id().value(),
                mailbox == null ? 0 : mailbox.number(),
                item.address(),
                message.sender());
    }

    /// A line grows by one; a new one of an account that failed is put off with it.
    private void joined(AccountId account, QueueRecord.Message message) throws SQLException {
        long received = message.received().toEpochMilli();
        s.change(
                "INSERT INTO lines VALUES (?1, ?2, 1, ?3, ?4, ?4, EXISTS (SELECT 1 FROM accounts WHERE account = ?1),"
                        + " coalesce((SELECT due FROM accounts WHERE account = ?1), 0))"
                        + " ON CONFLICT (account, priority) DO UPDATE SET items = items + 1,"
                        + " bytes = bytes + excluded.bytes, oldest = min(oldest, excluded.oldest),"
                        + " newest = max(newest, excluded.newest)",
                account.value(),
                message.priority().number(),
                message.size(),
                received);
        changes.items(account, message.priority(), 1, message.size());
    }

    /// What the index has of a recipient that waits.
    private record Standing(Place place, AccountId account, Priority priority, long received, long size) {}

    private @Nullable Standing standing(ArrivalId arrival) throws SQLException {
        List<Standing> found = s.rows(
                "SELECT segment, offset, account, priority, received, size FROM items WHERE arrival = ?",
                row -> new Standing(
                        new Place(row.getLong(1), row.getLong(2)), new AccountId(row.getLong(3)),
                        priority(row.getInt(4)), row.getLong(5), row.getLong(6)),
                (Object) arrival.bytes());
        return found.isEmpty() ? null : found.getFirst();
    }

    private boolean waitsAt(Place place) throws SQLException {
        return s.number(ANYBODY, place.segment(), place.offset()) > 0;
    }

    private void end(ArrivalId arrival) throws SQLException {
        if (remote.end(arrival)) return;
        Standing gone = standing(arrival);
        if (gone == null) return;
        s.change("DELETE FROM items WHERE arrival = ?", (Object) arrival.bytes());
        left(gone);
    }

    /// A recipient waits no more where it did: its line is shorter, and its message goes with its last one.
    private void left(Standing gone) throws SQLException {
        long account = gone.account().value();
        int priority = gone.priority().number();
        changes.items(gone.account(), gone.priority(), -1, -gone.size());
        if (!waitsAt(gone.place())) changes.bytes(-gone.size());
        if (s.change("DELETE FROM lines WHERE account = ? AND priority = ? AND items = 1", account,
                priority) > 0) return;
        s.change("UPDATE lines SET items = items - 1, bytes = bytes - ? WHERE account = ? AND priority = ?",
                gone.size(), account, priority);
        for (String end : List.of(OLDEST_LEFT, NEWEST_LEFT)) s.change(end, account, priority,
                gone.received());
    }

    private static final String OLDEST_LEFT =
            "UPDATE lines SET oldest = (SELECT received FROM items WHERE account = ?1 AND priority = ?2"
                    + " ORDER BY received LIMIT 1) WHERE account = ?1 AND priority = ?2 AND oldest = ?3";
    private static final String NEWEST_LEFT =
            "UPDATE lines SET newest = (SELECT received FROM items WHERE account = ?1 AND priority = ?2"
                    + " ORDER BY received DESC LIMIT 1) WHERE account = ?1 AND priority = ?2 AND newest = ?3";

    // Making.

    /// Takes a record into tables that are being made: one statement for each recipient, in the order of the places.
    /// Nothing but [#find(ArrivalId)] and the segments may be asked before [#arrange].
    void take(Place place, QueueRecord.Said said) throws SQLException {
        switch (said) {
            case QueueRecord.Message message -> {
                for (QueueItem item : message.items()) put(place, message, item);
                remote.take(place, message);
            }
            case QueueRecord.Ended ended -> {
                s.change("DELETE FROM items WHERE arrival = ?", (Object) ended.arrival().bytes());
                s.change("DELETE FROM remote WHERE id = ?", (Object) ended.arrival().bytes());
            }
            case QueueRecord.Standing standing -> remote.takeStanding(standing);
            case QueueRecord.Roll _ -> {}
        }
    }

    /// Makes of the recipients everything that is derived of them.
    void arrange() throws SQLException {
        for (String sql : ARRANGEMENT) s.run(sql);
        for (String sql : RemoteRows.ARRANGEMENT) s.run(sql);
    }

    static Priority priority(int number) {
        Priority priority = Priority.of(number);
        return priority == null ? Priority.PERSONAL : priority;
    }

    private static Waiting waiting(ResultSet row) throws SQLException {
        int mailbox = row.getInt(4);
        var item =
                new QueueItem(
                        ArrivalId.of(row.getBytes(1)),
                        new AccountId(row.getLong(2)),
                        row.getString(3),
                        mailbox == 0 ? null : new MailboxId(mailbox));
        return new Waiting(
                item,
                new QueueId(row.getLong(5)),
                priority(row.getInt(6)),
                Instant.ofEpochMilli(row.getLong(7)),
                row.getString(8),
                row.getLong(9),
                new Place(row.getLong(10), row.getLong(11)),
                row.getInt(12),
                Instant.ofEpochMilli(row.getInt(13) == 0 ? 0 : row.getLong(14)),
                row.getString(15));
    }

    /// Returns what is to be tried of a priority, newest or oldest first. An account can only be among them with its
    /// line among the first `limit` lines.
    List<Waiting> ready(Priority priority, boolean newest, int limit) throws SQLException {
        record Line(AccountId account, long received) {}
        String order = newest ? "DESC" : "ASC";
        String end = newest ? "newest" : "oldest";
        List<Line> lines = s.rows(
                "SELECT account, " + end + " FROM lines WHERE waiting = 0 AND priority = ? ORDER BY " + end
                        + " " + order
                        + " LIMIT ?",
                row -> new Line(new AccountId(row.getLong(1)), row.getLong(2)),
                priority.number(),
                limit);
        Comparator<Waiting> byAge = Comparator.comparing(Waiting::received);
        var first = new ArrayList<Waiting>();
        for (Line line : lines) {
            if (first.size() == limit) {
                long last = first.getLast().received().toEpochMilli();
                if (newest ? line.received() <= last : line.received() >= last) break;
            }
            first.addAll(s.rows(
                    ITEM + "WHERE i.account = ? AND i.priority = ? ORDER BY i.received " + order + " LIMIT ?",
                    QueueRows::waiting,
                    line.account().value(),
                    priority.number(),
                    limit));
            first.sort(newest ? byAge.reversed() : byAge);
            if (first.size() > limit) first.subList(limit, first.size()).clear();
        }
        return first;
    }

    List<Waiting> list(@Nullable ArrivalId after, int limit) throws SQLException {
        byte[] from = after == null ? new byte[0] : after.bytes();
        return s.rows(ITEM + "WHERE i.arrival > ? ORDER BY i.arrival LIMIT ?", QueueRows::waiting, from,
                limit);
    }

    @Nullable Waiting find(ArrivalId arrival) throws SQLException {
        List<Waiting> found = s.rows(ITEM + "WHERE i.arrival = ?", QueueRows::waiting,
                (Object) arrival.bytes());
        return found.isEmpty() ? null : found.getFirst();
    }

    /// Reads all recipients: for a person who asks.
    List<Waiting> of(QueueId message) throws SQLException {
        return s.rows(ITEM + "WHERE i.message = ? ORDER BY i.arrival", QueueRows::waiting, message.value());
    }

    List<Waiting> at(Place place) throws SQLException {
        return s.rows(ITEM + "WHERE i.segment = ? AND i.offset = ? ORDER BY i.arrival", QueueRows::waiting,
                place.segment(), place.offset());
    }

    List<Waiting> of(AccountId account, int limit) throws SQLException {
        return s.rows(
                ITEM + "WHERE i.account = ? ORDER BY i.segment, i.offset, i.arrival LIMIT ?",
                QueueRows::waiting,
                account.value(),
                limit);
    }

    /// Puts all that waits for an account off.
    void defer(AccountId account, int attempts, long due, String why) throws SQLException {
        s.change("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)", account.value(), attempts, due, why);
        s.change("UPDATE lines SET waiting = 1, due = ? WHERE account = ?", due, account.value());
    }

    /// Forgets that an account failed: what waits for it is to be tried now.
    void served(AccountId account) throws SQLException {
        if (s.change("DELETE FROM accounts WHERE account = ?", account.value()) == 0) return;
        s.change("UPDATE lines SET waiting = 0 WHERE account = ? AND waiting = 1", account.value());
    }

    /// Makes lines that are due ready, some at a time; returns how many.
    int wake(long due) throws SQLException {
        return s.change(
                "UPDATE lines SET waiting = 0 WHERE (account, priority) IN"
                        + " (SELECT account, priority FROM lines WHERE waiting = 1 AND due <= ? LIMIT ?)",
                due,
                WAKE_MAX);
    }

    /// Returns when the next one is due, or null.
    @Nullable Long nextDue() throws SQLException {
        List<Long> found = s.rows(
                "SELECT due FROM lines WHERE waiting = 1 ORDER BY due LIMIT 1", row -> row.getLong(1));
        return found.isEmpty() ? null : found.getFirst();
    }

    /// Returns when the oldest message of each priority was received, of those that have one.
    ///
    /// @param deferred of what is put off; otherwise of what is to be tried now
    Map<Priority, Long> oldest(boolean deferred) throws SQLException {
        var oldest = new EnumMap<Priority, Long>(Priority.class);
        for (Priority priority : Priority.values()) {
            List<Long> found = s.rows(
                    "SELECT oldest FROM lines WHERE waiting = ? AND priority = ? ORDER BY oldest LIMIT 1",
                    row -> row.getLong(1),
                    deferred ? 1 : 0,
                    priority.number());
            if (!found.isEmpty()) oldest.put(priority, found.getFirst());
        }
        return oldest;
    }

    /// Counts everything there is.
    void count(Room.Changes all) throws SQLException {
        all.bytes(s.number(
                "SELECT coalesce(sum(size), 0) FROM (SELECT size FROM (SELECT segment, offset, size FROM items"
                        + " UNION ALL SELECT segment, offset, size FROM remote) GROUP BY segment, offset)"));
        record Line(AccountId account, Priority priority, int items, long bytes) {}
        List<Line> lines = s.rows(
                "SELECT account, priority, items, bytes FROM lines",
                row -> new Line(
                        new AccountId(row.getLong(1)), priority(row.getInt(2)), row.getInt(3),
                        row.getLong(4)));
        for (Line line : lines) all.items(line.account(), line.priority(), line.items(), line.bytes());
        remote.count(all);
    }

    /// Says whether lines and recipients fit together.
    boolean sound() throws SQLException {
        return s.number(
                "SELECT count(*) FROM (SELECT account, priority, count(*) AS items, sum(size) AS bytes,"
                + " min(received) AS oldest, max(received) AS newest FROM items GROUP BY account, priority) i"
                + " LEFT JOIN lines l ON l.account = i.account AND l.priority = i.priority AND l.items = i.items"
                + " AND l.bytes = i.bytes AND l.oldest = i.oldest AND l.newest = i.newest AND l.waiting IN (0, 1)"
                + " WHERE l.account IS NULL OR i.priority NOT IN (1, 2, 3)") == 0
                && s.number("SELECT count(*) FROM lines l WHERE NOT EXISTS (SELECT 1 FROM items i"
                        + " WHERE i.account = l.account AND i.priority = l.priority)") == 0
                && remote.sound();
    }

    // Files.

    List<Place> inSegment(long segment, int limit) throws SQLException {
        return s.rows(
                "SELECT segment, offset FROM items WHERE segment = ?1"
                        + " UNION SELECT segment, offset FROM remote WHERE segment = ?1 ORDER BY offset LIMIT ?2",
                row -> new Place(row.getLong(1), row.getLong(2)),
                segment,
                limit);
    }

    boolean holds(Segment segment) throws SQLException {
        return s.number("SELECT count(*) FROM segments WHERE number = ? AND id = ?", segment.number(),
                segment.id()) > 0;
    }

    /// Says that all of a segment's records are in here.
    void seal(Segment segment, boolean damaged) throws SQLException {
        s.change(
                "INSERT INTO segments VALUES (?, ?, ?) ON CONFLICT (number) DO UPDATE SET id = excluded.id,"
                        + " damaged = max(damaged, excluded.damaged)",
                segment.number(),
                segment.id(),
                damaged ? 1 : 0);
    }

    void damaged(long segment) throws SQLException {
        s.change("UPDATE segments SET damaged = 1 WHERE number = ?", segment);
    }

    boolean isDamaged(long segment) throws SQLException {
        return s.number("SELECT damaged FROM segments WHERE number = ?", segment) > 0;
    }

    void forget(long segment) throws SQLException {
        s.change("DELETE FROM segments WHERE number = ?", segment);
    }

    /// Returns the recipients whose message is said to be in a segment that does not exist.
    ///
    /// They stay: what tells of them is to be made anew, and until that is done it must not look sound.
    List<Waiting> missing(List<Segment> there) throws SQLException {
        var lost = new ArrayList<Waiting>();
        for (long number : s.rows("SELECT DISTINCT segment FROM items", row -> row.getLong(1))) {
            if (there.stream().anyMatch(segment -> segment.number() == number)) continue;
            lost.addAll(s.rows(ITEM + "WHERE i.segment = ?", QueueRows::waiting, number));
        }
        if (!lost.isEmpty()) return lost;
        for (long number : s.rows("SELECT number FROM segments", row -> row.getLong(1))) {
            if (there.stream().noneMatch(segment -> segment.number() == number)) forget(number);
        }
        return lost;
    }
}
