package casella.incident.compensation;

import casella.base.AccountId;
import casella.base.Clock;
import casella.directory.Brand;
import casella.directory.Plan;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.Incident;
import casella.incident.Incidents;
import casella.incident.availability.Availability;
import casella.incident.availability.Pass;
import casella.incident.availability.Span;
import casella.incident.compensation.CompensationTables.Became;
import casella.incident.compensation.Run.Act;
import casella.incident.compensation.Run.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is decided: previewed by one person, approved by another, ordered to be applied, and taken back. [CompensationWork] does it.
///
/// A preview keeps the whole list of who gets what; what is approved is that list, and nothing decides again afterwards.
/// Of an incident one run holds at a time: the table's index says so too. Safe from any thread; waits for desk and directory.
/// What is asked wrongly is an `IllegalArgumentException` with the sentence for the operator.
public final class Compensations {
    /// How much of a digest must be given to name it.
    public static final int DIGEST_MIN = 8;

    private static final int SHOWN_MAX = 200;
    private static final int FORGET = 20_000;

    private final Desk desk;
    private final Incidents incidents;
    private final Availability availability;
    private final Registrar registrar;
    private final CompensationWork work;
    private final Clock clock;
    /// One list is made or compared at a time.
    private final ReentrantLock counting = new ReentrantLock();

    public Compensations(
            Desk desk, Incidents incidents, Availability availability, Registrar registrar,
            CompensationWork work, Clock clock) {
        this.desk = desk;
        this.incidents = incidents;
        this.availability = availability;
        this.registrar = registrar;
        this.work = work;
        this.clock = clock;
    }

    /// Makes the list of who would get what, and keeps it; nobody is given anything. A preview before it is superseded.
    ///
    /// @param from null for when the incident was opened
    /// @param until null for when it was said to be over; now where it is not
    /// @param progress called with how many accounts were looked at
    public Run preview(
            long incident, Rules rules, @Nullable Instant from, @Nullable Instant until, Who by,
            LongConsumer progress) {
        Incident about = known(incident);
        held(incident).ifPresent(run -> {
            throw new IllegalArgumentException(("incident %d: its compensation of %s is %s already;"
                    + " another one needs `compensation revoke` first")
                    .formatted(incident, Instant.ofEpochMilli(run.id()), run.state().word()));
        });
        refuse(wrong(about, rules));
        Span window = window(about, from, until);
        return alone(() -> {
            forget();
            Run run = begin(about, rules, window, by);
            var writing = new ListMaking(desk, run, decision(rules, window));
            pass().run(window, writing, progress);
            String digest = writing.end();
            desk.write(s -> {
                for (long old : CompensationTables.ids(s, incident)) {
                    if (CompensationTables.run(s, old).state() == State.PREVIEWED) {
                        CompensationTables.state(s, old, State.SUPERSEDED);
                    }
                }
                CompensationTables.digest(s, run.id(), digest);
                CompensationTables.state(s, run.id(), State.PREVIEWED);
                return true;
            });
            forget();
            return run(run.id());
        });
    }

    /// Approves what was previewed last, if it is still what the record and the rules say, account by account. Who changed brand or plan
    /// since, or is gone, is as in the preview.
    ///
    /// @param digest the first characters of the one that was looked at; null for whichever is there
    public Run approve(long incident, @Nullable String digest, Who by, LongConsumer progress) {
        Incident about = known(incident);
        Run run = of(incident, List.of(State.PREVIEWED)).orElseThrow(() ->
                new IllegalArgumentException("incident " + incident
                        + ": nothing waits for an approval; `compensation preview` makes a list, `compensation status` shows what there is"));
        if (run.by("previewed").filter(by::same).isPresent()) {
            throw new IllegalArgumentException("approval: '%s' made the preview; somebody else must approve it (--as NAME)"
                    .formatted(by.name()));
        }
        if (digest != null && (digest.length() < DIGEST_MIN || !run.digest().startsWith(digest))) {
            throw new IllegalArgumentException("digest: the preview is %s, not %s; look at it again (`compensation status`)"
                    .formatted(run.digest().substring(0, DIGEST_MIN), digest));
        }
        if (!about.over()) {
            throw new IllegalArgumentException("incident " + incident
                    + ": is not resolved, and its record still grows; resolve it and preview again");
        }
        return alone(() -> {
            Rules rules = rules(run);
            refuse(wrong(about, rules));
            var compared = new ListComparing(desk, registrar, run, decision(rules, run.window()));
            pass().run(run.window(), compared, progress);
            compared.end().ifPresent(changed -> {
                throw new IllegalArgumentException(changed + ": preview again");
            });
            return turn(run, State.PREVIEWED, State.APPROVED, new Act(clock.now(), by, "approved", run.digest()));
        });
    }

