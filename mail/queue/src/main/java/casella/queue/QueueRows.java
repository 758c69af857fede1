package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.store.append.Place;
import casella.store.append.Segment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The index's tables, for one transaction.
///
/// ```text
/// segments  files all of whose records are in here; damaged: to be kept as evidence
/// messages  id -> where its record is
/// items     arrival -> one recipient; waiting 0: to be tried, 1: not before `due` (Unix milliseconds)
/// accounts  those whose last attempt failed, and when they are tried again
/// ```
final class QueueRows {
    static final int VERSION = 1;
    static final String SCHEMA =
            """
            CREATE TABLE segments (number INTEGER PRIMARY KEY, id INTEGER NOT NULL, damaged INTEGER NOT NULL);
            CREATE TABLE messages (id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
                priority INTEGER NOT NULL, received INTEGER NOT NULL, sender TEXT NOT NULL,
                size INTEGER NOT NULL);
            CREATE INDEX messages_segment ON messages (segment);
            CREATE TABLE items (arrival BLOB PRIMARY KEY, message INTEGER NOT NULL, account INTEGER NOT NULL,
                address TEXT NOT NULL, mailbox INTEGER NOT NULL, priority INTEGER NOT NULL,
                received INTEGER NOT NULL,
                waiting INTEGER NOT NULL, due INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX items_ready ON items (waiting, priority, received);
            CREATE INDEX items_due ON items (waiting, due);
            CREATE INDEX items_message ON items (message);
            CREATE INDEX items_account ON items (account);
            CREATE TABLE accounts (account INTEGER PRIMARY KEY, attempts INTEGER NOT NULL,
                    due INTEGER NOT NULL,
                why TEXT NOT NULL);
            """;

    private static final String ITEM =
            "SELECT i.arrival, i.account, i.address, i.mailbox, i.message, i.priority, i.received, m.sender, m.size,"
                    + " m.segment, m.offset, coalesce(a.attempts, 0), i.waiting, i.due, coalesce(a.why, '')"
                    + " FROM items i JOIN messages m ON m.id = i.message"
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

