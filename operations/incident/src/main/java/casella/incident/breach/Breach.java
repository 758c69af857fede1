package casella.incident.breach;

import casella.incident.breach.Note.Communicated;
import casella.incident.breach.Note.Decided;
import casella.incident.breach.Note.Decision;
import casella.incident.breach.Note.Drafted;
import casella.incident.breach.Note.Notified;
import casella.incident.breach.Note.Opened;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A personal data breach, as what was noted of it tells: everything here is read out of the notes.
///
/// @param notes in order; the first is the opening
public record Breach(long id, List<Note> notes) {
    /// More are refused.
    public static final int NOTES_MAX = 1_000;

    public Breach {
        notes = List.copyOf(notes);
        if (notes.isEmpty() || !(notes.getFirst().what() instanceof Opened)) {
            throw new IllegalArgumentException("breach: must begin with its opening");
        }
    }

    /// A version of what is known.
    ///
    /// @param number 1 for the first
    public record Version(int number, Instant at, String by, Draft draft) {}

    public Opened opening() {
        if (notes.getFirst().what() instanceof Opened opened) return opened;
        throw new IllegalStateException("breach: begins with no opening");
    }

    Breach with(Note note) {
        var more = new ArrayList<>(notes);
        more.add(note);
        return new Breach(id, more);
    }

    /// Returns every version there was, oldest first.
    public List<Version> versions() {
        var versions = new ArrayList<Version>();
        for (Note note : notes) {
            if (!(note.what() instanceof Drafted(Draft draft))) continue;
            versions.add(new Version(versions.size() + 1, note.at(), note.by(), draft));
        }
        return List.copyOf(versions);
    }

    /// Returns what is known now.
    public Draft draft() {
        List<Version> versions = versions();
        return versions.isEmpty() ? Draft.EMPTY : versions.getLast().draft();
    }

    private <T extends Note.What> List<T> all(Class<T> what) {
        return notes.stream().map(Note::what).filter(what::isInstance).map(what::cast).toList();
    }

    /// Returns what was decided last; empty before that.
    public Optional<Decided> decision() {
        List<Decided> all = all(Decided.class);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// Returns when the authority was notified, of which version, oldest first.
    public List<Notified> notified() {
        return all(Notified.class);
    }

    /// Returns what was told to the people concerned, oldest first.
    public List<Communicated> communicated() {
        return all(Communicated.class);
    }

    /// Returns how the 72 hours stand.
    public Clock72 clock(Instant now) {
        Instant first = notified().stream().map(Notified::sent).min(Instant::compareTo).orElse(null);
        return Clock72.of(opening().aware(), first, now);
    }

    /// Returns how far it is: `to-decide`, `to-notify`, `notified`, `not-notified`.
    public String state() {
        if (!notified().isEmpty()) return "notified";
        return decision().map(decided -> switch (decided.decision()) {
            case NOTIFY -> "to-notify";
            case DO_NOT_NOTIFY -> "not-notified";
        }).orElse("to-decide");
    }

    /// Returns why a note must not be added; empty where it may.
    ///
    /// @param now when it is
    Optional<String> refusal(Note.What what, Instant now) {
        if (notes.size() >= NOTES_MAX) return Optional.of("breach: " + id + " has too many notes");
        return switch (what) {
            case Opened _ -> Optional.of("breach: " + id + " is in the register");
            case Drafted _, Communicated _ -> Optional.empty();
            case Decided(Decision decision, var _) ->
                    decision == Decision.DO_NOT_NOTIFY && !notified().isEmpty()
                            ? Optional.of("decide: the authority was notified already") : Optional.empty();
            case Notified notified -> refusal(notified, now);
        };
    }

    private Optional<String> refusal(Notified what, Instant now) {
        if (versions().isEmpty()) return Optional.of("notified: nothing is drafted; say what happened first");
        if (what.sent().isAfter(now)) return Optional.of("notified: must not be in the future");
        if (what.sent().isBefore(opening().aware())) {
            return Optional.of("notified: must not be before somebody became aware");
        }
        boolean first = notified().isEmpty();
        boolean late = what.sent().isAfter(opening().aware().plus(Clock72.TIME));
        if (first && late && draft().delay().isEmpty()) {
            return Optional.of("notified: more than 72 hours after somebody became aware; say why with --delay (GDPR Art. 33(1))");
        }
        return Optional.empty();
    }
}