    /// Has what was approved be given. Under way, it changes nothing; applied, it is all gone through again, and what a restored
    /// directory lost is given again.
    public Run apply(long incident, Who by) {
        Run run = held(incident).orElseThrow(() -> new IllegalArgumentException("incident " + incident
                + ": nothing is approved; first `compensation preview`, then `compensation approve` by somebody else"));
        return switch (run.state()) {
            case APPROVED, APPLIED ->
                turn(run, run.state(), State.APPLYING, new Act(clock.now(), by, "applied", ""));
            case APPLYING -> run;
            case REVOKING -> throw new IllegalArgumentException("incident " + incident + ": is being revoked");
            case PREVIEWING, PREVIEWED, SUPERSEDED, REVOKED -> throw new IllegalStateException("no run that holds");
        };
    }

    /// Has all of it taken back. What was given when stays on record.
    public Run revoke(long incident, String why, Who by) {
        if (why.isBlank() || why.length() > 500) throw new IllegalArgumentException("why: must be 1 to 500 characters");
        Run run = held(incident).orElseThrow(() -> new IllegalArgumentException("incident " + incident
                + ": there is nothing to revoke"));
        if (run.state() == State.REVOKING) return run;
        return turn(run, run.state(), State.REVOKING, new Act(clock.now(), by, "revoked", why.strip()));
    }

    /// Returns runs, newest first, at most 200.
    ///
    /// @param incident null for all
    public List<Run> runs(@Nullable Long incident) {
        return desk.read(s -> {
            List<Long> ids = incident == null ? CompensationTables.newest(s, SHOWN_MAX)
                    : CompensationTables.ids(s, incident);
            var runs = new ArrayList<Run>();
            for (long id : ids.subList(0, Math.min(ids.size(), SHOWN_MAX))) runs.add(CompensationTables.run(s, id));
            return runs;
        });
    }

    /// Says whether an incident is resolved.
    public boolean over(long incident) {
        return known(incident).over();
    }

    public Run run(long id) {
        return desk.read(s -> CompensationTables.run(s, id));
    }

    /// Returns the rules of a run.
    public Rules rules(Run run) {
        return RulesFile.read(desk.read(s -> CompensationTables.rules(s, run.rules())));
    }

    /// Returns what was not settled in the record when it is asked.
    public Availability.Unsettled unsettled(Run run) {
        return availability.unsettled(run.window());
    }

    /// One account's part of a run.
    ///
    /// @param state `owed`, `credited`, `gone` or `ended`
    /// @param at when it was credited, or the account was gone; null while it is owed
    /// @param ended when it was taken back; null where it was not
    public record Credit(
            Run run, AccountId account, Owed owed, String state, @Nullable Instant at,
            @Nullable Instant ended) {}

    /// Returns what one account was given, also what was taken back, the newest first.
    public List<Credit> of(AccountId account) {
        return desk.read(s -> {
            var found = new ArrayList<Credit>();
            for (long id : CompensationTables.newest(s, SHOWN_MAX)) {
                Optional<CompensationTables.Row> row = CompensationTables.of(s, id, account);
                if (row.isEmpty() || row.get().became() == Became.OWED || row.get().became() == Became.GONE) continue;
                found.add(credit(CompensationTables.run(s, id), row.get()));
            }
            return found;
        });
    }

    /// Returns what accounts of a run that are owed something were given, by their ids as signed numbers; a page, with those that are
    /// owed nothing left out.
    ///
    /// @param last the last account that was looked at; null at the end
    public record Credits(List<Credit> some, @Nullable AccountId last) {}

    public Credits credits(Run run, @Nullable AccountId after) {
        return desk.read(s -> {
            List<CompensationTables.Row> page = CompensationTables.page(s, run.id(), after, SHOWN_MAX * 10);
            List<Credit> some = page.stream().map(row -> credit(run, row)).filter(one ->
                    one.owed().something()).toList();
            return new Credits(some, page.isEmpty() ? null : page.getLast().account());
        });
    }

