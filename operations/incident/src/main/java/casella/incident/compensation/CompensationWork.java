package casella.incident.compensation;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.directory.Brand;
import casella.directory.Registrar.Allowance;
import casella.incident.Desk;
import casella.incident.Incident;
import casella.incident.Words;
import casella.incident.compensation.CompensationTables.Became;
import casella.incident.compensation.CompensationTables.Row;
import casella.incident.compensation.Run.Act;
import casella.incident.compensation.Run.Line;
import casella.incident.compensation.Run.State;
import casella.incident.voice.Language;
import casella.incident.voice.Voice;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Does what was ordered: credits, takes back, announces; a page of accounts at a time, and after any kill from the page it was at.
///
/// Exactly once: of each page the directory is asked first, where an allowance is a row that is there once however often it is given;
/// then the desk writes, in one transaction, what became of each account and how far it is. Between the two a kill costs a page that is
/// asked for again. Months are the desk's row itself. A message is one for its occasion ([Voice]).
public final class CompensationWork implements AutoCloseable {
    private static final int PAGE = 2_000;
    private static final int TOLD_PAGE = 200;
    private static final Duration LOOK = Duration.ofSeconds(30);

    private final Desk desk;
    private final Allowances allowances;
    private final Telling telling;
    private final LongFunction<Optional<Incident>> incidents;
    private final Clock clock;
    private final Pace pace;
    private final Semaphore signal = new Semaphore(0);
    private final Object turned = new Object();
    /// Guarded by `turned`.
    private long turns;
    private volatile @Nullable Thread thread;
    private volatile String waiting = "";
    /// How far the announcing came in this round.
    private @Nullable Round round;

    /// Tells owners ([Voice#tell]).
    @FunctionalInterface
    public interface Telling {
        Voice.Told tell(
                AccountId account, Voice.Occasion occasion,
                BiFunction<Language, Brand, casella.incident.voice.Words> words);
    }

    /// Called between any two steps.
    @FunctionalInterface
    public interface Pace {
        /// Waits, so that others have their turn.
        ///
        /// @param took how long the step before was
        void rest(Duration took) throws InterruptedException;
    }

    /// @param after the last account of the page before
    /// @param left how many could not be told
    private record Round(long run, @Nullable AccountId after, long left) {}

    /// @param incidents finds what an incident is called
    public CompensationWork(
            Desk desk, Allowances allowances, Telling telling, LongFunction<Optional<Incident>> incidents,
            Clock clock, Pace pace) {
        this.desk = desk;
        this.allowances = allowances;
        this.telling = telling;
        this.incidents = incidents;
        this.clock = clock;
        this.pace = pace;
    }

    /// Returns a pace that leaves directory and desk to others for as long as a step took, at most a second.
    public static Pace halfOfTheTime() {
        var never = new Semaphore(0);
        long most = Duration.ofSeconds(1).toNanos();
        return took -> {
            boolean _ = never.tryAcquire(Math.min(took.toNanos(), most), TimeUnit.NANOSECONDS);
        };
    }

    /// Begins to work, for as long as this is open.
    public CompensationWork start() {
        thread = Thread.ofVirtual().name("compensation").start(this::work);
        return this;
    }

