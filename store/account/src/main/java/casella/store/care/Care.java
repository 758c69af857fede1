package casella.store.care;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metrics;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Newcomer;
import casella.store.Shelf;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.health.Breaker;
import casella.store.vault.ObjectName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Healer, survey and scrubbers of one node at work, and what is known of the copies.
///
/// [#open] takes up what the last run left and starts nothing; [#start] sets everything going on virtual threads, which
/// only wait for the vaults' own; [#close] keeps what is owed.
public final class Care implements AutoCloseable {
    /// @param healBytes copied a second at most when debt is paid
    /// @param scrubBytes read a second at most in each vault
    public record Rates(long healBytes, long scrubBytes) {
        public static final Rates STANDARD = new Rates(32L << 20, 4L << 20);
    }

    /// How one vault is.
    ///
    /// @param owed what it lacks, and has still to remove
    /// @param accounts accounts there are
    /// @param rebuildable accounts that could be rebuilt from this vault alone, now
    /// @param provenSince every account that was whole then was read and found right since; null before the first pass
    /// @param notWhole accounts of the last pass that were not
    public record VaultStatus(
            String name,
            String technology,
            Breaker.State state,
            Debt.VaultFigures owed,
            long accounts,
            long rebuildable,
            @Nullable Instant provenSince,
            int notWhole) {}

    /// @param surveyed whether all that is owed is known
    /// @param lost objects of which no vault has a good copy
    /// @param paid debts paid since the start
    public record Status(boolean surveyed, long lost, long paid, List<VaultStatus> vaults) {}

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration KEEP_EVERY = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofSeconds(5);
    private static final Duration SURVEY_REST_MAX = Duration.ofMinutes(5);
    private static final Duration RECOUNT_EVERY = Duration.ofHours(1);
    private static final int COUNT_PAGE = 10_000;
    private static final Duration COUNT_TIME = Duration.ofSeconds(30);
    /// Keeping a long list of debts takes its share of the disk only.
    private static final int KEEP_SHARE = 20;

    private final Engine engine;
    private final Copies copies;
    private final Clock clock;
    private final Bulkhead files;
    private final Survey survey;
    private final Healer healer;
    private final Pace healing;
    private final DebtFile debtFile;
    private final HolesFile holesFile;
    private final SegmentsFile segmentsFile;
    /// A vault's scrubber and the file of what it found.
    private record Scrubbing(Scrubber scrubber, CareFile file) {}

    private final List<Scrubbing> scrubbings = new CopyOnWriteArrayList<>();
    private final Rates rates;
    private final Disk disk;
    private final Path folder;
    private final Metrics metrics;
    private final AtomicLong accounts = new AtomicLong();
    private final AtomicLong surveyedAccounts = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile boolean surveyed;
    private volatile boolean healerPaused;
    private volatile long keptVersion = -1;

    private Care(
            Engine engine, Copies copies, Rates rates, Disk disk, Path folder, Clock clock, Metrics metrics) {
        this.engine = engine;
        this.copies = copies;
        this.rates = rates;
        this.disk = disk;
        this.folder = folder;
        this.clock = clock;
        this.metrics = metrics;
        this.files = new Bulkhead("care.files", 1, 64);
        this.survey = new Survey(engine, copies, clock);
        this.healer = new Healer(copies, live(survey), clock, metrics);
        this.healing = new Pace(rates.healBytes(), clock);
        this.debtFile = new DebtFile(new CareFile(disk, folder.resolve("debt"), files), copies);
        this.holesFile = new HolesFile(new CareFile(disk, folder.resolve("holes"), files), copies.holes());
        this.segmentsFile = new SegmentsFile(new CareFile(disk, folder.resolve("segments"), files), copies);
        for (Shelf shelf : copies.homes()) scrubbings.add(scrubbing(shelf));
        this.surveyed = debtFile.read();
        copies.debt().whole(surveyed);
        copies.debt().known(surveyed);
        segmentsFile.begin(surveyed);
        debtFile.write(false);
        if (!surveyed) Log.event(Event.SURVEY_NEEDED);
    }

    private Scrubbing scrubbing(Shelf shelf) {
        var file = new CareFile(disk, folder.resolve("scrub-" + shelf.name()), files);
        return new Scrubbing(new Scrubber(shelf, survey, copies, scrubbed(file), rates.scrubBytes(), clock, metrics), file);
    }

    /// Begins to bring accounts to a newcomer: none before [Mover#want]. To be closed before this is.
    public Mover mover(Newcomer newcomer) {
        return new Mover(copies, newcomer, survey, rates, clock).start();
    }

