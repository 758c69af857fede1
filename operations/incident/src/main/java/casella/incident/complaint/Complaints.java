package casella.incident.complaint;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Sha256;
import casella.incident.Desk;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Received;
import casella.incident.complaint.Complaint.State;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The register of complaints. What a method returned is synced. Safe from any thread; waits for the desk's disk alone.
public final class Complaints {
    public static final int FILES_MAX = 20;
    public static final int FILE_BYTES_MAX = 10 << 20;
    private static final int KEY_CHARS_MAX = 200;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Desk desk;
    private final Clock clock;
    private final Duration answered;
    private final Duration kept;

    /// @param answered how long after it came a complaint must have been answered
    /// @param kept how long after it was closed it is kept
    public Complaints(Desk desk, Clock clock, Duration answered, Duration kept) {
        this.desk = desk;
        this.clock = clock;
        this.answered = answered;
        this.kept = kept;
    }

    /// Returns the time before which what was closed is kept no longer.
    Instant keptSince() {
        return clock.now().minus(kept);
    }

    /// Takes a complaint. One that came under the same key before is returned as it is: nothing is taken twice.
    ///
    /// @param key what tells it from all others: an arrival, a line of an import
    /// @throws Fault.Unavailable if it cannot be kept now
    public Complaint open(String key, Received received) {
        if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
            throw new IllegalArgumentException("key: must be 1 to " + KEY_CHARS_MAX + " characters");
        }
        Instant deadline = received.at().plus(answered);
        return desk.write(s -> {
            Optional<Long> known = s.row("SELECT id FROM complaints WHERE key = ?", row -> row.getLong(1),
                    key);
            if (known.isPresent()) return read(s, known.get()).orElseThrow();
            Long account = received.accountId().map(AccountId::value).orElse(null);
            s.change("""
                    INSERT INTO complaints (key, received, deadline, state, category, brand, account,
                            contact, association,
                        incident, acknowledged, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)""", key,
                    received.at().toEpochMilli(), deadline.toEpochMilli(), State.OPEN.word(),
                            received.category().word(),
                    received.brand(), account, contact(received), received.association(), account == null,
                    JSON.writeValueAsString(received));
            return new Complaint(s.number("SELECT last_insert_rowid()"), received, deadline, List.of());
        });
    }

    /// Says whether something came under this key.
    public boolean has(String key) {
        return desk.read(s -> s.number("SELECT count(*) FROM complaints WHERE key = ?", key)) > 0;
    }

    private static String contact(Received received) {
        return received.person().contact().toLowerCase(Locale.ROOT);
    }

    /// Returns a case; empty where there is none of that number.
    public Optional<Complaint> complaint(long id) {
        return desk.read(s -> read(s, id));
    }

    private static Optional<Complaint> read(Statements s, long id) throws SQLException {
        record Row(String document, long deadline) {}
        Optional<Row> row = s.row("SELECT document, deadline FROM complaints WHERE id = ?",
                one -> new Row(one.getString(1), one.getLong(2)), id);
        if (row.isEmpty()) return Optional.empty();
        List<String> steps =
                s.rows("SELECT document FROM complaint_steps WHERE complaint = ? ORDER BY number",
                one -> one.getString(1), id);
        return Optional.of(new Complaint(id, parsed(row.get().document(), Received.class),
                Instant.ofEpochMilli(row.get().deadline()),
                steps.stream().map(step -> parsed(step, Step.class)).toList()));
    }

    private static <T> T parsed(String document, Class<T> type) {
        try {
            return JSON.readValue(document, type);
        } catch (JacksonException e) {
            throw new Fault.Corrupt("The desk holds what is no complaint", Map.of(), e);
        }
    }

    /// Adds what was done in a case. The same as the last step, given again, is no other.
    ///
    /// @throws IllegalArgumentException if there is no such case, or it has too many steps
    /// @throws Fault.Unavailable if it cannot be kept now
    public Complaint add(long id, Step.What what, String by) {
        return desk.write(s -> added(s, known(s, id), what, by));
    }

    private Complaint added(Statements s, Complaint before, Step.What what, String by) throws SQLException {
        if (!before.steps().isEmpty() && before.steps().getLast().what().equals(what)) return before;
        if (before.steps().size() >= Complaint.STEPS_MAX) {
            throw new IllegalArgumentException("complaint: " + before.id() + " has too many steps");
        }
        var step = new Step(before.steps().size() + 1, clock.now(), by, what);
        var steps = new ArrayList<>(before.steps());
        steps.add(step);
        var after = new Complaint(before.id(), before.received(), before.deadline(), steps);
        s.change("INSERT INTO complaint_steps (complaint, number, document) VALUES (?, ?, ?)", after.id(),
                step.number(),
                JSON.writeValueAsString(step));
        s.change("UPDATE complaints SET state = ?, category = ?, incident = ? WHERE id = ?",
                after.state().word(),
                after.category().word(), after.incident(), after.id());
        if (Step.letter(what)) {
            s.change("INSERT INTO complaint_letters (complaint, number) VALUES (?, ?)", after.id(),
                    step.number());
        }
        if (what instanceof Step.Acknowledged) s.change(
                "UPDATE complaints SET acknowledged = 1 WHERE id = ?", after.id());
        return after;
    }

    private static Complaint known(Statements s, long id) throws SQLException {
        return read(s, id).orElseThrow(() -> new IllegalArgumentException("complaint: there is no " + id));
    }

    /// Adds a file to a case.
    ///
    /// @param type a media type
    /// @throws IllegalArgumentException if it is too large, or the case has [#FILES_MAX]
    public Complaint attach(long id, String name, String type, byte[] bytes, String by) {
        if (bytes.length == 0 || bytes.length > FILE_BYTES_MAX) {
            throw new IllegalArgumentException("file: must have 1 to " + FILE_BYTES_MAX + " bytes");
        }
        String digest = Sha256.of(bytes).toString();
        String plain = Complaint.line("name", name, 200);
        if (plain.isEmpty()) throw new IllegalArgumentException("name: must not be empty");
        return desk.write(s -> {
            Complaint before = known(s, id);
            List<Step.Filed> files = before.steps().stream().map(Step::what)
                    .filter(Step.Filed.class::isInstance).map(Step.Filed.class::cast).toList();
            if (files.stream().anyMatch(file -> file.sha256().equals(digest))) return before;
            if (files.size() >= FILES_MAX) throw new IllegalArgumentException("file: " + id + " has "
                    + FILES_MAX);
            Complaint after = added(s, before, new Step.Filed(plain, type, bytes.length, digest), by);
            s.change("INSERT INTO complaint_files (complaint, number, bytes) VALUES (?, ?, ?)", id,
                    after.steps().size(), bytes);
            return after;
        });
    }

    /// Returns the file that a step added; empty where it added none.
    public Optional<byte[]> file(long id, int step) {
        return desk.read(s -> s.row("SELECT bytes FROM complaint_files WHERE complaint = ? AND number = ?",
                row -> row.getBytes(1), id, step));
    }

    /// Which cases.
    ///
    /// @param state null for any
    /// @param category null for any
    /// @param association null for any; empty for those of none
    /// @param due none that must be answered later; null for any
    /// @param incident that they are about; null for any
    public record Filter(@Nullable State state, @Nullable Category category, @Nullable String association,
            @Nullable Instant due, @Nullable Long incident) {
        public static final Filter ALL = new Filter(null, null, null, null, null);
    }

    /// Returns cases by their numbers, at most `limit` after `after`.
    public List<Complaint> page(Filter filter, long after, int limit) {
        @Nullable String state = filter.state() == null ? null : filter.state().word();
        @Nullable String category = filter.category() == null ? null : filter.category().word();
        @Nullable Long due = filter.due() == null ? null : filter.due().toEpochMilli();
        return desk.read(s -> {
            List<Long> ids = s.rows("""
                    SELECT id FROM complaints WHERE id > ?1 AND (?2 IS NULL OR state =
                            ?2) AND (?3 IS NULL OR category = ?3)
                        AND (?4 IS NULL OR association =
                                ?4) AND (?5 IS NULL OR deadline <= ?5)
                        AND (?6 IS NULL OR incident = ?6) ORDER BY id LIMIT ?7""",
                    row -> row.getLong(1), after, state, category, filter.association(), due,
                    filter.incident(), limit);
            var found = new ArrayList<Complaint>();
            for (long id : ids) found.add(known(s, id));
            return found;
        });
    }

    /// Returns the cases about a mailbox, by their numbers, at most `limit`.
    public List<Complaint> about(AccountId account, int limit) {
        return desk.read(s -> {
            List<Long> ids = s.rows("SELECT id FROM complaints WHERE account = ? ORDER BY id LIMIT ?",
                    row -> row.getLong(1), account.value(), limit);
            var found = new ArrayList<Complaint>();
            for (long id : ids) found.add(known(s, id));
            return found;
        });
    }

    /// Returns the cases of a mailbox, the newest first.
    public List<Complaint> of(AccountId mailbox, int limit) {
        return desk.read(s -> {
            List<Long> ids = s.rows("SELECT id FROM complaints WHERE account = ? ORDER BY id DESC LIMIT ?",
                    row -> row.getLong(1), mailbox.value(), limit);
            var found = new ArrayList<Complaint>();
            for (long id : ids) found.add(known(s, id));
            return found;
        });
    }

    /// Returns the newest case of somebody that is not closed and came after `since`.
    ///
    /// @param contact as they gave it, in lower case
    public Optional<Complaint> underWay(String contact, Instant since) {
        return desk.read(s -> {
            Optional<Long> id =
                    s.row("SELECT id FROM complaints WHERE contact = ? AND state != ? AND received >= ?"
                            + " ORDER BY id DESC LIMIT 1", row -> row.getLong(1), contact,
                                    State.CLOSED.word(),
                    since.toEpochMilli());
            return id.isEmpty() ? Optional.empty() : read(s, id.get());
        });
    }

    /// Returns cases about a mailbox of ours whose owners were not told yet that they came, at most `limit`.
    public List<Complaint> unacknowledged(int limit) {
        return desk.read(s -> {
            List<Long> ids = s.rows("SELECT id FROM complaints WHERE acknowledged = 0 ORDER BY id LIMIT ?",
                    row -> row.getLong(1), limit);
            var found = new ArrayList<Complaint>();
            for (long id : ids) found.add(known(s, id));
            return found;
        });
    }

    /// Lets a case be without an acknowledgement: there is nobody to tell.
    public void leaveUnacknowledged(long id) {
        desk.write(s -> s.change("UPDATE complaints SET acknowledged = 1 WHERE id = ?", id));
    }

    /// An answer that is to be in a mailbox and may not be yet.
    public record Letter(Complaint complaint, Step step) {}

    /// Returns answers that are to be in mailboxes and may not be yet, at most `limit`.
    public List<Letter> letters(int limit) {
        record Row(long complaint, int number) {}
        return desk.read(s -> {
            List<Row> rows =
                    s.rows("SELECT complaint, number FROM complaint_letters ORDER BY complaint, number LIMIT ?",
                    row -> new Row(row.getLong(1), row.getInt(2)), limit);
            var found = new ArrayList<Letter>();
            for (Row row : rows) {
                Complaint one = known(s, row.complaint());
                found.add(new Letter(one, one.steps().get(row.number() - 1)));
            }
            return found;
        });
    }

    /// Notes that an answer is in its mailbox, or can never be.
    public void sent(long id, int step) {
        desk.write(s -> s.change("DELETE FROM complaint_letters WHERE complaint = ? AND number = ?", id,
                step));
    }

    /// Up to where a mailbox for complaints was read.
    ///
    /// @param validity its UIDVALIDITY
    /// @param uid the last that was looked at; 0 for none
    public record Reached(long validity, long uid) {}

    public Optional<Reached> reached(AccountId mailbox) {
        return desk.read(s -> s.row("SELECT validity, uid FROM complaint_mailboxes WHERE account = ?",
                row -> new Reached(row.getLong(1), row.getLong(2)), mailbox.value()));
    }

    public void reach(AccountId mailbox, Reached now) {
        desk.write(s ->
                s.change("INSERT OR REPLACE INTO complaint_mailboxes (account, validity, uid) VALUES (?, ?, ?)",
                mailbox.value(), now.validity(), now.uid()));
    }

    /// How many there are.
    ///
    /// @param overdue not closed, and past their deadline
    /// @param dueSoon not closed, and due within seven days
    public record Figures(Map<State, Long> states, Map<Category, Long> open, long overdue, long dueSoon) {}

    public Figures figures() {
        long now = clock.now().toEpochMilli();
        long soon = now + Duration.ofDays(7).toMillis();
        String closed = State.CLOSED.word();
        return desk.read(s -> {
            Map<State, Long> states = new EnumMap<>(State.class);
            for (State state : State.values()) {
                states.put(state, s.number("SELECT count(*) FROM complaints WHERE state = ?", state.word()));
            }
            Map<Category, Long> open = new EnumMap<>(Category.class);
            for (Category category : Category.values()) {
                open.put(category,
                        s.number("SELECT count(*) FROM complaints WHERE category = ? AND state != ?",
                        category.word(), closed));
            }
            long overdue = s.number("SELECT count(*) FROM complaints WHERE state != ? AND deadline < ?",
                    closed, now);
            long dueSoon = s.number(
                    "SELECT count(*) FROM complaints WHERE state != ? AND deadline BETWEEN ? AND ?", closed,
                    now, soon);
            return new Figures(states, open, overdue, dueSoon);
        });
    }

    /// What was gone through of the cases that may have to go.
    ///
    /// @param erased how many went
    /// @param last the last that was looked at; null at the end
    public record Erased(int erased, @Nullable Long last) {}

    /// Erases those of at most `limit` cases after `after` that were closed longer ago than cases are kept: what came, what was done, the
    /// files. Their numbers are never given again. One that was opened again since stays.
    ///
    /// @throws Fault.Unavailable if the desk does not answer; what went until then is gone
    public Erased erase(long after, int limit) {
        Instant since = keptSince();
        // Nothing can have been closed before it came.
        List<Complaint> old = desk.read(s -> {
            List<Long> ids = s.rows("SELECT id FROM complaints WHERE state = ? AND received < ? AND id > ?"
                    + " ORDER BY id LIMIT ?", row -> row.getLong(1), State.CLOSED.word(),
                            since.toEpochMilli(),
                    after, limit);
            var found = new ArrayList<Complaint>();
            for (long id : ids) found.add(known(s, id));
            return found;
        });
        int erased = 0;
        for (Complaint one : old) {
            if (one.closed().filter(at -> at.isBefore(since)).isEmpty()) continue;
            erased += desk.write(s -> {
                // Somebody may have written meanwhile.
                boolean stays = known(s, one.id()).closed().filter(at -> at.isBefore(since)).isEmpty();
                return stays ? 0 : erase(s, one.id());
            });
        }
        return new Erased(erased, old.isEmpty() ? null : old.getLast().id());
    }

    private static int erase(Statements s, long id) throws SQLException {
        for (String table : List.of("complaint_letters", "complaint_files", "complaint_steps")) {
            s.change("DELETE FROM " + table + " WHERE complaint = ?", id);
        }
        return s.change("DELETE FROM complaints WHERE id = ?", id);
    }
}
