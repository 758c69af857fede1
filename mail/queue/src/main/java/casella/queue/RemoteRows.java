package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.message.envelope.Notify;
import casella.queue.Outgoing.Standing;
import casella.sqlite.Statements;
import casella.store.append.Place;
import casella.store.append.Segment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The index's tables of recipients elsewhere, for one transaction.
///
/// ```text
/// remote        id -> one recipient, and where its message's record is; standing: 0 ready, 1 deferred until `due`,
///               2 held, 3 under way; speak: when its sender is to be told something, if nothing happens before
/// lanes         what goes to a domain in one priority: how much, how much of it is ready, from when until when;
///               state: 0 open, 1 the domain is put off, 2 it is busy
/// destinations  domains whose last attempt failed; asleep: not tried before `due`
/// ```
///
/// Choosing, putting a domain off and taking it up again cost the same however much waits: lanes are what is chosen among.
final class RemoteRows {
    static final String TABLES =
            """
            CREATE TABLE remote (id BLOB PRIMARY KEY, lane INTEGER NOT NULL, standing INTEGER NOT NULL,
                due INTEGER NOT NULL, attempts INTEGER NOT NULL, speak INTEGER NOT NULL, received INTEGER NOT NULL,
                size INTEGER NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL, message INTEGER NOT NULL,
                account INTEGER NOT NULL, notify INTEGER NOT NULL, told INTEGER NOT NULL, address TEXT NOT NULL,
                orcpt TEXT NOT NULL, sender TEXT NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE lanes (lane INTEGER PRIMARY KEY, domain TEXT NOT NULL, priority INTEGER NOT NULL,
                items INTEGER NOT NULL, ready INTEGER NOT NULL, oldest INTEGER NOT NULL, newest INTEGER NOT NULL,
                state INTEGER NOT NULL);
            CREATE UNIQUE INDEX lanes_domain ON lanes (domain, priority);
            CREATE TABLE destinations (domain TEXT PRIMARY KEY, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
                asleep INTEGER NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
            CREATE INDEX destinations_due ON destinations (due) WHERE asleep = 1;
            """;
    static final List<String> ARRANGEMENT =
            List.of(
                    "CREATE INDEX remote_turn ON remote (lane, standing, received)",
                    "CREATE INDEX remote_place ON remote (segment, offset)",
                    "CREATE INDEX remote_due ON remote (due) WHERE standing = 1",
                    "CREATE INDEX remote_speak ON remote (speak)",
                    "CREATE INDEX remote_message ON remote (message)",
                    "CREATE INDEX remote_account ON remote (account) WHERE account <> 0",
                    "UPDATE lanes SET items = (SELECT count(*) FROM remote r WHERE r.lane = lanes.lane),"
                            + " ready = (SELECT count(*) FROM remote r WHERE r.lane = lanes.lane AND r.standing = 0),"
                            + " oldest = coalesce((SELECT min(received) FROM remote r"
                            + " WHERE r.lane = lanes.lane AND r.standing = 0), 0),"
                            + " newest = coalesce((SELECT max(received) FROM remote r"
                            + " WHERE r.lane = lanes.lane AND r.standing = 0), 0), state = 0",
                    "DELETE FROM lanes WHERE items = 0",
                    "CREATE INDEX lanes_newest ON lanes (priority, newest) WHERE state = 0 AND ready > 0",
                    "CREATE INDEX lanes_oldest ON lanes (priority, oldest) WHERE state = 0 AND ready > 0");

    private static final int PUT_OFF = 1;
    private static final int BUSY = 2;
    /// Nothing is ever to be said of what is held.
    private static final long NEVER = Long.MAX_VALUE;

    private static final String OUTGOING =
            "SELECT r.id, r.address, r.notify, r.orcpt, r.standing, r.told, r.message, l.priority, r.received, r.sender,"
                    + " r.account, r.size, r.segment, r.offset, r.attempts,"
                    + " max(r.due, coalesce(d.due * d.asleep, 0)), coalesce(d.why, r.why)"
                    + " FROM remote r JOIN lanes l ON l.lane = r.lane LEFT JOIN destinations d ON d.domain = l.domain ";