    /// Takes note that the newcomer came into the place of another vault ([Copies#replace]): that one is cared for no more,
    /// and what the newcomer lacks is found by a survey.
    ///
    /// @param gone the vault that was replaced
    public void replaced(String gone, Shelf came) {
        scrubbings.removeIf(one -> {
            boolean old = one.scrubber().shelf().name().equals(gone);
            if (old) one.scrubber().retire();
            return old;
        });
        Scrubbing scrubbing = scrubbing(came);
        scrubbings.add(scrubbing);
        run("care-scrub-" + came.name(), scrubbing.scrubber()::step);
        losses.put(came.name(), came.vault().losses());
        copies.debt().whole(false);
    }

    /// Takes up what the last run left in `folder`. Blocks on files.
    public static Care open(
            Engine engine, Copies copies, Rates rates, Disk disk, Path folder, Clock clock, Metrics metrics) {
        return new Care(engine, copies, rates, disk, folder, clock, metrics);
    }

    private static Healer.Live live(Survey survey) {
        return new Healer.Live() {
            @Override
            public boolean live(ObjectName name) {
                return survey.isLive(name);
            }

            @Override
            public boolean condemned(ObjectName name) {
                return survey.isCondemned(name);
            }
        };
    }

    private static Scrubbed scrubbed(CareFile file) {
        try {
            return Scrubbed.of(file.read().orElse(List.of()));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return new Scrubbed();
        }
    }

    /// Pays no debt until told otherwise; what is owed is still found and counted, and a vault that comes back is still
    /// freed of what ended.
    public void pauseHealer(boolean on) {
        healerPaused = on;
    }

    public Healer healer() {
        return healer;
    }

    /// Sets everything going.
    ///
    /// @param all tells of accounts that are made
    public Care start(Accounts all) {
        var _ = all.watch((_, modseq, _) -> {
            if (modseq.value() == 1) accounts.incrementAndGet();
        });
        run("care-heal", this::healStep);
        run("care-survey", this::surveyStep);
        run("care-count", this::countStep);
        run("care-keep", this::keepStep);
        run("care-holes", () -> {
            holesFile.keep();
            return LOOK_EVERY;
        });
        for (Scrubbing one : scrubbings) run("care-scrub-" + one.scrubber().shelf().name(), one.scrubber()::step);
        return this;
    }

    /// Work in steps, each of which says how long to rest after it.
    private interface Steps {
        Duration step();
    }

