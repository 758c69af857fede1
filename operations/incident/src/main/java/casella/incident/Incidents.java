package casella.incident;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Notices;
import casella.continuity.cohort.Cohorts;
import casella.incident.Entry.Opened;
import casella.incident.Entry.PostMortem;
import casella.incident.Entry.What;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// All incidents. What is told is answered from memory; what is added is synced in the desk's database before it is told.
///
/// Safe from any thread. The newest [#REMEMBERED_MAX] are held, and all that are not over.
public final class Incidents implements Notices {
    /// Incidents shown at most; older ones stay in the database.
    public static final int REMEMBERED_MAX = 500;

    /// Versions of what was learned of one incident.
    public static final int VERSIONS_MAX = 20;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The most severe first, and of those the newest.
    private static final Comparator<Incident> WORST_FIRST =
            Comparator.comparing(Incident::severity).thenComparing(Incident::opened)
                    .thenComparingLong(Incident::id).reversed();

    private final Desk desk;
    private final Clock clock;
    private final Line line;
    private final Cohorts cohorts;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Object turn = new Object();
    private volatile Map<Long, Incident> all;
    /// What each brand's owners may be told, the worst first, made once after each change: it is asked for with every command of
    /// every session.
    private volatile Map<String, List<Going>> told = new ConcurrentHashMap<>();

    private record Going(Incident incident, Optional<Notice> notice) {}

    /// Reads what there is.
    ///
    /// @throws Fault.Corrupt if the desk holds what is no incident
    public Incidents(Desk desk, Clock clock, Line line, Cohorts cohorts) {
        this.cohorts = cohorts;
        this.desk = desk;
        this.clock = clock;
        this.line = line;
        this.all = read(desk);
    }

    private static Map<Long, Incident> read(Desk desk) {
        return desk.read(s -> {
            Map<Long, Incident> found = new TreeMap<>();
            List<Long> ids = s.rows("SELECT id FROM incidents WHERE resolved IS NULL UNION"
                    + " SELECT id FROM (SELECT id FROM incidents ORDER BY id DESC LIMIT ?)", row ->
                            row.getLong(1), REMEMBERED_MAX);
            for (long id : ids) {
                List<String> documents =
                        s.rows("SELECT document FROM entries WHERE incident = ? ORDER BY number",
                        row -> row.getString(1), id);
                found.put(id, new Incident(id, documents.stream().map(Incidents::entry).toList()));
            }
            return Map.copyOf(found);
        });
    }

    private static Entry entry(String document) {
        try {
            return JSON.readValue(document, Entry.class);
        } catch (JacksonException e) {
            throw new Fault.Corrupt("The desk holds what is no entry of an incident", Map.of(), e);
        }
    }

    /// Returns all, newest first.
    public List<Incident> all() {
        return all.values().stream().sorted(Comparator.comparingLong(Incident::id).reversed()).toList();
    }

    /// Returns those that are not over, the worst first.
    public List<Incident> open() {
        return all.values().stream().filter(one -> !one.over()).sorted(WORST_FIRST).toList();
    }

    public Optional<Incident> incident(long id) {
        return Optional.ofNullable(all.get(id));
    }

    /// Opens one, with what is said first. An open one with the same title, severity and brands is returned instead: an order given
    /// again changes nothing.
    ///
    /// @throws Fault.Unavailable if it cannot be kept now; nothing is told then
    public Incident open(Opened opening, List<? extends What> first, String by) {
        Incident made;
        synchronized (turn) {
            for (Incident one : open()) {
                if (one.entries().getFirst().what().equals(opening)) return one;
            }
            Instant now = clock.now();
            var entries = new ArrayList<Entry>();
            entries.add(new Entry(1, now, by, opening));
            for (What what : first) entries.add(new Entry(entries.size() + 1, now, by, what));
            long id = desk.write(s -> {
                s.change("INSERT INTO incidents (opened, resolved) VALUES (?, NULL)", now.toEpochMilli());
                long next = s.number("SELECT last_insert_rowid()");
                for (Entry entry : entries) insert(s, next, entry);
                return next;
            });
            made = new Incident(id, entries);
            put(made);
        }
        tell();
        return made;
    }

    private static void insert(Statements s, long incident, Entry entry) throws SQLException {
        s.change("INSERT INTO entries (incident, number, at, document) VALUES (?, ?, ?, ?)", incident,
                entry.number(),
                entry.at().toEpochMilli(), JSON.writeValueAsString(entry));
    }

    /// Adds an entry; to one that is over only what became of its last notice, and what was learned. The newest version of that, given
    /// again, is no other.
    ///
    /// @throws IllegalArgumentException if there is no such incident, or it is over
    /// @throws Fault.Unavailable if it cannot be kept now; nothing is told then
    public Incident add(long id, What what, String by) {
        Incident after;
        synchronized (turn) {
            Incident before = all.get(id);
            if (before == null) throw new IllegalArgumentException("incident: there is no " + id);
            if (what instanceof PostMortem page) {
                if (there(before, page)) return before;
            } else if (before.over() && !(what instanceof Entry.Published)) {
                throw new IllegalArgumentException("incident: " + id + " is resolved; open another one");
            }
            if (before.entries().size() >= Incident.ENTRIES_MAX) {
                throw new IllegalArgumentException("incident: " + id
                        + " has too many entries; open another one");
            }
            var entry = new Entry(before.entries().size() + 1, clock.now(), by, what);
            after = before.with(entry);
            boolean over = after.over();
            desk.write(s -> {
                insert(s, id, entry);
                return !over ? 0
                        : s.change("UPDATE incidents SET resolved = ? WHERE id = ? AND resolved IS NULL",
                        entry.at().toEpochMilli(), id);
            });
            put(after);
        }
        tell();
        return after;
    }

    /// Says whether this very version is the newest there is.
    ///
    /// @throws IllegalArgumentException if none may be added
    private static boolean there(Incident before, PostMortem page) {
        if (!before.over()) throw new IllegalArgumentException("incident: " + before.id()
                + " is not resolved yet");
        List<Entry> versions = before.postMortems();
        if (!versions.isEmpty() && versions.getLast().what().equals(page)) return true;
        if (versions.size() >= VERSIONS_MAX) {
            throw new IllegalArgumentException("incident: " + before.id() + " has " + VERSIONS_MAX
                    + " versions of it");
        }
        return false;
    }

    private void put(Incident incident) {
        Map<Long, Incident> next = new TreeMap<>(all);
        next.put(incident.id(), incident);
        all = Map.copyOf(next);
        told = new ConcurrentHashMap<>();
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public void onChange(Runnable then) {
        listeners.add(then);
    }

    @Override
    public Optional<Notice> of(Listener listener) {
        for (Going one : told.computeIfAbsent(listener.brand(), this::going)) {
            if (one.incident().concerns(listener, cohorts)) return one.notice();
        }
        return Optional.empty();
    }

    private List<Going> going(String brand) {
        return open().stream().filter(one -> one.concerns(brand))
                .map(one -> new Going(one, Optional.of(notice(one, brand)))).toList();
    }

    /// Returns which cohort an account is in: whom an incident concerns may be told by it.
    public Cohorts cohorts() {
        return cohorts;
    }

    private Notice notice(Incident one, String brand) {
        return new Notice(one.id(), one.severity().word(), one.state().word(),
                one.entries().getLast().at(), line.of(one, brand, "it"), line.of(one, brand, "en"));
    }
}
