package casella.incident.breach;

import casella.base.Clock;
import casella.base.Fault;
import casella.incident.Desk;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The register of breaches (GDPR Art. 33(5)) in the desk's database: what was noted is synced when it is answered. Safe from any
/// thread.
public final class Breaches {
    /// Listed at most, the newest.
    public static final int LISTED_MAX = 1_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Desk desk;
    private final Clock clock;

    public Breaches(Desk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /// Returns the newest first.
    public List<Breach> all() {
        return desk.read(s -> {
            List<Long> ids = s.rows("SELECT id FROM breaches ORDER BY id DESC LIMIT ?", row -> row.getLong(1),
                    LISTED_MAX);
            var all = new java.util.ArrayList<Breach>();
            for (long id : ids) read(s, id).ifPresent(all::add);
            return List.copyOf(all);
        });
    }

    public Optional<Breach> breach(long id) {
        return desk.read(s -> read(s, id));
    }

    private static Optional<Breach> read(Statements s, long id) throws SQLException {
        List<String> documents = s.rows("SELECT document FROM breach_notes WHERE breach = ? ORDER BY number",
                row -> row.getString(1), id);
        return documents.isEmpty() ? Optional.empty()
                : Optional.of(new Breach(id, documents.stream().map(Breaches::note).toList()));
    }

    private static Note note(String document) {
        try {
            return JSON.readValue(document, Note.class);
        } catch (JacksonException e) {
            throw new Fault.Corrupt("The desk holds what is no note of a breach", Map.of(), e);
        }
    }

    /// Puts a breach into the register. One of the same incident, title and moment that is there is returned instead: an order given
    /// again changes nothing.
    ///
    /// @throws IllegalArgumentException if somebody became aware in the future
    /// @throws Fault.Unavailable if it cannot be kept now
    public Breach open(Note.Opened opening, String by) {
        Instant now = clock.now();
        if (opening.aware().isAfter(now)) throw new IllegalArgumentException("aware: must not be in the future");
        return desk.write(s -> {
            for (long id : s.rows("SELECT id FROM breaches WHERE aware = ?", row -> row.getLong(1),
                    opening.aware().toEpochMilli())) {
                Optional<Breach> there = read(s, id);
                if (there.isPresent() && there.get().opening().equals(opening)) return there.get();
            }
            s.change("INSERT INTO breaches (opened, aware) VALUES (?, ?)", now.toEpochMilli(),
                    opening.aware().toEpochMilli());
            long id = s.number("SELECT last_insert_rowid()");
            var note = new Note(1, now, by, opening);
            insert(s, id, note);
            return new Breach(id, List.of(note));
        });
    }

    /// Adds notes, all of them or none.
    ///
    /// @throws IllegalArgumentException if there is no such breach, or one of them cannot be
    /// @throws Fault.Unavailable if they cannot be kept now
    public Breach add(long id, List<? extends Note.What> more, String by) {
        Instant now = clock.now();
        return desk.write(s -> {
            Breach breach = read(s, id)
                    .orElseThrow(() -> new IllegalArgumentException("breach: there is no " + id));
            for (Note.What what : more) {
                Optional<String> refusal = breach.refusal(what, now);
                if (refusal.isPresent()) throw new IllegalArgumentException(refusal.get());
                var note = new Note(breach.notes().size() + 1, now, by, what);
                insert(s, id, note);
                breach = breach.with(note);
            }
            return breach;
        });
    }

    private static void insert(Statements s, long breach, Note note) throws SQLException {
        s.change("INSERT INTO breach_notes (breach, number, at, document) VALUES (?, ?, ?, ?)", breach,
                note.number(), note.at().toEpochMilli(), JSON.writeValueAsString(note));
    }
}
