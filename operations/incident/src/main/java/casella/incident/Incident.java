package casella.incident;

import casella.base.AccountId;
import casella.base.Notices.Listener;
import casella.continuity.cohort.Cohorts;
import casella.incident.Entry.Answered;
import casella.incident.Entry.Caused;
import casella.incident.Entry.Counted;
import casella.incident.Entry.Estimated;
import casella.incident.Entry.Opened;
import casella.incident.Entry.PostMortem;
import casella.incident.Entry.Published;
import casella.incident.Entry.Severity;
import casella.incident.Entry.State;
import casella.incident.Entry.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Something that went wrong, as its entries tell it: everything here is read out of them.
///
/// @param entries in order; the first is the opening
public record Incident(long id, List<Entry> entries) {
    /// More are refused: an incident of so many notices is several.
    public static final int ENTRIES_MAX = 5_000;

    public Incident {
        entries = List.copyOf(entries);
        if (entries.isEmpty() || !(entries.getFirst().what() instanceof Opened)) {
            throw new IllegalArgumentException("incident: must begin with its opening");
        }
    }

    private Opened opening() {
        if (entries.getFirst().what() instanceof Opened opened) return opened;
        throw new IllegalStateException("incident: begins with no opening");
    }

    Incident with(Entry entry) {
        var more = new ArrayList<>(entries);
        more.add(entry);
        return new Incident(id, more);
    }

    public Words title() {
        return opening().title();
    }

    public Severity severity() {
        return opening().severity();
    }

    public String evidence() {
        return opening().evidence();
    }

    public Instant opened() {
        return entries.getFirst().at();
    }

    /// Says whether it concerns the owners of a brand.
    public boolean concerns(String brand) {
        return opening().brands().isEmpty() || opening().brands().contains(brand);
    }

    /// Says whether somebody is to be told of it.
    boolean concerns(Listener listener, Cohorts cohorts) {
        return concerns(listener.brand()) && part().concerns(listener, cohorts);
    }

    /// Says whether an account is one of those it concerns. Which door or program its owner uses is not asked.
    public boolean concerns(String brand, AccountId account, Cohorts cohorts) {
        return concerns(Listener.owner(brand, account), cohorts);
    }

    /// Returns which owners of its brands it concerns.
    public Part part() {
        Part part = opening().part();
        return part == null ? Part.ALL : part;
    }

    /// Returns the brands it concerns; empty for all.
    public List<String> brands() {
        return opening().brands();
    }

    private <T extends Entry.What> Optional<Entry> last(Class<T> what) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (what.isInstance(entries.get(i).what())) return Optional.of(entries.get(i));
        }
        return Optional.empty();
    }

    public State state() {
        return last(Told.class).map(entry -> ((Told) entry.what()).state()).orElse(State.INVESTIGATING);
    }

    public boolean over() {
        return state() == State.RESOLVED;
    }

    /// Returns when it was said to be over; null while it is not.
    public @Nullable Instant resolved() {
        return over() ? last(Told.class).map(Entry::at).orElse(null) : null;
    }

    /// Returns what was said last, an entry of [Told]; empty before the first notice.
    public Optional<Entry> told() {
        return last(Told.class);
    }

    /// Returns all notices, newest first.
    public List<Entry> notices() {
        return entries.stream().filter(entry -> entry.what() instanceof Told).toList().reversed();
    }

    /// Returns the newest entry that a channel tells; empty where there is none.
    Optional<Entry> newest(Predicate<Entry.What> tells) {
        return entries.reversed().stream().filter(entry -> tells.test(entry.what())).findFirst();
    }

    /// Returns every version of what was learned, oldest first: entries of [PostMortem].
    public List<Entry> postMortems() {
        return entries.stream().filter(entry -> entry.what() instanceof PostMortem).toList();
    }

    /// Returns what is expected now; empty where nothing is, or it was taken back.
    public Optional<Estimated> estimate() {
        return last(Estimated.class).map(entry -> (Estimated) entry.what()).filter(one -> one.back() != null);
    }

    /// Returns what was expected when, oldest first: entries of [Estimated].
    public List<Entry> estimates() {
        return entries.stream().filter(entry -> entry.what() instanceof Estimated).toList();
    }

    public Optional<Caused> cause() {
        return last(Caused.class).map(entry -> (Caused) entry.what());
    }

    public Optional<Counted> counted() {
        return last(Counted.class).map(entry -> (Counted) entry.what());
    }

    /// Returns the newest version of each question for a brand, in the order in which they were first asked.
    public List<Answered> questions(String brand) {
        Map<String, Answered> newest = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.what() instanceof Answered one
                    && (one.brand().isEmpty() || one.brand().equals(brand))) {
                newest.put(one.key(), one);
            }
        }
        return List.copyOf(newest.values());
    }

    /// Returns the channels that did not take the newest notice, or what was learned after it, each with why.
    public Map<String, String> failed() {
        int newest = told().map(Entry::number).orElse(1);
        Map<String, String> failed = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (!(entry.what() instanceof Published(int of, String channel, String why))
                    || of < newest) continue;
            if (why.isEmpty()) failed.remove(channel);
            else failed.put(channel, why);
        }
        return failed;
    }
}
