package casella.server;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.continuity.cohort.Cohorts;
import casella.continuity.ladder.Climb;
import casella.server.config.Config;
import casella.server.control.BurnIns;
import casella.server.control.Operations;
import casella.server.control.StoreOperations;
import casella.server.control.VaultOperations;
import casella.server.drill.DrilledEngine;
import casella.server.drill.DrilledTail;
import casella.server.drill.DrilledVault;
import casella.server.drill.Scene;
import casella.server.health.Automation;
import casella.server.health.Automation.Work;
import casella.server.ladder.KeptEvidence;
import casella.server.ladder.Migration;
import casella.server.ladder.VaultPlace;
import casella.server.ladder.VaultsFile;
import casella.incident.help.Helps;
import casella.incident.news.News;
import casella.server.scanning.MailScans;
import casella.store.Accounts;
import casella.store.Contents;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Shelf;
import casella.store.archive.Archiver;
import casella.store.archive.Archiving;
import casella.store.archive.Holdings;
import casella.store.archive.Journalled;
import casella.store.archive.Proving;
import casella.store.archive.Reconciliation;
import casella.store.care.Care;
import casella.store.care.CareFile;
import casella.store.continuation.Continuations;
import casella.store.continuation.DialTone;
import casella.store.continuation.Turning;
import casella.store.continuation.Waiting;
import casella.store.deletion.Collecting;
import casella.store.deletion.Collector;
import casella.store.deletion.Erasure;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.health.Breaker;
import casella.store.health.Watch;
import casella.store.own.OwnBreakers;
import casella.store.own.OwnCalls;
import casella.store.quarantine.AccountQuarantine;
import casella.store.quarantine.GuardedEngine;
import casella.store.standby.Registry;
import casella.store.standby.Standby;
import casella.store.standby.StandbyViews;
import casella.store.standby.SwitchedEngine;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Engine, tail and vaults of one machine, and the accounts over them.
final class Storage implements AutoCloseable {
    /// How long a vault may take to list a page of accounts, or of names.
    private static final Duration LISTING = Duration.ofSeconds(30);
    /// An engine that is gone is known to be within two seconds: a call is suspect after a half, a probe may take one.
    private static final Watch.Pace ENGINE_PACE =
            new Watch.Pace(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final Duration DISTRUST = Duration.ofSeconds(30);
    private static final int RETURN_AFTER_TIMES = 15;

    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
    private final AccountQuarantine quarantine;
    private final Engine engine;
    private final Tail files;
    private final DrilledTail tail;
    private final DrilledEngine drilledEngine;
    private final List<DrilledVault> drilledVaults;
    private final List<Vault> vaults;
    private final Bulkhead cpu;
    private final Copies copies;
    private final Care care;
    private final Accounts accounts;
    private final Path keys;
    private final Cohorts cohorts;
    private final Standby standby;
    private final DialTone dialTone;
    private final Turning turning;
    private final boolean automaticStandby;
    private final Archiver archiver;
    private final Reconciliation reconciliation;
    private final Bulkhead collectFiles;
    private final Collector collector;
    private final Erasure erasure;
    private final Collecting collecting;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private Supplier<@Nullable Instant> contentsAway = () -> null;
    private final List<AccountId> closedAccounts;
    private final VaultsFile vaultsFile;
    private final Migration migration;

    private Storage(Config config, Faces faces, Waiting waiting, Clock clock, Clock deleting, Metrics metrics,
            Technologies technologies) {
        this.keys = config.data().keys();
        this.cohorts = faces.cohorts();
        this.automaticStandby = config.store().automaticStandby();
        try {
            // First, so that it is closed last: a stop is clean when all is closed.
            this.quarantine = opened(AccountQuarantine.open(config.data().care(), clock, metrics));
            this.cpu = opened(new Bulkhead("cpu", Runtime.getRuntime().availableProcessors(), 1_024));
            this.collectFiles = opened(new Bulkhead("collect.files", 1, 16));
            this.vaultsFile = new VaultsFile(config.data(), collectFiles);
            VaultsFile.Known known = vaultsFile.read();
            this.drilledEngine = opened(new DrilledEngine(technologies.engine(config.data().engine())));
            var ownCalls = new OwnCalls(drilledEngine);
            this.files = vouched(opened(technologies.tail(config.data().tail())), config.data().registry());
            this.tail = new DrilledTail(files);
            this.drilledVaults = drilled(known.vaults(VaultPlace.configured(config)), technologies);
            this.vaults = List.copyOf(drilledVaults);
            this.copies = new Copies(vaults, Settings.copies(config), new Debt(clock, metrics), metrics);
            Path claims = config.data().registry();
            Registry registry = opened(Registry.open(claims, Disk.real(), clock));
            var holdings = Holdings.of(copies, LISTING);
            this.reconciliation = new Reconciliation(copies, clock, metrics);
            StandbyViews views = opened(new StandbyViews(registry, tail, copies, reconciliation));
            this.engine = new GuardedEngine(new SwitchedEngine(ownCalls, registry, views), quarantine);
            this.archiver = new Archiver(engine, tail, copies, clock, metrics, Archiver.Limits.STANDARD);
            // Before anything is served: what was erased is not.
            this.erasure = erasure(config, faces, deleting);
            // Before the first segment; closed after the archiver, whose last objects may be owed.
            this.care = opened(Care.open(engine, copies, Settings.rates(config), Disk.real(),
                    config.data().care(), clock, metrics));
            this.accounts = new Accounts(engine, new Journalled(tail, archiver), copies, faces::quota, faces,
                    times(config), clock, cpu, metrics, quarantine);
            var standbyParts = new Standby.Parts(accounts, drilledEngine, tail, holdings, reconciliation,
                    registry,
                    views, (account, lost, point) -> accounts.open(account).merge(lost, point));
            this.standby = opened(new Standby(standbyParts, Disk.real(), claims, clock, metrics));
            this.dialTone = new DialTone(accounts, engine, standby, opened(Continuations.open(
                    Disk.real(), claims.resolve("continuation"), faces, waiting, cpu, clock, metrics)));
            accounts.continueWith(dialTone.continuations());
            opened(faces.follow(accounts));
            this.closedAccounts = accounts.recover();
            opened(Archiving.start(archiver));
            this.collector = collector(config, faces, deleting, metrics);
            this.turning = turning(config, ownCalls, clock, metrics);
            watchVaults(clock, metrics);
            startCare(config);
            opened(Proving.start(accounts, Holdings.of(copies, LISTING), tail));
            standby.resumeMerges();
            this.collecting = opened(Collecting.start(collector, erasure, faces, deleting));
            gauges(drilledEngine, metrics);
            this.migration = opened(migration(config, known, technologies, clock, metrics));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Tail vouched(Tail tail, Path registry) {
        tail.vouch(Disk.real(), registry);
        return tail;
    }

    private static Accounts.Times times(Config config) {
        return new Accounts.Times(config.store().readTimeout(), config.store().writeTimeout());
    }

    private Erasure erasure(Config config, Faces faces, Clock clock) {
        Erasure one = Erasure.open(engine, tail, copies,
                List.of("directory", "queue", MailScans.NAME, Measuring.NAME, SetAside.NAME,
                        Helps.NAME, News.NAME),
                erasureFiles(config, collectFiles), clock);
        return one.add(faces).add(new SetAside(config.data(), collectFiles, quarantine, clock));
    }

    private List<DrilledVault> drilled(List<VaultPlace> places, Technologies technologies) {
        return places.stream().map(place -> opened(new DrilledVault(technologies.vault(place)))).toList();
    }

    private Migration migration(Config config, VaultsFile.Known known, Technologies technologies, Clock clock,
            Metrics metrics) {
        Function<VaultPlace, Vault> opening = place -> {
            Vault vault = technologies.vault(place);
            vault.pace(config.store().compactRate());
            gauges(vault, metrics);
            return vault;
        };
        BiConsumer<String, Shelf> replaced = (gone, came) -> {
            watches.removeIf(watch -> {
                boolean old = watch.breaker().part().equals("vault." + gone);
                if (old) watch.close();
                return old;
            });
            watch(came, clock, metrics);
        };
        Migration one = Migration.open(new Migration.Parts(copies, care, erasure, vaultsFile,
                new KeptEvidence(config.data(), collectFiles), opening, cohorts, replaced, clock, metrics),
                        known);
        one.pause(pausedBefore(config, Work.LADDER));
        return one;
    }

    private Collector collector(Config config, Faces faces, Clock clock, Metrics metrics) {
        var file = new CareFile(Disk.real(), config.data().care().resolve("collect"), collectFiles);
        return Collector.open(engine, tail, archiver, accounts, faces, file, clock, metrics,
                Collector.Limits.STANDARD.withOldJournal(config.store().collectJournal()));
    }

    /// Returns the two files of what is to be erased: one that is damaged must not forget it.
    private static List<CareFile> erasureFiles(Config config, Bulkhead threads) {
        return Stream.of("erasures", "erasures-2")
                .map(name -> new CareFile(Disk.real(), config.data().care().resolve(name), threads))
                .toList();
    }

    /// Watches the engine, and has accounts served otherwise while it is gone.
    private Turning turning(Config config, OwnCalls live, Clock clock, Metrics metrics) {
        Duration back = config.store().returnAfter();
        var rule = new Breaker.Rule(Integer.MAX_VALUE, DISTRUST, back, back.multipliedBy(RETURN_AFTER_TIMES));
        var breaker = new Breaker("engine", rule, clock);
        var calls = new Watch.Calls() {
            @Override
            public Duration oldest() {
                return live.oldestCall();
            }

            @Override
            public void giveUp() {
                live.giveUp();
            }
        };
        var own = opened(new OwnBreakers(live, breaker, rule, OwnBreakers.Limits.STANDARD, clock, metrics));
        Turning turns = opened(new Turning(dialTone, breaker, own, Turning.Limits.STANDARD, clock, metrics));
        Contents contents = opened(new Contents(accounts, breaker, dialTone::service, clock)).start();
        contentsAway = contents::awaySince;
        accounts.service(contents);
        turns.pause(!automaticStandby || pausedBefore(config, Work.STANDBY));
        watches.add(opened(new Watch(breaker, live::probe, () -> {}, calls, ENGINE_PACE, clock,
                metrics)).start());
        var _ = own.start();
        return turns.start();
    }

    private void watchVaults(Clock clock, Metrics metrics) {
        for (Shelf shelf : copies.shelves()) watch(shelf, clock, metrics);
    }

    private void watch(Shelf shelf, Clock clock, Metrics metrics) {
        Watch.Replay replay = () -> {
            erasure.replay(shelf);
            care.healer().replay(shelf);
        };
        watches.add(opened(new Watch(shelf.breaker(), shelf.vault()::probe, replay, Watch.Pace.STANDARD,
                clock,
                metrics)).start());
    }

    private void gauges(Engine live, Metrics metrics) {
        metrics.gauge(Metric.STORE_SYNCS, live::syncs, "engine");
        metrics.gauge(Metric.STORE_SYNCS, files::syncs, "tail");
        for (Vault vault : vaults) gauges(vault, metrics);
    }

    private static void gauges(Vault vault, Metrics metrics) {
        metrics.gauge(Metric.STORE_SYNCS, vault::syncs, vault.name());
        metrics.gauge(Metric.VAULT_FILES, () -> vault.upkeep().files(), vault.name());
        metrics.gauge(Metric.VAULT_RUNS, () -> vault.upkeep().runs(), vault.name());
        metrics.gauge(Metric.VAULT_WASTE_BYTES, () -> vault.upkeep().wasteBytes(), vault.name());
        metrics.gauge(Metric.VAULT_REWRITTEN_BYTES, () -> vault.upkeep().rewrittenBytes(), vault.name());
        metrics.gauge(Metric.VAULT_INDEX_BYTES, () -> vault.upkeep().indexBytes(), vault.name());
        metrics.gauge(Metric.VAULT_ERASING, () -> vault.upkeep().erasing(), vault.name());
    }

    /// Opens everything and brings engine and tail together. Blocks on files: call it from a platform thread.
    ///
    /// @param deleting the clock of what deletes
    /// @throws casella.base.Fault if a part cannot be opened; what was opened is closed again
    static Storage open(
            Config config, Faces faces, Waiting waiting, Clock clock, Clock deleting, Metrics metrics,
                    Technologies technologies) {
        var storage = new Storage(config, faces, waiting, clock, deleting, metrics, technologies);
        storage.accounts.refuge(storage.standby::takes);
        storage.accounts.rescue(storage.turning);
        return storage;
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    /// Returns what accounts are served from: the engine, and the standby where it took over.
    Engine engine() {
        return engine;
    }

    /// Returns the tail as drills have it suffer.
    DrilledTail drilledTail() {
        return tail;
    }

    /// Writes and reads something small in the tail, as drills have it suffer.
    void probeTail(Duration time) {
        files.probe(tail.probe(time));
    }

    List<Vault> vaults() {
        return copies.vaults();
    }

    /// Returns the engine as drills have it suffer.
    DrilledEngine drilledEngine() {
        return drilledEngine;
    }

    /// Returns the vaults as drills have them suffer, in the order in which they are read.
    List<DrilledVault> drilledVaults() {
        return drilledVaults;
    }

    /// Says whether calls may enter the engine and every vault, and find room there.
    boolean well() {
        return watches.stream().allMatch(watch -> watch.breaker().closed() && watch.well());
    }

    /// Returns for how long the oldest call to the engine has waited. Never waits.
    Duration oldestCall() {
        return drilledEngine.oldestCall();
    }

    /// Says whether engine or any vault that answers knows an account. Blocks on them.
    boolean knowsAccounts() {
        if (!engine.accounts(null, 1, LISTING).isEmpty()) return true;
        for (Vault vault : vaults()) {
            try {
                if (!vault.accounts(null, 1, LISTING).isEmpty()) return true;
            } catch (Fault e) {
                Log.event(Event.SURVEY_PART_LEFT_OUT, "part", vault.name(), "why", e);
            }
        }
        return false;
    }

    /// Returns the probe lanes of engine and vaults.
    List<Watch> watches() {
        return watches;
    }

    AccountQuarantine quarantine() {
        return quarantine;
    }

    /// Returns which accounts go together.
    Cohorts cohorts() {
        return cohorts;
    }

    DialTone dialTone() {
        return dialTone;
    }

    /// Says who serves an account now. Never waits.
    Scene.Place place(AccountId account) {
        if (dialTone.continuations().has(account)) return Scene.Place.CONTINUATION;
        return dialTone.standby().registry().onStandby(account) ? Scene.Place.STANDBY : Scene.Place.ENGINE;
    }

    /// Returns since when no content of mails can be read; null while it can. Never waits.
    @Nullable Instant contentsAway() {
        return contentsAway.get();
    }

    /// Takes note that something waits for an account. Never waits.
    void came(AccountId account) {
        if (dialTone.continuations().came(account)) accounts.look(account);
    }

    /// Takes note that what waits can be told again. Never waits.
    void cameAnew() {
        var _ = Thread.ofVirtual().name("continuations-look").start(
                () -> dialTone.continuations().list().forEach(one -> came(one.account())));
    }

    Care care() {
        return care;
    }

    private void startCare(Config config) {
        for (Vault vault : vaults) vault.pace(config.store().compactRate());
        care.pauseHealer(pausedBefore(config, Work.HEALER));
        care.start(accounts);
    }

    /// Says whether an operator paused it before the last stop: it does not even begin.
    private boolean pausedBefore(Config config, Work work) {
        var file = new CareFile(Disk.real(), config.data().care().resolve(Automation.FILE), collectFiles);
        return Automation.before(file).stream().anyMatch(one -> one.work() == work);
    }

    /// Returns what goes on by itself, and what pauses it; may be added to.
    Map<Work, Consumer<Boolean>> automatic() {
        var all = new EnumMap<Work, Consumer<Boolean>>(Work.class);
        all.put(Work.HEALER, care::pauseHealer);
        all.put(Work.COLLECTOR, collecting::pause);
        all.put(Work.LADDER, migration::pause);
        // What the configuration switched off is not for an order to switch on.
        if (automaticStandby) all.put(Work.STANDBY, turning::pause);
        return all;
    }

    /// Returns what takes a vault into the place of another.
    Migration migration() {
        return migration;
    }

    Copies copies() {
        return copies;
    }

    /// Returns what carries out orders on what is stored.
    StoreOperations operations() {
        return new StoreOperations(vaults, tail,
                new StoreOperations.Whole(engine, archiver, accounts, copies, collector, erasure,
                        reconciliation, keys, dialTone, quarantine));
    }

    Collector collector() {
        return collector;
    }

    /// Returns what carries out orders on vaults.
    ///
    /// @param inner carries out all others
    VaultOperations vaultOperations(Config config, Operations inner) {
        var burnIns = opened(new BurnIns(config.data().folder(), Clock.system()));
        return new VaultOperations(new VaultOperations.Parts(migration, copies, engine, tail, erasure,
                burnIns,
                config.data().folder().resolve("vaults"), VaultPlace.configured(config)), inner);
    }

    /// Returns what was measured while vaults came into the place of others, and while one does. Blocks on small files.
    List<Climb> climbs() {
        return migration.climbs();
    }

    Erasure erasure() {
        return erasure;
    }

    Bulkhead cpu() {
        return cpu;
    }

    Accounts accounts() {
        return accounts;
    }

    /// Returns accounts whose engine and tail tell different histories; they are not served.
    List<AccountId> closedAccounts() {
        return closedAccounts;
    }

    @Override
    public void close() {
        Closing.all(Collections.unmodifiableList(opened));
    }
}