    private final Statements s;
    private final Room.Changes changes;

    RemoteRows(Statements s, Room.Changes changes) {
        this.s = s;
        this.changes = changes;
    }

    /// When the sender of something received then is next to be told of it.
    static long speak(long received, boolean told) {
        return received + (told ? Patience.GIVE_UP : Patience.LATE).toMillis();
    }

    // What the log says.

    /// Takes the recipients elsewhere of a message that is at `place`.
    void place(Place place, QueueRecord.Message message) throws SQLException {
        for (RemoteItem item : message.remote()) {
            Row before = row(item.id());
            if (before != null && before.place().equals(place)) continue;
            if (before != null) {
                // Kept again, after an unknown outcome or to be moved: how it stands goes with it.
                s.change("UPDATE remote SET segment = ?, offset = ? WHERE id = ?", place.segment(),
                        place.offset(),
                        item.id().bytes());
                left(before);
                continue;
            }
            recount(put(place, message, item), 1);
            changes.remote(message.account(), message.priority(), 1, message.size());
        }
    }

    /// A recipient waits no more where it did: its message goes with its last one.
    private void left(Row gone) throws SQLException {
        boolean anybody = s.number(QueueRows.ANYBODY, gone.place().segment(), gone.place().offset()) > 0;
        if (!anybody) changes.bytes(-gone.size());
    }

    private long put(Place place, QueueRecord.Message message, RemoteItem item) throws SQLException {
        long received = message.received().toEpochMilli();
        AccountId account = message.account();
        long lane = lane(item.domain(), message.priority());
        s.change(
                "INSERT OR REPLACE INTO remote VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
                item.id().bytes(),
                lane,
                (item.held() ? Standing.HELD : Standing.READY).number(),
                item.held() ? NEVER : speak(received, item.told()),
                received,
                message.size(),
                place.segment(),
                place.offset(),
                message.id().value(),
                account == null ? 0 : account.value(),
                item.dsn().bits(),
                item.told() ? 1 : 0,
                item.address(),
                item.dsn().original(),
                message.sender());
        return lane;
    }

    /// Returns the lane of a domain; a new one of a domain that failed is put off with it.
    private long lane(String domain, Priority priority) throws SQLException {
        s.change(
                "INSERT INTO lanes (domain, priority, items, ready, oldest, newest, state) VALUES (?1, ?2, 0, 0, 0, 0,"
                        + " CASE WHEN EXISTS (SELECT 1 FROM destinations WHERE domain = ?1 AND asleep = 1) THEN 1 ELSE"
                        + " coalesce((SELECT max(state) FROM lanes WHERE domain = ?1), 0) END)"
                        + " ON CONFLICT (domain, priority) DO NOTHING",
                domain,
                priority.number());
        return s.number("SELECT lane FROM lanes WHERE domain = ? AND priority = ?", domain,
                priority.number());
    }

    /// Has a lane say what is ready in it; `more` recipients came, or went.
    private void recount(long lane, int more) throws SQLException {
        s.change(
                "UPDATE lanes SET items = items + ?2,"
                        + " oldest = coalesce((SELECT min(received) FROM remote WHERE lane = ?1 AND standing = 0), 0),"
                        + " newest = coalesce((SELECT max(received) FROM remote WHERE lane = ?1 AND standing = 0), 0),"
                        + " ready = EXISTS (SELECT 1 FROM remote WHERE lane = ?1 AND standing = 0) WHERE lane = ?1",
                lane,
                more);
        if (more >= 0) return;
        Optional<String> emptied = s.row("SELECT domain FROM lanes WHERE lane = ? AND items = 0", row ->
                row.getString(1), lane);
        if (emptied.isEmpty()) return;
        s.change("DELETE FROM lanes WHERE lane = ?", lane);
        forget(emptied.get());
    }