    private void work() {
        try {
            while (true) {
                boolean more = false;
                try {
                    more = step();
                    waiting = "";
                } catch (Fault e) {
                    waiting = String.valueOf(e.getMessage());
                    Log.event(Event.COMPENSATION_WAITS, e);
                }
                synchronized (turned) {
                    turns++;
                    turned.notifyAll();
                }
                if (more) continue;
                signal.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                signal.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says that there is something to do.
    void wake() {
        signal.release();
    }

    /// Waits until a page is done, at most so long.
    public void await(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        synchronized (turned) {
            long before = turns;
            for (long left = time.toMillis(); turns == before && left > 0; ) {
                turned.wait(left);
                left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            }
        }
    }

    /// Returns what the work waits for; empty while it goes on, or there is none.
    public String waiting() {
        return waiting;
    }

    /// Does the next page of what there is to do. One thread at a time.
    ///
    /// @return whether there is more to do now
    /// @throws Fault if it cannot be done now
    boolean step() throws InterruptedException {
        Optional<Run> ending = first(State.REVOKING);
        if (ending.isPresent()) return end(ending.get());
        Optional<Run> crediting = first(State.APPLYING);
        if (crediting.isPresent()) return credit(crediting.get());
        for (long id : desk.read(s -> CompensationTables.ids(s, State.APPLIED))) {
            Run run = desk.read(s -> CompensationTables.run(s, id));
            if (run.announced() == null) return tell(run);
        }
        return false;
    }

    private Optional<Run> first(State state) {
        return desk.read(s -> {
            List<Long> ids = CompensationTables.ids(s, state);
            return ids.isEmpty() ? Optional.empty() : Optional.of(CompensationTables.run(s, ids.getFirst()));
        });
    }

    private void rest(long sinceNanos) throws InterruptedException {
        pace.rest(Duration.ofNanos(Math.max(0, clock.nanos() - sinceNanos)));
    }

    private boolean credit(Run run) throws InterruptedException {
        long began = clock.nanos();
        List<Row> page = desk.read(s -> CompensationTables.page(s, run.id(), run.walked(), PAGE));
        var give = new ArrayList<Allowance>();
        for (Row row : page) {
            Owed owed = run.lines().get(row.line()).owed();
            boolean open = row.became() == Became.OWED || row.became() == Became.CREDITED;
            if (owed.something() && open) give.add(new Allowance(row.account(), run.cause(), run.id(), owed.bytes()));
        }
        Set<AccountId> have = give.isEmpty() ? Set.of() : allowances.give(give);
        rest(began);
        began = clock.nanos();
        Instant now = clock.now();
        desk.write(s -> {
            // Revoked since: what the directory was asked for just now is taken back with all the rest.
            if (CompensationTables.run(s, run.id()).state() != State.APPLYING) return false;
            for (Line line : run.lines()) {
                if (line.owed().something()) credited(s, run, line, page, have, now);
            }
            if (page.isEmpty()) {
                CompensationTables.state(s, run.id(), State.APPLIED);
                CompensationTables.act(s, run.id(), new Act(now, Who.ITSELF, "credited", ""));
            } else {
                CompensationTables.walked(s, run.id(), page.getLast().account());
            }
            return true;
        });
        rest(began);
        return true;
    }

    private static void credited(
            Statements s, Run run, Line line, List<Row> page, Set<AccountId> have, Instant now)
            throws SQLException {
        long credited = 0;
        long gone = 0;
        for (Row row : page) {
            if (row.line() != line.number() || row.became() != Became.OWED) continue;
            boolean has = have.contains(row.account());
            int changed = CompensationTables.become(s, run.id(), row.account(),
                    has ? Became.CREDITED : Became.GONE, now.toEpochMilli());
            if (has) credited += changed;
            else gone += changed;
        }
        if (credited + gone > 0) CompensationTables.count(s, run.id(), line.number(), credited, gone, 0, 0);
    }

    /// Also of accounts that are not said to be credited: the directory may have been asked for them.
    private boolean end(Run run) throws InterruptedException {
        long began = clock.nanos();
        List<Row> page = desk.read(s -> CompensationTables.page(s, run.id(), run.walked(), PAGE));
        List<AccountId> accounts = page.stream().filter(row -> run.lines().get(row.line()).owed().bytes() > 0)
                .map(Row::account).toList();
        if (!accounts.isEmpty()) allowances.end(run.cause(), run.id(), accounts);
        rest(began);
        began = clock.nanos();
        Instant now = clock.now();
        desk.write(s -> {
            for (Line line : run.lines()) {
                long ended = 0;
                for (Row row : page) {
                    if (row.line() != line.number() || row.became() != Became.CREDITED) continue;
                    ended += CompensationTables.end(s, run.id(), row.account(), now.toEpochMilli());
                }
                if (ended > 0) CompensationTables.count(s, run.id(), line.number(), 0, 0, ended, 0);
            }
            if (page.isEmpty()) {
                CompensationTables.state(s, run.id(), State.REVOKED);
                CompensationTables.act(s, run.id(), new Act(now, Who.ITSELF, "ended", ""));
            } else {
                CompensationTables.walked(s, run.id(), page.getLast().account());
            }
            return true;
        });
        rest(began);
        return true;
    }

    /// Tells a page of owners what they were given. Who cannot be told now is told in the next round.
    private boolean tell(Run run) throws InterruptedException {
        Round now = round != null && round.run() == run.id() ? round : new Round(run.id(), null, 0);
        List<Row> page = desk.read(s -> CompensationTables.page(s, run.id(), now.after(), TOLD_PAGE));
        if (page.isEmpty()) {
            round = null;
            if (now.left() > 0) return false;
            Instant at = clock.now();
            desk.write(s -> {
                CompensationTables.announced(s, run.id(), at);
                CompensationTables.act(s, run.id(), new Act(at, Who.ITSELF, "announced", ""));
                return true;
            });
            return true;
        }
        Set<AccountId> done = new HashSet<>();
        long tried = 0;
        for (Row row : page) {
            if (row.told() || row.became() != Became.CREDITED) continue;
            long began = clock.nanos();
            tried++;
            if (told(run, row)) done.add(row.account());
            rest(began);
        }
        desk.write(s -> {
            for (Line line : run.lines()) {
                long told = 0;
                for (Row row : page) {
                    if (row.line() == line.number() && done.contains(row.account())) {
                        told += CompensationTables.told(s, run.id(), row.account());
                    }
                }
                if (told > 0) CompensationTables.count(s, run.id(), line.number(), 0, 0, 0, told);
            }
            return true;
        });
        // Nobody of a page: what messages are filed into is away.
        if (tried > 0 && done.isEmpty()) return false;
        round = new Round(run.id(), page.getLast().account(), now.left() + tried - done.size());
        return true;
    }

    private boolean told(Run run, Row row) {
        Words title = incidents.apply(run.incident()).map(Incident::title).orElse(null);
        Owed owed = run.lines().get(row.line()).owed();
        // The order is when it came to be told: the same at each try.
        Instant at = run.acts().stream().filter(act -> act.act().equals("applied")).findFirst()
                .map(Act::at).orElseThrow();
        var words = new CompensationWords(owed, title);
        var occasion = new Voice.Occasion("compensation-" + run.id(), at);
        return switch (telling.tell(row.account(), occasion, words::in)) {
            case TOLD, NOBODY -> true;
            case LATER -> false;
        };
    }

    @Override
    public void close() {
        Thread working = thread;
        if (working == null) return;
        working.interrupt();
        try {
            working.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