    private void run(String name, Steps steps) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            Duration rest = Duration.ZERO;
            while (!ended(rest)) {
                try {
                    rest = steps.step();
                } catch (RuntimeException e) {
                    // A mistake of ours, or a part away, must not end the care.
                    Log.event(Event.CARE_FAILED, e, "work", name);
                    rest = LATER;
                }
            }
        }));
    }

    private boolean ended(Duration rest) {
        try {
            return closed.await(rest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Duration healStep() {
        if (healerPaused) return LOOK_EVERY;
        Healer.Round round = healer.round();
        Duration rest = healing.spent(round.bytes());
        return round.more() || rest.compareTo(LOOK_EVERY) > 0 ? rest : LOOK_EVERY;
    }

    private @Nullable AccountId surveyedUpTo;
    private boolean surveying;
    /// After a survey that did not come to see all.
    private Duration surveyRest = LATER;
    private long surveyNotBefore = Long.MIN_VALUE;
    /// Of each vault, when last looked.
    private final Map<String, Long> losses = new ConcurrentHashMap<>();

    /// What a vault whose files were taken away lacks is not known before the next survey.
    private void lookForLosses() {
        for (Shelf shelf : copies.homes()) {
            long now = shelf.vault().losses();
            Long before = losses.put(shelf.name(), now);
            if (now == (before == null ? 0 : before)) continue;
            copies.debt().whole(false);
            copies.debt().segments().lost(shelf.name());
        }
    }

    /// One page of accounts of a survey, where one is needed.
    private Duration surveyStep() {
        Debt debt = copies.debt();
        lookForLosses();
        if (!surveying) {
            if (surveyed && debt.whole()) return LOOK_EVERY;
            if (clock.nanos() < surveyNotBefore) return LOOK_EVERY;
            surveying = true;
            surveyed = false;
            debt.known(false);
            surveyedUpTo = null;
            surveyedAccounts.set(0);
            debt.whole(true);
        }
        // The healer first makes room for what is found.
        if (debt.hints() > Debt.HINTS_MAX / 2) return LATER;
        for (Shelf shelf : copies.homes()) if (!shelf.breaker().closed()) return LATER;
        Survey.Listed listed = survey.accounts(surveyedUpTo);
        if (!listed.leftOut().isEmpty()) debt.whole(false);
        for (AccountId account : listed.accounts()) {
            Survey.Looked looked = survey.account(account, (_, _, _) -> {});
            if (!looked.unanswered().isEmpty()) debt.whole(false);
            surveyedAccounts.incrementAndGet();
            surveyedUpTo = account;
            if (ended(Duration.ZERO)) return LATER;
        }
        if (!listed.accounts().isEmpty()) return Duration.ZERO;
        surveying = false;
        surveyed = true;
        debt.known(true);
        if (debt.known()) debt.segments().surveyed(segmentsFile.names());
        Log.event(Event.SURVEY_DONE, "accounts", surveyedAccounts.get(), "owed", debt.figures().objects());
        if (debt.whole()) {
            surveyRest = LATER;
            return LOOK_EVERY;
        }
        // A vault that lists all but one account would have all of them surveyed without end.
        surveyNotBefore = clock.nanos() + surveyRest.toNanos();
        Duration doubled = surveyRest.multipliedBy(2);
        surveyRest = doubled.compareTo(SURVEY_REST_MAX) > 0 ? SURVEY_REST_MAX : doubled;
        return LATER;
    }

    private Duration countStep() {
        long count = 0;
        @Nullable AccountId after = null;
        while (true) {
            List<AccountId> page = engine.accounts(after, COUNT_PAGE, COUNT_TIME);
            count += page.size();
            if (page.size() < COUNT_PAGE) break;
            after = page.getLast();
        }
        accounts.set(count);
        return RECOUNT_EVERY;
    }

    private Duration keepStep() {
        long start = System.nanoTime();
        keep();
        Duration share = Duration.ofNanos(System.nanoTime() - start).multipliedBy(KEEP_SHARE);
        return share.compareTo(KEEP_EVERY) > 0 ? share : KEEP_EVERY;
    }

    private void keep() {
        long version = copies.debt().version();
        if (version != keptVersion) debtFile.write(false);
        keptVersion = version;
        lookForLosses();
        copies.debt().segments().tidy();
        keepScrubs();
    }

    private void keepScrubs() {
        for (Scrubbing one : scrubbings) one.file().write(one.scrubber().scrubbed().lines());
    }

    /// Has every vault read through, beginning now.
    public void scrubNow() {
        scrubbings.forEach(one -> one.scrubber().wantNow());
    }

    public Status status() {
        var vaults = new ArrayList<VaultStatus>();
        for (Scrubbing one : scrubbings) {
            Scrubber scrubber = one.scrubber();
            Shelf shelf = scrubber.shelf();
            Debt.VaultFigures owed = copies.debt().figures(shelf.name());
            long known = surveyed ? accounts.get() : Math.min(accounts.get(), surveyedAccounts.get());
            long rebuildable = shelf.breaker().closed() ? Math.max(0, known - owed.accounts()) : 0;
            vaults.add(
                    new VaultStatus(
                            shelf.name(),
                            shelf.vault().technology(),
                            shelf.breaker().state(),
                            owed,
                            accounts.get(),
                            rebuildable,
                            scrubber.scrubbed().wholeSince(),
                            scrubber.scrubbed().notWhole()));
        }
        return new Status(surveyed && copies.debt().whole(), healer.lost().size(), healer.paid(), vaults);
    }

    /// When a vault's copies of an account were last read and found whole; null if they never were.
    public record Proven(String vault, @Nullable Instant at) {}

    public List<Proven> proven(AccountId account) {
        return scrubbings.stream()
                .map(Scrubbing::scrubber)
                .map(scrubber -> new Proven(scrubber.shelf().name(), scrubber.scrubbed().proven(account)))
                .toList();
    }

    /// Ends the work and keeps what is owed. Called before the vaults are closed.
    @Override
    public void close() {
        closed.countDown();
        try {
            for (Thread thread : threads) thread.join(LATER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            lookForLosses();
            copies.debt().segments().tidy();
            debtFile.write(surveyed && !surveying && copies.debt().whole());
            keepScrubs();
            holesFile.keep();
        } catch (Fault e) {
            Log.event(Event.CARE_FAILED, "work", "closing", "why", e);
        }
        files.close();
    }
}