    /// A domain to which nothing goes is not known to have failed.
    private void forget(String domain) throws SQLException {
        s.change("DELETE FROM destinations WHERE domain = ?1 AND asleep = 0"
                + " AND NOT EXISTS (SELECT 1 FROM lanes WHERE domain = ?1)", domain);
    }

    /// As [#place], into tables that are being made.
    void take(Place place, QueueRecord.Message message) throws SQLException {
        for (RemoteItem item : message.remote()) put(place, message, item);
    }

    /// What the index has of a recipient, in few words.
    private record Row(long lane, Place place, long size, @Nullable AccountId account, Priority priority,
            long received) {}

    private @Nullable Row row(ArrivalId id) throws SQLException {
        return s.row(
                "SELECT r.lane, r.segment, r.offset, r.size, r.account, l.priority, r.received FROM remote r"
                        + " JOIN lanes l ON l.lane = r.lane WHERE r.id = ?",
                row -> new Row(row.getLong(1), new Place(row.getLong(2), row.getLong(3)), row.getLong(4),
                        account(row.getLong(5)), QueueRows.priority(row.getInt(6)), row.getLong(7)),
                (Object) id.bytes()).orElse(null);
    }

    private static @Nullable AccountId account(long value) {
        return value == 0 ? null : new AccountId(value);
    }

    /// Ends a recipient's waiting; false if none waits by that id.
    boolean end(ArrivalId id) throws SQLException {
        Row gone = row(id);
        if (gone == null) return false;
        s.change("DELETE FROM remote WHERE id = ?", (Object) id.bytes());
        recount(gone.lane(), -1);
        changes.remote(gone.account(), gone.priority(), -1, -gone.size());
        left(gone);
        return true;
    }

    /// Takes what the log says of how a recipient stands.
    void stands(QueueRecord.Standing said) throws SQLException {
        Row before = row(said.id());
        if (before == null) return;
        String domain = new RemoteItem(said.id(), said.address(), Notify.UNSAID).domain();
        long lane = lane(domain, before.priority());
        s.change(
                "UPDATE remote SET lane = ?, address = ?, told = ?, speak = ?,"
                        + " standing = CASE WHEN ?5 THEN 2 WHEN standing = 2 THEN 0 ELSE standing END,"
                        + " due = CASE WHEN ?5 THEN 0 ELSE due END WHERE id = ?6",
                lane,
                said.address(),
                said.told() ? 1 : 0,
                said.held() ? NEVER : speak(before.received(), said.told()),
                said.held(),
                said.id().bytes());
        recount(before.lane(), lane == before.lane() ? 0 : -1);
        if (lane != before.lane()) recount(lane, 1);
    }

    /// As [#stands], into tables that are being made.
    void takeStanding(QueueRecord.Standing said) throws SQLException {
        Optional<Priority> priority = s.row(
                "SELECT l.priority FROM remote r JOIN lanes l ON l.lane = r.lane WHERE r.id = ?",
                row -> QueueRows.priority(row.getInt(1)), (Object) said.id().bytes());
        if (priority.isEmpty()) return;
        String domain = new RemoteItem(said.id(), said.address(), Notify.UNSAID).domain();
        s.change(
                "UPDATE remote SET lane = ?, address = ?, told = ?, standing = ?, speak = CASE WHEN ?5 THEN ?6 ELSE"
                        + " received + ?7 END WHERE id = ?8",
                lane(domain, priority.get()),
                said.address(),
                said.told() ? 1 : 0,
                (said.held() ? Standing.HELD : Standing.READY).number(),
                said.held(),
                NEVER,
                speak(0, said.told()),
                said.id().bytes());
    }

    // What the relay does.

    /// Takes what goes next of a priority: recipients of one domain, the newest or the oldest first, at most `limit`, and
    /// all of one priority. They are under way from now on.
    List<Outgoing> next(Priority priority, boolean newest, int limit) throws SQLException {
        String end = newest ? "newest" : "oldest";
        String order = newest ? " DESC" : "";
        Optional<Long> lane = s.row(
                "SELECT lane FROM lanes WHERE state = 0 AND ready > 0 AND priority = ? ORDER BY " + end
                        + order + " LIMIT 1",
                row -> row.getLong(1),
                priority.number());
        if (lane.isEmpty()) return List.of();
        return under(lane.get(), order, limit);
    }