    private static Credit credit(Run run, CompensationTables.Row row) {
        Instant at = row.at() == 0 ? null : Instant.ofEpochMilli(row.at());
        Instant ended = row.ended() == 0 ? null : Instant.ofEpochMilli(row.ended());
        return new Credit(run, row.account(), run.lines().get(row.line()).owed(),
                row.became().name().toLowerCase(Locale.ROOT), at, ended);
    }

    private Incident known(long incident) {
        return incidents.incident(incident)
                .orElseThrow(() -> new IllegalArgumentException("incident: there is no " + incident));
    }

    private Optional<Run> held(long incident) {
        return of(incident, Stream.of(State.values()).filter(State::holds).toList());
    }

    private Optional<Run> of(long incident, List<State> states) {
        return desk.read(s -> {
            for (State state : states) {
                for (long id : CompensationTables.ids(s, state)) {
                    Run run = CompensationTables.run(s, id);
                    if (run.incident() == incident) return Optional.of(run);
                }
            }
            return Optional.empty();
        });
    }

    private List<String> wrong(Incident about, Rules rules) {
        List<String> all = registrar.brands().stream().map(Brand::name).toList();
        List<String> concerned = about.brands().isEmpty() ? all : about.brands();
        return rules.wrong(concerned, all, registrar.plans().stream().map(Plan::name).toList());
    }

    private static void refuse(List<String> wrong) {
        if (!wrong.isEmpty()) throw new IllegalArgumentException("rules: " + String.join("\nrules: ", wrong));
    }

    private Span window(Incident about, @Nullable Instant from, @Nullable Instant until) {
        Instant over = about.resolved();
        Instant now = clock.now();
        Instant end = until != null ? until : over != null ? over : now;
        Instant begin = from == null ? about.opened() : from;
        if (!begin.isBefore(end)) throw new IllegalArgumentException("from: must be before to");
        if (end.isAfter(now)) throw new IllegalArgumentException("to: has not come yet");
        return Span.of(begin, end);
    }

    private Decision decision(Rules rules, Span window) {
        return new Decision(rules, window, registrar.plans());
    }

    private Pass pass() {
        Predicate<String> paid = registrar.plans().stream().filter(Plan::paid).map(Plan::name)
                .collect(Collectors.toUnmodifiableSet())::contains;
        return new Pass(availability, registrar::members, paid);
    }

    private Run begin(Incident about, Rules rules, Span window, Who by) {
        Instant now = clock.now();
        String cause = "incident-" + about.id() + "-" + about.opened().toEpochMilli();
        return desk.write(s -> {
            long id = Math.max(now.toEpochMilli(), CompensationTables.lastId(s) + 1);
            var run = new Run(id, about.id(), cause, State.PREVIEWING, rules.digest(), window, "", null, null,
                    List.of(), List.of());
            CompensationTables.keepRules(s, rules, now.toEpochMilli());
            CompensationTables.begin(s, run);
            CompensationTables.act(s, id, new Act(now, by, "previewed", ""));
            return run;
        });
    }

    /// Turns a run to what was ordered, unless somebody turned it before.
    private Run turn(Run run, State from, State to, Act act) {
        Run after = desk.write(s -> {
            State now = CompensationTables.run(s, run.id()).state();
            if (now != from) {
                throw new IllegalArgumentException("incident %d: became %s meanwhile; look at it again"
                        .formatted(run.incident(), now.word()));
            }
            CompensationTables.fromTheFirst(s, run.id());
            CompensationTables.state(s, run.id(), to);
            CompensationTables.act(s, run.id(), act);
            return CompensationTables.run(s, run.id());
        });
        work.wake();
        return after;
    }

    /// Removes the lists of previews that came to nothing; what they came to together stays.
    private void forget() {
        for (State state : List.of(State.PREVIEWING, State.SUPERSEDED)) {
            for (long id : desk.read(s -> CompensationTables.ids(s, state))) {
                // A page at a time, so that nobody waits long for the desk.
                boolean more = !desk.read(s -> CompensationTables.page(s, id, null, 1)).isEmpty();
                while (more) more = desk.write(s -> CompensationTables.forget(s, id, FORGET)) == FORGET;
                if (state == State.PREVIEWING) {
                    desk.write(s -> {
                        CompensationTables.state(s, id, State.SUPERSEDED);
                        return true;
                    });
                }
            }
        }
    }

    private interface Work {
        Run run();
    }

    private Run alone(Work counted) {
        if (!counting.tryLock()) {
            throw new IllegalArgumentException("a preview or an approval is being counted; try again when it is done");
        }
        try {
            return counted.run();
        } finally {
            counting.unlock();
        }
    }
}
