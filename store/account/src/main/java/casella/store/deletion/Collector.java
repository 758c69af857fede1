package casella.store.deletion;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Journal;
import casella.store.Rescue;
import casella.store.Shelf;
import casella.store.archive.Archiver;
import casella.store.care.CareFile;
import casella.store.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Removes for good what ended longer ago than it is kept, and stands and asks before it does what it never
/// does.
///
/// A run first counts what is due in all accounts and then, if that is no more than usual, goes through them
/// at a set pace. What it will not do by itself ([Brake]) it does when somebody confirms it: once. Safe from
/// any thread.
public final class Collector implements AutoCloseable {
    /// @param every from run to run
    /// @param few objects a run may always remove from a vault
    /// @param share of a vault's objects that a run may remove
    /// @param times of what is usual that a run may remove, once `runs` runs were made
    /// @param perSecond objects removed a second
    /// @param fewAccounts wiped accounts that may always be erased in a day; more only while they are no more than the
    ///                    share of all
    /// @param oldJournal whether journals older than what can be had back go too ([OldJournal])
    public record Limits(
            Duration every, long few, double share, double times, int runs, long perSecond, long fewAccounts,
            boolean oldJournal) {
        public static final Limits STANDARD = new Limits(Duration.ofDays(1), 100, 0.01, 3, 3, 500, 10, false);

        /// With the standard for accounts, journals included.
        public Limits(Duration every, long few, double share, double times, int runs, long perSecond) {
            this(every, few, share, times, runs, perSecond, STANDARD.fewAccounts(), true);
        }

        public Limits withOldJournal(boolean goes) {
            return new Limits(every, few, share, times, runs, perSecond, fewAccounts, goes);
        }
    }

    /// What a run came to.
    public sealed interface Result {
        /// @param condemned emails that cannot be had back from now on
        /// @param removed objects, by vault
        /// @param later accounts that could not be collected now
        record Ran(long accounts, long condemned, Map<String, Long> removed, long later) implements Result {
            public Ran {
                removed = Map.copyOf(removed);
            }
        }

        /// It stands and asks.
        record Stopped(Brake brake) implements Result {}
    }

    /// @param aside accounts left alone: something of them was live that should not be
    public record Status(
            boolean running, @Nullable Brake brake, @Nullable Instant lastRun, Set<AccountId> aside,
            Map<String, Double> usual) {
        public Status {
            aside = Set.copyOf(aside);
            usual = Map.copyOf(usual);
        }
    }

    private static final int PAGE = 1_000;
    /// What is counted apart from mails: segments, contents, checkpoints, pages.
    private static final String JOURNAL = "/journal";
    /// Of these a day makes several for each mail, and none stays.
    private static final int JOURNAL_TIMES = 5;
    private static final Duration TIME = Duration.ofSeconds(30);

    private final Collection.Parts parts;
    private final Terms.Source terms;
    private final CareFile file;
    private final Clock clock;
    private final Metrics metrics;
    private final Limits limits;
    private final TimeSense sense;
    private final Memory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Status status;

    private Collector(
            Collection.Parts parts, Terms.Source terms, CareFile file, Clock clock, Metrics metrics,
            Limits limits) {
        this.parts = parts;
        this.terms = terms;
        this.file = file;
        this.clock = clock;
        this.metrics = metrics;
        this.limits = limits;
        this.memory = remembered();
        this.sense = new TimeSense(clock, memory.time());
        this.status = told(false);
        metrics.gauge(Metric.COLLECT_BRAKED, () -> status.brake() == null ? 0 : 1);
        tick();
    }

    /// Takes up what the last run left in `file`. Blocks on it; removes nothing.
    public static Collector open(
            Engine engine, Journal journal, Archiver archiver, Accounts accounts, Terms.Source terms,
            CareFile file, Clock clock, Metrics metrics, Limits limits) {
        var parts = new Collection.Parts(engine, journal, archiver, accounts, accounts.copies());
        return new Collector(parts, terms, file, clock, metrics, limits);
    }