    /// Takes more for a domain that is being served: its most urgent, the oldest first.
    List<Outgoing> more(String domain, int limit) throws SQLException {
        Optional<Long> lane = s.row(
                "SELECT lane FROM lanes WHERE domain = ? AND ready > 0 AND state <> 1 ORDER BY priority LIMIT 1",
                row -> row.getLong(1),
                domain);
        return lane.isEmpty() ? List.of() : under(lane.get(), "", limit);
    }

    private List<Outgoing> under(long lane, String order, int limit) throws SQLException {
        List<Outgoing> taken = s.rows(
                OUTGOING + "WHERE r.lane = ? AND r.standing = 0 ORDER BY r.received" + order + ", r.id"
                        + order + " LIMIT ?",
                RemoteRows::outgoing,
                lane,
                limit);
        for (Outgoing one : taken) standing(one.item().id(), Standing.UNDER_WAY);
        recount(lane, 0);
        return taken;
    }

    private void standing(ArrivalId id, Standing standing) throws SQLException {
        s.change("UPDATE remote SET standing = ? WHERE id = ?", standing.number(), id.bytes());
    }

    /// Says that a recipient is no longer under way, and to be tried as soon as may be.
    void back(ArrivalId id) throws SQLException {
        Row row = row(id);
        if (row == null) return;
        s.change("UPDATE remote SET standing = 0, due = 0 WHERE id = ? AND standing IN (1, 3)",
                (Object) id.bytes());
        recount(row.lane(), 0);
    }

    /// Says that nothing is under way: who took it is gone.
    void nothingUnderWay() throws SQLException {
        List<Long> lanes = s.rows("SELECT DISTINCT lane FROM remote WHERE standing = 3", row ->
                row.getLong(1));
        s.change("UPDATE remote SET standing = 0 WHERE standing = 3");
        s.change("UPDATE lanes SET state = 0 WHERE state = 2");
        for (long lane : lanes) recount(lane, 0);
    }

    /// Has one recipient be tried later.
    void defer(ArrivalId id, int attempts, long due, String why) throws SQLException {
        Row row = row(id);
        if (row == null) return;
        s.change("UPDATE remote SET standing = 1, attempts = ?, due = ?, why = ? WHERE id = ? AND standing <> 2", attempts,
                due, why, id.bytes());
        recount(row.lane(), 0);
    }

    /// Has all that goes to a domain be tried later.
    void putOff(String domain, int attempts, long due, String why) throws SQLException {
        s.change("INSERT OR REPLACE INTO destinations VALUES (?, ?, ?, 1, ?)", domain, attempts, due, why);
        s.change("UPDATE lanes SET state = 1 WHERE domain = ?", domain);
    }

    /// Forgets that a domain failed.
    void served(String domain) throws SQLException {
        if (s.change("DELETE FROM destinations WHERE domain = ?", domain) > 0) {
            s.change("UPDATE lanes SET state = 0 WHERE domain = ? AND state = 1", domain);
        }
    }

    /// Takes a domain out of what is chosen among, or puts it back.
    void busy(String domain, boolean busy) throws SQLException {
        if (busy) s.change("UPDATE lanes SET state = 2 WHERE domain = ? AND state = 0", domain);
        else s.change("UPDATE lanes SET state = 0 WHERE domain = ? AND state = 2", domain);
    }

    /// Returns how often a domain failed since it last worked.
    int attempts(String domain) throws SQLException {
        return (int) s.number("SELECT attempts FROM destinations WHERE domain = ?", domain);
    }

