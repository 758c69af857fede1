package casella.server.ladder;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.continuity.cohort.Cohorts;
import casella.continuity.ladder.Climb;
import casella.continuity.ladder.Figures;
import casella.continuity.ladder.Gates;
import casella.continuity.ladder.Ladder;
import casella.continuity.ladder.Stage;
import casella.continuity.ladder.Window;
import casella.store.Copies;
import casella.store.Newcomer;
import casella.store.Shelf;
import casella.store.care.Care;
import casella.store.care.Mover;
import casella.store.deletion.Erasure;
import casella.store.health.Breaker;
import casella.store.health.Watch;
import casella.store.vault.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The vault that is on its way into the place of another, one at a time: opened, taken up its ladder, and in the end put
/// there. Page: docs/operations/migration.md.
///
/// Safe from any thread. Orders wait for disks; what serves mail waits for nothing here.
public final class Migration implements AutoCloseable {
    /// What it stands on.
    ///
    /// @param opening opens a vault that was added
    /// @param gauges told of a vault that was opened
    /// @param replaced told of the vault that went and the shelf that came into its place
    public record Parts(
            Copies copies,
            Care care,
            Erasure erasure,
            VaultsFile file,
            KeptEvidence evidence,
            Function<VaultPlace, Vault> opening,
            Cohorts cohorts,
            BiConsumer<String, Shelf> replaced,
            Clock clock,
            Metrics metrics) {}

    /// How far the vault on its way is.
    ///
    /// @param moved null while it gets nothing
    /// @param trouble why it is not well; null when it is
    /// @param waits what it waits for; null for nothing
    /// @param probation why the vault it is to replace cannot be retired; null when nothing speaks against it
    public record Standing(
            Climb climb,
            Figures figures,
            Mover.@Nullable Progress moved,
            @Nullable String trouble,
            @Nullable String waits,
            @Nullable String probation) {}

    /// A vault that came into the place of another.
    ///
    /// @param climb its way up; null where it is not known any more
    public record Settled(VaultsFile.Came came, @Nullable Climb climb) {}

    private static final Duration EVERY = Duration.ofMillis(250);
    private static final Duration LATER = Duration.ofSeconds(5);
    private static final Duration LISTING = Duration.ofSeconds(30);

    private final Parts parts;
    private final CountDownLatch closed = new CountDownLatch(1);
    /// Held by orders that change which vault is on its way, before a ladder's own lock.
    private final ReentrantLock orders = new ReentrantLock();
    /// Held while something is written down, after a ladder's own lock.
    private final Object writing = new Object();
    private volatile VaultsFile.Known known;
    private volatile @Nullable Way way;
    private volatile boolean paused;

    private Migration(Parts parts, VaultsFile.Known known) {
        this.parts = parts;
        this.known = known;
        parts.metrics().gauge(Metric.LADDER_STAGE, () -> stage().number());
        parts.metrics().gauge(Metric.LADDER_HALTED, () -> halted() ? 1 : 0);
    }

    /// Goes on with the vault that was on its way, if any. Blocks on files.
    ///
    /// @param known as the file says
    public static Migration open(Parts parts, VaultsFile.Known known) {
        var migration = new Migration(parts, known);
        Climb climb = known.climb();
        if (climb != null) {
            Way way = migration.new Way(climb);
            migration.way = way;
            way.ladder.resume();
        }
        Thread.ofVirtual().name("ladder").start(migration::work);
        return migration;
    }

    private void work() {
        Duration rest = EVERY;
        while (!ended(rest)) {
            rest = EVERY;
            Way now = way;
            if (now == null || paused) continue;
            try {
                now.ladder.step();
            } catch (RuntimeException e) {
                Log.event(Event.LADDER_FAILED, e, "vault", now.place.name());
                rest = LATER;
            }
        }
    }

