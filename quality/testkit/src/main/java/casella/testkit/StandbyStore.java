package casella.testkit;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Entry;
import casella.store.Journal;
import casella.store.archive.Archiver;
import casella.store.archive.Holdings;
import casella.store.archive.Journalled;
import casella.store.archive.Reconciliation;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.health.Breaker;
import casella.store.own.OwnCalls;
import casella.store.standby.Leftovers;
import casella.store.standby.Registry;
import casella.store.standby.Standby;
import casella.store.standby.StandbyViews;
import casella.store.standby.SwitchedEngine;
import casella.store.vault.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/// Accounts that a standby can serve. What outlives a process is given: live engine, journal, vaults, the
/// registry's disk; closing this and opening another over the same is a restart.
public final class StandbyStore implements AutoCloseable {
    private static final Path FOLDER = Path.of("/registry");
    private static final Breaker.Rule PATIENT =
            new Breaker.Rule(
                    Integer.MAX_VALUE, Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMinutes(5));

    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);
    private final FaultyEngine live;
    private final OwnCalls calls;
    private final Registry registry;
    private final StandbyViews views;
    private final SwitchedEngine engine;
    private final Accounts accounts;
    private final Archiver archiver;
    private final Standby standby;
    private final SteppedClock clock = new SteppedClock();
    private volatile boolean merging;
    private final List<Entry> leftovers = Collections.synchronizedList(new ArrayList<>());

    /// What outlives a process.
    public record World(FaultyEngine live, Journal journal, Vault first, Vault second, Disk disk)
            implements AutoCloseable {
        /// A new one in memory.
        public static World over(Engine live) {
            return new World(
                    new FaultyEngine(live), new MemoryJournal(), new FaultyVault(new MemoryVault("one")),
                    new FaultyVault(new MemoryVault("two")), new SimulatedDisk(1));
        }

        /// Returns this one with another journal: the one before is lost.
        public World with(Journal another) {
            return new World(live, another, first, second, disk);
        }

        /// Returns this one with another disk of the registry.
        public World with(Disk another) {
            return new World(live, journal, first, second, another);
        }

        /// Returns this one with `around` around every call of each part. What it borrows from this one stays open.
        public World intercepted(Intercepted.Around around) {
            return new World(
                    new FaultyEngine(Intercepted.part(Engine.class, live, around)),
                    Intercepted.part(Journal.class, journal, around),
                    Intercepted.part(Vault.class, first, around),
                    Intercepted.part(Vault.class, second, around),
                    Intercepted.part(Disk.class, disk, around));
        }

        @Override
        public void close() {
            live.heal();
            live.close();
        }
    }

    private StandbyStore(World world, Accounts.Times times) {
        this.live = world.live();
        this.calls = new OwnCalls(live);
        this.registry = Registry.open(FOLDER, world.disk(), clock);
        List<Vault> vaults = List.of(new LentVault(world.first()), new LentVault(world.second()));
        var policy = new Copies.Policy(2, Copies.Distinct.TECHNOLOGY, 2, 1, times.change(), times.read());
        var copies = new Copies(vaults, policy, PATIENT, new Debt(Clock.system(), Metrics.none()),
                Metrics.none());
        var holdings = Holdings.of(copies, Duration.ofSeconds(10));
        var reconciliation = new Reconciliation(copies, Clock.system(), Metrics.none());
        this.views = new StandbyViews(registry, world.journal(), copies, reconciliation);
        this.engine = new SwitchedEngine(calls, registry, views);
        this.archiver = new Archiver(engine, world.journal(), copies, clock, Metrics.none(),
                Archiver.Limits.STANDARD);
        this.accounts =
                new Accounts(
                        engine,
                        new Journalled(world.journal(), archiver),
                        copies,
                        _ -> Long.MAX_VALUE,
                        Accounts.Founder.none(),
                        times,
                        Clock.system(),
                        cpu,
                        Metrics.none());
        Leftovers take = (account, lost, point) -> {
            leftovers.addAll(lost);
            if (merging) accounts.open(account).merge(lost, point);
        };
        var parts = new Standby.Parts(accounts, live, world.journal(), holdings, reconciliation,
                registry, views, take);
        this.standby = new Standby(parts, world.disk(), FOLDER, clock, Metrics.none());
    }


    public static StandbyStore open(World world) {
        return open(world, Duration.ofSeconds(10));
    }

    /// @param time deadline of every read and change
    public static StandbyStore open(World world, Duration time) {
        return new StandbyStore(world, new Accounts.Times(time, time));
    }

    /// Has the live engine alone get a change: of a process whose journal nobody has any more.
    public static void changeOnlyLive(World world, AccountId account, Consumer<Account> change) {
        World elsewhere = world.with(new MemoryJournal()).with(new SimulatedDisk(1));
        try (StandbyStore other = open(elsewhere)) {
            change.accept(other.accounts().open(account));
        }
    }

    /// Makes a new account with [TestStore#MAILBOXES].
    public Account account() {
        return accounts.create(AccountId.random(), TestStore.MAILBOXES);
    }

    public Accounts accounts() {
        return accounts;
    }

    public Standby standby() {
        return standby;
    }

    public Registry registry() {
        return registry;
    }

    public StandbyViews views() {
        return views;
    }

    /// Returns the engine accounts are served from.
    public Engine engine() {
        return engine;
    }

    /// Returns the live engine, to make it suffer.
    public FaultyEngine live() {
        return live;
    }

    /// Returns the live engine with each account's calls told from the others'.
    public OwnCalls calls() {
        return calls;
    }

    public Archiver archiver() {
        return archiver;
    }

    /// Returns the clock of registry and archiver.
    public SteppedClock clock() {
        return clock;
    }

    /// Takes in accounts whose view the live engine cannot keep, as a server does.
    public StandbyStore refuge() {
        accounts.refuge(standby::takes);
        return this;
    }

    /// Merges lost branches from now on, as a server does; before that it only keeps a list of them.
    public StandbyStore merging() {
        merging = true;
        return this;
    }

    public Copies copies() {
        return accounts.copies();
    }

    /// Returns the changes of lost branches that were to be merged.
    public List<Entry> leftovers() {
        return List.copyOf(leftovers);
    }

    /// Ends as a process does; live engine, journal, vaults and disk stay.
    @Override
    public void close() {
        standby.close();
        views.close();
        registry.close();
        cpu.close();
    }
}