    private Memory remembered() {
        Optional<List<String>> lines = file.read();
        if (lines.isPresent()) {
            try {
                return Memory.of(lines.get());
            } catch (RuntimeException e) {
                Log.event(Event.CARE_FILE_UNREADABLE, e, "file", "collect");
            }
        }
        var fresh = new Memory();
        if (anyAccount()) {
            pull(fresh, new Brake(Brake.Reason.MEMORY, null,
                    "the file of what the collector knew of time and usual volumes is lost, or is new to this data folder"));
        }
        return fresh;
    }

    private boolean anyAccount() {
        try {
            if (!parts.engine().accounts(null, 1, TIME).isEmpty()) return true;
        } catch (Fault e) {
            return true; // not known to be empty
        }
        for (Shelf shelf : parts.copies().shelves()) {
            try {
                if (!shelf.vault().accounts(null, 1, TIME).isEmpty()) return true;
            } catch (Fault e) {
                return true; // not known to be empty
            }
        }
        return false;
    }

    public Status status() {
        return status;
    }

    private Status told(boolean running) {
        var usual = new LinkedHashMap<String, Double>();
        for (Shelf shelf : parts.copies().shelves()) usual.put(shelf.name(), Math.max(0,
                memory.usual(shelf.name(), 1)));
        return new Status(running, memory.brake(), memory.lastRun(), memory.aside(), usual);
    }

    private static void pull(Memory memory, Brake brake) {
        if (brake.equals(memory.brake())) return;
        memory.brake(brake);
        Log.event(Event.COLLECT_BRAKED, "reason", brake.reason().word(), "what", brake.what());
    }