    /// Makes what is due ready: recipients, and domains, at most `limit` of each.
    void wake(long now, int limit) throws SQLException {
        record Due(byte[] id, long lane) {}
        List<Due> due = s.rows(
                "SELECT id, lane FROM remote WHERE standing = 1 AND due <= ? ORDER BY due LIMIT ?",
                row -> new Due(row.getBytes(1), row.getLong(2)), now, limit);
        for (Due one : due) s.change("UPDATE remote SET standing = 0 WHERE id = ?", (Object) one.id());
        for (long lane : due.stream().map(Due::lane).distinct().toList()) recount(lane, 0);
        List<String> domains =
                s.rows("SELECT domain FROM destinations WHERE asleep = 1 AND due <= ? ORDER BY due LIMIT ?",
                row -> row.getString(1), now, limit);
        for (String domain : domains) {
            // Its row stays, with how often it failed, until it works.
            s.change("UPDATE destinations SET asleep = 0 WHERE domain = ?", domain);
            s.change("UPDATE lanes SET state = 0 WHERE domain = ? AND state = 1", domain);
            forget(domain);
        }
    }

    /// Returns when something is due next; empty for nothing.
    Optional<Instant> nextDue() throws SQLException {
        long at = s.number("SELECT coalesce(min(at), ?1) FROM (SELECT min(due) AS at FROM remote WHERE standing = 1"
                + " UNION ALL SELECT min(due) FROM destinations WHERE asleep = 1"
                + " UNION ALL SELECT min(speak) FROM remote)", NEVER);
        return at == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(at));
    }

    /// Takes recipients whose sender is to be told something now, at most `limit`: nobody sends to them meanwhile. Until [#restore]
    /// they are under way.
    List<Outgoing> toTell(long now, int limit) throws SQLException {
        List<Outgoing> taken = s.rows(
                OUTGOING + "WHERE r.speak <= ? AND r.standing IN (0, 1) ORDER BY r.speak LIMIT ?",
                RemoteRows::outgoing, now, limit);
        for (Outgoing one : taken) stand(one.item().id(), "3");
        return taken;
    }

    /// Gives back what [#toTell] took, as it stood: what was put off stays so.
    void restore(ArrivalId id) throws SQLException {
        stand(id, "CASE WHEN standing <> 3 THEN standing WHEN due > 0 THEN 1 ELSE 0 END");
    }

    private void stand(ArrivalId id, String standing) throws SQLException {
        Row row = row(id);
        if (row == null) return;
        s.change("UPDATE remote SET standing = " + standing + " WHERE id = ?", (Object) id.bytes());
        recount(row.lane(), 0);
    }

    // Knowing.

    private static Outgoing outgoing(ResultSet row) throws SQLException {
        Standing standing = Standing.of(row.getInt(5));
        Notify notify = Notify.of(row.getInt(3), row.getString(4)).orElse(Notify.UNSAID);
        var item = new RemoteItem(ArrivalId.of(row.getBytes(1)), row.getString(2), notify,
                standing == Standing.HELD,
                row.getInt(6) != 0);
        return new Outgoing(
                item,
                new QueueId(row.getLong(7)),
                QueueRows.priority(row.getInt(8)),
                Instant.ofEpochMilli(row.getLong(9)),
                row.getString(10),
                account(row.getLong(11)),
                row.getLong(12),
                new Place(row.getLong(13), row.getLong(14)),
                standing,
                row.getInt(15),
                Instant.ofEpochMilli(row.getLong(16)),
                row.getString(17));
    }

    @Nullable Outgoing find(ArrivalId id) throws SQLException {
        return s.row(OUTGOING + "WHERE r.id = ?", RemoteRows::outgoing, (Object) id.bytes()).orElse(null);
    }

    /// Returns those that fit, in the order of their ids, at most `limit` after `after`.
    List<Outgoing> list(RemoteQueue.Which which, @Nullable ArrivalId after, int limit) throws SQLException {
        byte[] from = after == null ? new byte[0] : after.bytes();
        String end = " AND r.id > ? ORDER BY r.id LIMIT ?";
        return switch (which) {
            case RemoteQueue.Which.All _ -> s.rows(OUTGOING + "WHERE r.id > ? ORDER BY r.id LIMIT ?",
                    RemoteRows::outgoing, from, limit);
            case RemoteQueue.Which.OfMessage(QueueId id) -> s.rows(OUTGOING + "WHERE r.message = ?" + end,
                    RemoteRows::outgoing, id.value(), from, limit);
            case RemoteQueue.Which.OfDomain(String domain) -> s.rows(
                    OUTGOING + "WHERE r.lane IN (SELECT lane FROM lanes WHERE domain = ?)" + end,
                    RemoteRows::outgoing, domain, from, limit);
            case RemoteQueue.Which.OfAccount(AccountId id) -> s.rows(
                    OUTGOING + "WHERE r.account = ? AND r.account <> 0" + end,
                    RemoteRows::outgoing, id.value(), from, limit);
        };
    }

    List<Outgoing> at(Place place) throws SQLException {
        return s.rows(OUTGOING + "WHERE r.segment = ? AND r.offset = ? ORDER BY r.id", RemoteRows::outgoing,
                place.segment(), place.offset());
    }

    /// Returns domains to which something goes, those with most first, at most `limit`.
    List<RemoteQueue.Destination> destinations(int limit) throws SQLException {
        return s.rows(
                "SELECT l.domain, sum(l.items), max(l.state), coalesce(d.attempts, 0), coalesce(d.due * d.asleep, 0),"
                        + " coalesce(d.why, '') FROM lanes l LEFT JOIN destinations d ON d.domain = l.domain"
                        + " GROUP BY l.domain ORDER BY 2 DESC LIMIT ?",
                row -> new RemoteQueue.Destination(row.getString(1), row.getInt(2), row.getInt(3) == BUSY,
                        row.getInt(3) == PUT_OFF, row.getInt(4), Instant.ofEpochMilli(row.getLong(5)),
                        row.getString(6)),
                limit);
    }

    /// Returns when the oldest of a priority was received that is ready; empty for none.
    Optional<Instant> oldestReady(Priority priority) throws SQLException {
        return s.row("SELECT oldest FROM lanes WHERE state = 0 AND ready > 0 AND priority = ? ORDER BY oldest LIMIT 1",
                row -> Instant.ofEpochMilli(row.getLong(1)), priority.number());
    }

    void count(Room.Changes all) throws SQLException {
        record Part(@Nullable AccountId account, Priority priority, int items, long bytes) {}
        List<Part> parts = s.rows(
                "SELECT r.account, l.priority, count(*), sum(r.size) FROM remote r JOIN lanes l ON l.lane = r.lane"
                        + " GROUP BY 1, 2",
                row -> new Part(account(row.getLong(1)), QueueRows.priority(row.getInt(2)), row.getInt(3),
                        row.getLong(4)));
        for (Part part : parts) all.remote(part.account(), part.priority(), part.items(), part.bytes());
    }

    /// Says whether lanes and recipients fit together.
    boolean sound() throws SQLException {
        return s.number("SELECT count(*) FROM lanes l LEFT JOIN (SELECT lane, count(*) AS items, sum(standing = 0) AS ready,"
                + " min(CASE WHEN standing = 0 THEN received END) AS oldest FROM remote GROUP BY lane) r"
                + " ON r.lane = l.lane WHERE r.items IS NOT l.items OR (r.ready > 0) <> (l.ready > 0)"
                + " OR (r.ready > 0 AND r.oldest <> l.oldest) OR l.priority NOT IN (1, 2, 3)") == 0
                && s.number("SELECT count(*) FROM remote r WHERE NOT EXISTS"
                        + " (SELECT 1 FROM lanes l WHERE l.lane = r.lane)") == 0;
    }

    /// Returns the recipients whose message is said to be in a segment that does not exist; they stay, as
    /// [QueueRows#missing] says.
    List<Outgoing> missing(List<Segment> there) throws SQLException {
        var lost = new ArrayList<Outgoing>();
        for (long number : s.rows("SELECT DISTINCT segment FROM remote", row -> row.getLong(1))) {
            if (there.stream().anyMatch(segment -> segment.number() == number)) continue;
            lost.addAll(s.rows(OUTGOING + "WHERE r.segment = ?", RemoteRows::outgoing, number));
        }
        return lost;
    }
}