    /// @param changes learns what recipients and messages come and go; to be told once that is committed
    QueueRows(Statements s, Room.Changes changes) {
        this.s = s;
        this.changes = changes;
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
            case QueueRecord.Roll _ -> {}
        }
    }

    private void place(Place place, QueueRecord.Message message) throws SQLException {
        boolean known = s.number("SELECT count(*) FROM messages WHERE id = ?", message.id().value()) > 0;
        if (!known) changes.bytes(message.size());
        s.change(
                "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET segment = excluded.segment, offset = excluded.offset",
                message.id().value(),
                place.segment(),
                place.offset(),
                message.priority().number(),
                message.received().toEpochMilli(),
                message.sender(),
                message.size());
        for (QueueItem item : message.items()) place(message, item);
    }

    private void place(QueueRecord.Message message, QueueItem item) throws SQLException {
        Standing before = standing(item.arrival());
        if (before != null && before.message() == message.id().value()) return;
        MailboxId mailbox = item.mailbox();
        List<Long> due = s.rows(
                "SELECT due FROM accounts WHERE account = ?", row -> row.getLong(1), item.account().value());
        s.change(
                "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                item.arrival().bytes(),
                message.id().value(),
                item.account().value(),
                item.address(),
                mailbox == null ? 0 : mailbox.number(),
                message.priority().number(),
                message.received().toEpochMilli(),
                due.isEmpty() ? 0 : 1,
                due.isEmpty() ? 0 : due.getFirst());
        changes.items(item.account(), message.priority(), 1, message.size());
        // Kept twice, after an unknown outcome: the later message is the one it waits for.
        if (before != null) left(before);
    }

    /// What the index has of a recipient that waits.
    private record Standing(long message, AccountId account, Priority priority, long size) {}

    private @Nullable Standing standing(ArrivalId arrival) throws SQLException {
        List<Standing> found = s.rows(
                "SELECT i.message, i.account, i.priority, m.size FROM items i JOIN messages m ON m.id = i.message"
                        + " WHERE i.arrival = ?",
                row -> new Standing(
                        row.getLong(1), new AccountId(row.getLong(2)), priority(row.getInt(3)),
                        row.getLong(4)),
                (Object) arrival.bytes());
        return found.isEmpty() ? null : found.getFirst();
    }

    private void end(ArrivalId arrival) throws SQLException {
        Standing gone = standing(arrival);
        if (gone == null) return;
        s.change("DELETE FROM items WHERE arrival = ?", (Object) arrival.bytes());
        left(gone);
    }

    /// A recipient waits no more for a message, which goes with its last one.
    private void left(Standing gone) throws SQLException {
        changes.items(gone.account(), gone.priority(), -1, -gone.size());
        if (s.number("SELECT count(*) FROM items WHERE message = ?", gone.message()) > 0) return;
        s.change("DELETE FROM messages WHERE id = ?", gone.message());
        changes.bytes(-gone.size());
    }

    private static Priority priority(int number) {
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

    List<Waiting> ready(Priority priority, boolean newest, int limit) throws SQLException {
        String order = newest ? "DESC" : "ASC";
        return s.rows(
                ITEM + "WHERE i.waiting = 0 AND i.priority = ? ORDER BY i.received " + order + " LIMIT ?",
                QueueRows::waiting,
                priority.number(),
                limit);
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

    List<Waiting> of(QueueId message) throws SQLException {
        return s.rows(ITEM + "WHERE i.message = ? ORDER BY i.arrival", QueueRows::waiting, message.value());
    }

    List<Waiting> of(AccountId account, int limit) throws SQLException {
        return s.rows(
                ITEM + "WHERE i.account = ? ORDER BY m.segment, m.offset, i.arrival LIMIT ?",
                QueueRows::waiting,
                account.value(),
                limit);
    }

    /// Puts all that waits for an account off.
    void defer(AccountId account, int attempts, long due, String why) throws SQLException {
        s.change("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)", account.value(), attempts, due, why);
        s.change("UPDATE items SET waiting = 1, due = ? WHERE account = ?", due, account.value());
    }

    /// Forgets that an account failed: what waits for it is to be tried now.
    void served(AccountId account) throws SQLException {
        if (s.change("DELETE FROM accounts WHERE account = ?", account.value()) == 0) return;
        s.change("UPDATE items SET waiting = 0 WHERE account = ? AND waiting = 1", account.value());
    }

    /// Makes what is due ready, some at a time; returns how many.
    int wake(long due) throws SQLException {
        return s.change(
                "UPDATE items SET waiting = 0 WHERE arrival IN"
                        + " (SELECT arrival FROM items WHERE waiting = 1 AND due <= ? LIMIT ?)",
                due,
                WAKE_MAX);
    }

    /// Returns when the next one is due, or null.
    @Nullable Long nextDue() throws SQLException {
        List<Long> found = s.rows(
                "SELECT due FROM items WHERE waiting = 1 ORDER BY due LIMIT 1", row -> row.getLong(1));
        return found.isEmpty() ? null : found.getFirst();
    }

    /// Returns when the oldest message of each priority was received, of those that have one.
    ///
    /// @param deferred of what is put off; otherwise of what is to be tried now
    Map<Priority, Long> oldest(boolean deferred) throws SQLException {
        var oldest = new EnumMap<Priority, Long>(Priority.class);
        for (Priority priority : Priority.values()) {
            List<Long> found = s.rows(
                    "SELECT received FROM items WHERE waiting = ? AND priority = ? ORDER BY received LIMIT 1",
                    row -> row.getLong(1),
                    deferred ? 1 : 0,
                    priority.number());
            if (!found.isEmpty()) oldest.put(priority, found.getFirst());
        }
        return oldest;
    }

    /// Counts everything there is.
    void count(Room.Changes all) throws SQLException {
        all.bytes(s.number("SELECT coalesce(sum(size), 0) FROM messages"));
        record Group(AccountId account, Priority priority, int items, long bytes) {}
        List<Group> groups = s.rows(
                "SELECT i.account, i.priority, count(*), sum(m.size) FROM items i JOIN messages m ON m.id = i.message"
                        + " GROUP BY i.account, i.priority",
                row -> new Group(
                        new AccountId(row.getLong(1)), priority(row.getInt(2)), row.getInt(3),
                        row.getLong(4)));
        for (Group group : groups) all.items(group.account(), group.priority(), group.items(), group.bytes());
    }

    /// Says whether every recipient has its message, and every message a recipient.
    boolean sound() throws SQLException {
        return s.number("SELECT count(*) FROM items WHERE message NOT IN (SELECT id FROM messages)") == 0
                && s.number("SELECT count(*) FROM messages WHERE id NOT IN (SELECT message FROM items)") == 0;
    }

    // Files.

    List<Place> inSegment(long segment, int limit) throws SQLException {
        return s.rows(
                "SELECT segment, offset FROM messages WHERE segment = ? ORDER BY offset LIMIT ?",
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
        for (long number : s.rows("SELECT DISTINCT segment FROM messages", row -> row.getLong(1))) {
            if (there.stream().anyMatch(segment -> segment.number() == number)) continue;
            lost.addAll(s.rows(ITEM + "WHERE m.segment = ?", QueueRows::waiting, number));
        }
        if (!lost.isEmpty()) return lost;
        for (long number : s.rows("SELECT number FROM segments", row -> row.getLong(1))) {
            if (there.stream().noneMatch(segment -> segment.number() == number)) forget(number);
        }
        return lost;
    }
}