    /// Looks at the clock and keeps the time. Called every few minutes, and after a clock was made to jump.
    public void tick() {
        lock.lock();
        try {
            if (memory.brake() != null) return;
            Optional<Brake> doubt = sense.doubt();
            if (doubt.isPresent()) pull(memory, doubt.get());
            else memory.seen(clock.now());
            keep(false);
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of its doubt of the clock where the clock is again what it was before: whoever made it jump set it right.
    ///
    /// @return whether nothing is asked about the clock any more
    public boolean reconsider() {
        lock.lock();
        try {
            Brake brake = memory.brake();
            if (brake == null || brake.reason() != Brake.Reason.CLOCK) return true;
            if (sense.doubt().isPresent()) return false;
            memory.brake(null);
            keep(false);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void keep(boolean running) {
        file.write(memory.lines());
        status = told(running);
    }

    /// Says whether a run is due.
    boolean due() {
        Instant last = status.lastRun();
        return last == null || !clock.now().isBefore(last.plus(limits.every()));
    }

    /// Is told how far a run is.
    public interface Progress {
        void at(long accounts, long of);
    }

    /// As [#run(boolean, Progress)], with nobody to be told.
    public Result run(boolean confirm) {
        return run(confirm, (_, _) -> {});
    }

    /// Makes a run now.
    ///
    /// @param confirm somebody saw what it asks and wants it to go on: the time is right; as much as this may
    ///                go this
    ///                once; an account of which something is live is left alone from now on
    public Result run(boolean confirm, Progress progress) {
        lock.lock();
        try {
            Brake before = memory.brake();
            if (before != null && !confirm) return new Result.Stopped(before);
            boolean much = before != null && before.reason() == Brake.Reason.VOLUME;
            if (before != null) release(before);
            return ScopedValue.where(Rescue.UNATTENDED, true).call(() -> run(clock.now(), much, progress));
        } catch (Brake.Pulled pulled) {
            pull(memory, pulled.brake());
            return new Result.Stopped(pulled.brake());
        } finally {
            keep(false);
            lock.unlock();
        }
    }

    private void release(Brake brake) {
        switch (brake.reason()) {
            case CLOCK, MEMORY -> {
                sense.believe();
                memory.believe(clock.now());
            }
            case VOLUME -> {}
            case ERASURES -> memory.allow(Long.parseLong(brake.what().substring(0, brake.what().indexOf(' '))));
            case LIVE -> {
                if (brake.account() != null) memory.aside().add(brake.account());
            }
        }
        memory.brake(null);
    }

    /// Says whether nothing speaks against the time.
    boolean believesTheTime() {
        lock.lock();
        try {
            Brake brake = memory.brake();
            boolean asked = brake != null
                    && (brake.reason() == Brake.Reason.CLOCK || brake.reason() == Brake.Reason.MEMORY);
            return !asked && sense.doubt().isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Says whether so many wiped accounts are no more than may go in a day; else it stands and asks.
    boolean mayErase(long due) {
        lock.lock();
        try {
            if (memory.brake() != null) return false;
            believeTheTime();
            long day = memory.erased(clock.now()) + due;
            if (due <= memory.allowed() || day <= limits.fewAccounts()) return true;
            long all = accounts();
            if (day <= all * limits.share()) return true;
            throw new Brake.Pulled(new Brake(Brake.Reason.ERASURES, null,
                    due + " of " + all + " accounts were wiped long enough ago and would be erased"));
        } catch (Brake.Pulled pulled) {
            pull(memory, pulled.brake());
            keep(false);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private long accounts() {
        long count = 0;
        for (List<AccountId> page = parts.engine().accounts(null, PAGE, TIME); !page.isEmpty();
                page = parts.engine().accounts(page.getLast(), PAGE, TIME)) count += page.size();
        return count;
    }

    /// Takes note that an account's erasure was ordered because its days were over.
    void erased() {
        lock.lock();
        try {
            memory.erasedOne(clock.now());
            keep(false);
        } finally {
            lock.unlock();
        }
    }

    private void believeTheTime() {
        sense.doubt().ifPresent(doubt -> {
            throw new Brake.Pulled(doubt);
        });
    }

    private Result.Ran run(Instant now, boolean much, Progress progress) {
        believeTheTime();
        memory.seen(now);
        keep(true);
        var later = new long[1];
        Planned planned = plan(now, later);
        if (!much) weigh(planned);
        var removed = new LinkedHashMap<String, Long>();
        for (Shelf shelf : parts.copies().shelves()) {
            removed.put(shelf.name(), 0L);
            removed.put(shelf.name() + JOURNAL, 0L);
        }
        long condemned = 0;
        long at = 0;
        for (AccountId id : planned.accounts()) {
            if (closed.getCount() == 0) break;
            progress.at(at++, planned.accounts().size());
            believeTheTime();
            try {
                if (!parts.engine().keeps(id)) {
                    later[0]++; // on the standby engine, journal and checkpoint are one witness
                    continue;
                }
                Optional<Terms> here = terms.of(id);
                if (here.isEmpty()) continue;
                Instant ripe = ripeBefore(now);
                Collection.Toll mails = toll("", 1, removed, much);
                condemned += new Collection(parts, id, now, ripe).collect(here.get(), mails).condemned();
                Collection.Toll old = toll(JOURNAL, JOURNAL_TIMES, removed, much);
                if (limits.oldJournal()) new OldJournal(parts, id, now, ripe).collect(here.get(), old);
            } catch (Fault e) {
                later[0]++;
                Log.event(Event.COLLECT_LATER, "account", id, "why", e);
            }
        }
        // A run that the end of the process cut short says nothing of what is usual.
        if (closed.getCount() > 0) memory.ran(now, removed);
        Log.event(
                Event.COLLECT_DONE, "accounts", planned.accounts().size(), "condemned", condemned, "removed",
                        removed,
                "later", later[0]);
        return new Result.Ran(planned.accounts().size(), condemned, removed, later[0]);
    }

    private Collection.Toll toll(String suffix, int times, Map<String, Long> removed, boolean much) {
        return (shelf, count) -> {
            String ledger = shelf.name() + suffix;
            removed.merge(ledger, (long) count, Long::sum);
            // A run that finds more than it counted was wrong about something.
            if (!much) weigh(shelf, ledger, removed.getOrDefault(ledger, 0L), times);
            metrics.add(Metric.COLLECT_OBJECTS, count, shelf.name());
            rest(count);
        };
    }

    /// What a run would do.
    private record Planned(List<AccountId> accounts, Map<Shelf, Long> mails, Map<Shelf, Long> journal) {}

    /// Returns until when something must have left the first vault to leave the others now: seven days ago, and never
    /// before the time was last found wrong.
    private Instant ripeBefore(Instant now) {
        Instant ripe = now.minus(Collection.APART);
        Instant believed = memory.believed();
        return believed != null && ripe.isBefore(believed) ? Instant.EPOCH : ripe;
    }

    private Planned plan(Instant now, long[] later) {
        var accounts = new ArrayList<AccountId>();
        var objects = new LinkedHashMap<Shelf, Long>();
        var journal = new LinkedHashMap<Shelf, Long>();
        Shelf first = parts.first();
        List<AccountId> page = parts.engine().accounts(null, PAGE, TIME);
        while (!page.isEmpty()) {
            for (AccountId id : page) {
                if (memory.aside().contains(id)) continue;
                try {
                    if (!parts.engine().keeps(id)) {
                        later[0]++;
                        continue;
                    }
                    Optional<Terms> here = terms.of(id);
                    if (here.isEmpty()) continue;
                    Instant ripe = ripeBefore(now);
                    Collection.Due due = new Collection(parts, id, now, ripe).due(here.get());
                    OldJournal.Due old = limits.oldJournal()
                            ? new OldJournal(parts, id, now, ripe).due(here.get())
                            : new OldJournal.Due(0, 0);
                    if (due.none() && old.none()) continue;
                    accounts.add(id);
                    objects.merge(first, due.condemn() + due.first(), Long::sum);
                    journal.merge(first, old.first(), Long::sum);
                    for (Shelf shelf : parts.others()) {
                        objects.merge(shelf, due.others(), Long::sum);
                        journal.merge(shelf, old.others(), Long::sum);
                    }
                } catch (Fault e) {
                    later[0]++;
                    Log.event(Event.COLLECT_LATER, "account", id, "why", e);
                }
            }
            page = parts.engine().accounts(page.getLast(), PAGE, TIME);
        }
        return new Planned(accounts, objects, journal);
    }

    private void weigh(Planned planned) {
        planned.mails().forEach((shelf, count) -> weigh(shelf, shelf.name(), count, 1));
        planned.journal().forEach((shelf, count) -> weigh(shelf, shelf.name() + JOURNAL, count, JOURNAL_TIMES));
    }

    /// @param ledger what is counted
    /// @param times the few and the share are wider
    private void weigh(Shelf shelf, String ledger, long count, int times) {
        long few = limits.few() * times;
        if (count <= few) return;
        long held = shelf.vault().figures().objects();
        if (count > held * limits.share() * times) {
            throw new Brake.Pulled(new Brake(
                    Brake.Reason.VOLUME, null,
                    "a run would remove " + count + " of " + held + " objects of vault " + ledger));
        }
        double usual = memory.usual(ledger, limits.runs());
        if (usual >= 0 && count > Math.max((double) few, usual * limits.times())) {
            throw new Brake.Pulled(new Brake(
                    Brake.Reason.VOLUME, null,
                    "a run would remove " + count + " objects of vault " + ledger + ", usual are "
                            + Math.round(usual)));
        }
    }

    private void rest(long count) {
        try {
            var _ = closed.await(count * 1_000_000_000L / limits.perSecond(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends a run at the next account.
    @Override
    public void close() {
        closed.countDown();
    }
}