    private boolean ended(Duration rest) {
        try {
            return closed.await(rest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Stage stage() {
        Way now = way;
        return now == null ? Stage.ADDED : now.ladder.climb().stage();
    }

    private boolean halted() {
        Way now = way;
        return now != null && now.ladder.climb().state() == Climb.State.HALTED;
    }

    /// Takes no step by itself while it is on. Writes, removals and reads of the stage go on.
    public void pause(boolean on) {
        paused = on;
        Way now = way;
        if (now != null) now.pause(on);
    }

    /// Returns the vaults that came into the place of others, oldest first.
    public List<VaultsFile.Came> came() {
        return known.came();
    }

    /// Returns the vault of that name that came into the place of another, with its evidence; empty when none did. Blocks on a
    /// file.
    ///
    /// @throws casella.base.Fault.Unavailable if the disk does not answer
    public Optional<Settled> settled(String name) {
        return known.came().stream().filter(came -> came.place().name().equals(name)).findFirst()
                .map(came -> new Settled(came, parts.evidence().of(name).orElse(null)));
    }

    /// Returns what was measured of every vault that came into the place of another, and of the one on its way. Blocks on files.
    ///
    /// @throws casella.base.Fault.Unavailable if the disk does not answer
    public List<Climb> climbs() {
        var all = new ArrayList<>(parts.evidence().all());
        Way now = way;
        if (now == null) return List.copyOf(all);
        Climb going = now.ladder.climb();
        all.removeIf(kept -> kept.vault().equals(going.vault()));
        all.add(going);
        return List.copyOf(all);
    }

    /// Returns how far the vault on its way is; empty when there is none.
    public Optional<Standing> standing() {
        Way now = way;
        return now == null ? Optional.empty() : Optional.of(now.standing());
    }

    /// Adds a vault that is to come into the place of another. It gets nothing before [#ladder]`.start`.
    ///
    /// @param replaces the vault in whose place; null for the one of the same technology
    /// @throws IllegalArgumentException if it cannot be: the message says why
    public Climb add(VaultPlace place, @Nullable String replaces, String by, Duration probation,
            boolean dryRun) {
        orders.lock();
        try {
            return added(place, replaces, by, probation, dryRun);
        } finally {
            orders.unlock();
        }
    }

    private Climb added(VaultPlace place, @Nullable String replaces, String by, Duration probation,
            boolean dryRun) {
        Way there = way;
        if (there != null) {
            if (there.place.equals(place)) return there.ladder.climb(); // ordered again
            throw new IllegalArgumentException("name: " + there.place.name()
                    + " is on its way; one at a time");
        }
        for (Shelf shelf : parts.copies().shelves()) {
            if (shelf.name().equals(place.name())) throw new IllegalArgumentException(
                    "name: there is a vault of that name");
        }
        if (came().stream().anyMatch(came -> came.place().name().equals(place.name()))) {
            throw new IllegalArgumentException("name: the evidence of an earlier vault of that name is kept; choose another");
        }
        for (VaultPlace.Kind kind : VaultPlace.Kind.values()) {
            if (place.name().equals(kind.word())) throw new IllegalArgumentException(
                    "name: is that of a technology; choose another");
        }
        String old = replaces == null ? same(place.kind()) : replaces;
        if (parts.copies().homes().stream().noneMatch(home -> home.name().equals(old))) {
            throw new IllegalArgumentException("replaces: " + old
                    + " is none of the vaults that hold everything");
        }
        Climb climb = Climb.begin(place.name(), place.kind().word(), place.folder().toString(), old, by,
                instant(), probation,
                null, Gates.STANDARD.dataMin());
        Way next = new Way(climb);
        boolean kept = false;
        try {
            if (!next.vault.accounts(null, 1, LISTING).isEmpty()) {
                throw new IllegalArgumentException("folder: there is mail in it already: " + place.folder());
            }
            var _ = parts.copies().without(old, next.vault);
            if (dryRun) return climb;
            keep(climb);
            way = next;
            kept = true;
        } finally {
            if (!kept) next.close();
        }
        return climb;
    }

    private String same(VaultPlace.Kind kind) {
        return parts.copies().homes().stream()
                .filter(home -> home.vault().technology().equals(kind.word()))
                .map(Shelf::name)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "replaces: must be said: no vault that holds everything is of the technology "
                                + kind.word()));
    }

    private Instant instant() {
        return Instant.ofEpochMilli(parts.clock().now().toEpochMilli());
    }

    private void keep(Climb climb) {
        synchronized (writing) {
            write(known.with(climb));
        }
    }

    private void write(VaultsFile.Known next) {
        parts.file().write(next);
        known = next;
    }

    /// Returns what takes a vault up.
    ///
    /// @throws IllegalArgumentException if it is not on its way
    public Ladder ladder(String name) {
        return way(name).ladder;
    }

    /// Returns the vault that is on its way, to be burned in; nobody's mail is in it.
    ///
    /// @throws IllegalArgumentException if it is not on its way, or gets mail already
    public Vault candidate(String name) {
        Way there = way(name);
        if (there.ladder.climb().stage() != Stage.ADDED) {
            throw new IllegalArgumentException("vault: " + name
                    + " gets mail already: take it back first (casella vault rollback "
                    + name + ")");
        }
        return there.vault;
    }

    private Way way(String name) {
        Way now = way;
        if (now != null && now.place.name().equals(name)) return now;
        throw new IllegalArgumentException("vault: " + name + " is not on its way"
                + (now == null ? "; none is (casella vault add)" : "; " + now.place.name() + " is"));
    }

    /// Forgets a vault that gets nothing. Its files are left alone.
    ///
    /// @throws IllegalArgumentException if it is not on its way, or gets mail
    public void remove(String name) {
        orders.lock();
        try {
            Way there = way(name);
            var _ = candidate(name);
            synchronized (writing) {
                write(known.with((Climb) null));
                there.over = true;
            }
            way = null;
            there.close();
        } finally {
            orders.unlock();
        }
    }

    /// Puts the vault on its way into the place of the other one, for good. Whoever calls has seen that everything is there.
    ///
    /// @param by who wants it
    /// @param walked what the walk found, kept with the evidence
    /// @throws IllegalArgumentException if it is in probation
    /// @throws casella.base.Fault.Unavailable if it cannot be written down; nothing was done
    public void replace(String by, Map<String, String> walked) {
        orders.lock();
        try {
            Way there = way;
            if (there == null) throw new IllegalArgumentException("vault: none is on its way");
            there.ladder.inProbation().ifPresent(why -> {
                throw new IllegalArgumentException("vault: " + there.place.name() + ": " + why);
            });
            String gone = there.ladder.climb().replaces();
            // First: once the vault is in its place its way is nowhere else.
            parts.evidence().keep(there.ladder.climb().retired(instant(), by, walked));
            synchronized (writing) {
                write(known.with(new VaultsFile.Came(there.place, gone, instant())));
                there.over = true;
            }
            way = null;
            there.handOver();
            Log.event(Event.VAULT_RETIRED, "vault", gone, "came", there.place.name(), "by", by);
        } finally {
            orders.unlock();
        }
    }

    /// Looks again for what the newcomer lacks of an account.
    public void look(AccountId account) {
        Newcomer newcomer = parts.copies().newcomer();
        if (newcomer != null) newcomer.behind(account);
    }

    @Override
    public void close() {
        closed.countDown();
        Way now = way;
        if (now != null) now.close();
    }

    /// One vault on its way.
    private final class Way implements Ladder.Ground, AutoCloseable {
        private final VaultPlace place;
        private final Vault vault;
        private final Shelf shelf;
        private final Shelf replaces;
        private final Window window = new Window();
        private final Ladder ladder;
        private volatile int limit;
        /// It is no more on its way: nothing is written down of it.
        private volatile boolean over;
        private @Nullable Mover mover;
        private @Nullable Watch watch;

        Way(Climb climb) {
            this.place = new VaultPlace(climb.vault(), VaultPlace.Kind.of(climb.kind()),
                    Path.of(climb.folder()));
            this.replaces = parts.copies().homes().stream()
                    .filter(home -> home.name().equals(climb.replaces()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "vaults: " + climb.replaces() + ", which " + climb.vault()
                                    + " is to replace, is not among store.vaults"));
            this.vault = parts.opening().apply(place);
            this.shelf = parts.copies().shelf(vault);
            this.ladder = new Ladder(climb, Gates.STANDARD, window, this, _ -> {}, parts.clock());
        }

        private boolean moved(AccountId account) {
            return parts.cohorts().of(account).order() < limit;
        }

        @Override
        public synchronized void enter(Stage stage) {
            // First of all, so that the way back waits for nothing.
            limit = stage.limit();
            if (stage == Stage.ADDED) {
                leave();
                return;
            }
            Mover bringing = mover;
            if (bringing == null) bringing = join();
            int upTo = stage.limit();
            Predicate<AccountId> wanted = account -> parts.cohorts().of(account).order() < upTo;
            bringing.want(wanted);
        }

        private Mover join() {
            var newcomer = new Newcomer(shelf, replaces, this::moved, window,
                    parts.copies().policy().write());
            watch = new Watch(shelf.breaker(), vault::probe, () -> {
                parts.erasure().replay(shelf);
                parts.care().healer().replay(shelf);
            }, Watch.Pace.STANDARD, parts.clock(), parts.metrics()).start();
            parts.copies().join(newcomer);
            Mover bringing = parts.care().mover(newcomer);
            bringing.pause(paused);
            mover = bringing;
            return bringing;
        }

        private void leave() {
            Mover bringing = mover;
            Watch probing = watch;
            mover = null;
            watch = null;
            if (bringing != null) {
                parts.copies().leave();
                bringing.close();
            }
            if (probing != null) probing.close();
        }

        private synchronized void pause(boolean on) {
            Mover bringing = mover;
            if (bringing != null) bringing.pause(on);
        }

        private synchronized @Nullable Mover mover() {
            return mover;
        }

        @Override
        public Mover.Progress moved() {
            Mover bringing = mover();
            return bringing == null ? new Mover.Progress(0, false, 0, 0, 0, 0, 0) : bringing.progress();
        }

        @Override
        public Optional<String> trouble() {
            Breaker breaker = shelf.breaker();
            return breaker.closed() ? Optional.empty() : Optional.of(breaker.why());
        }

        @Override
        public Optional<String> unfair() {
            return parts.copies().homes().stream()
                    .filter(home -> !home.breaker().closed())
                    .map(home -> "vault." + home.name() + " is not well: " + home.breaker().why())
                    .findFirst();
        }

        @Override
        public void keep(Climb climb) {
            synchronized (writing) {
                // What is not written down yet is being added.
                if (!over && way == this) Migration.this.keep(climb);
            }
        }

        Standing standing() {
            Mover bringing = mover();
            return new Standing(ladder.climb(), ladder.figures(), bringing == null ? null
                    : bringing.progress(),
                    trouble().orElse(null), ladder.waitsFor().orElse(null),
                            ladder.inProbation().orElse(null));
        }

        /// The vault stays open: it is one of those that count from now on.
        synchronized void handOver() {
            Mover bringing = mover;
            Watch probing = watch;
            mover = null;
            watch = null;
            if (bringing != null) bringing.close();
            if (probing != null) probing.close();
            Shelf came = parts.copies().replace();
            parts.care().replaced(replaces.name(), came);
            parts.replaced().accept(replaces.name(), came);
        }

        @Override
        public synchronized void close() {
            leave();
            try {
                vault.close();
            } catch (Exception e) {
                Log.event(Event.SERVER_PART_NOT_CLOSED, e, "part", place.name());
            }
        }
    }
}
