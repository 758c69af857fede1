package casella.testkit.model;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.Metrics;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Shelf;
import casella.store.archive.Archived;
import casella.store.archive.Archiver;
import casella.store.archive.Journalled;
import casella.store.archive.Verifier;
import casella.store.care.Care;
import casella.store.engine.Key;
import casella.store.health.Breaker;
import casella.store.health.Watch;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What a server puts over its parts, wired as a server does, with the background work done when the run says
/// so.
final class Node implements AutoCloseable {
    private static final Duration TIME = Duration.ofMillis(100);
    private static final Duration PEACE = Duration.ofSeconds(60);
    private static final Care.Rates FAST = new Care.Rates(1L << 30, 1L << 30);
    private static final Archiver.Limits LIMITS = new Archiver.Limits(Duration.ofSeconds(5), 16 << 10,
            64 << 10,
            Duration.ofMinutes(2), Duration.ofSeconds(20), 1, 120, 64 << 10);

    private final Machine machine;
    private final SteppedClock clock;
    private final Fates engineFates;
    private final Fates journalFates;
    private final List<Fates> vaultFates = new ArrayList<>();
    private final Bulkhead cpu = new Bulkhead("model.cpu", 2, 64);
    private Up up;

    /// Everything that ends with the process.
    private record Up(
            TroubledEngine engine,
            TroubledJournal journal,
            List<TroubledVault> vaults,
            Copies copies,
            Archiver archiver,
            Accounts accounts,
            Care care,
            List<Watch> watches) {}

    Node(long seed, Machine machine, SteppedClock clock) {
        this.machine = machine;
        this.clock = clock;
        this.engineFates = new Fates(seed, "engine");
        this.journalFates = new Fates(seed, "journal");
        for (Vault vault : machine.vaults()) vaultFates.add(new Fates(seed, vault.name()));
        this.up = start();
    }

    private Up start() {
        var engine = new TroubledEngine(machine.engine(), engineFates);
        var journal = new TroubledJournal(machine.journal(), journalFates);
        var vaults = new ArrayList<TroubledVault>();
        for (int i = 0; i < vaultFates.size(); i++) vaults.add(new TroubledVault(machine.vaults().get(i),
                vaultFates.get(i)));
        var policy = new Copies.Policy(2, Copies.Distinct.TECHNOLOGY, 2, 1, TIME, TIME);
        var debt = new Debt(clock, Metrics.none());
        var copies = new Copies(List.copyOf(vaults), policy, Breaker.Rule.STANDARD, debt, Metrics.none());
        var archiver = new Archiver(engine, journal, copies, clock, Metrics.none(), LIMITS);
        var accounts = new Accounts(engine, new Journalled(journal, archiver), copies, _ -> Long.MAX_VALUE,
                Accounts.Founder.none(), new Accounts.Times(TIME, TIME), clock, cpu, Metrics.none());
        boolean recovered = false;
        for (int i = 0; i < 100 && !recovered; i++) recovered = recover(accounts);
        archiver.begin();
        Care care = care(engine, copies);
        var watches = new ArrayList<Watch>();
        for (Shelf shelf : copies.shelves()) {
            watches.add(new Watch(shelf.breaker(), shelf.vault()::probe, () -> care.healer().replay(shelf),
                    Watch.Pace.STANDARD, clock, Metrics.none()));
        }
        return new Up(engine, journal, vaults, copies, archiver, accounts, care, watches);
    }

    /// A start that fails is tried again, as whatever started the server would.
    private static boolean recover(Accounts accounts) {
        try {
            List<AccountId> closed = accounts.recover();
            return closed.isEmpty();
        } catch (Fault e) {
            return false;
        }
    }

    private Care care(TroubledEngine engine, Copies copies) {
        @Nullable Fault last = null;
        for (int i = 0; i < 20; i++) {
            try {
                return Care.open(engine, copies, FAST, machine.careDisk(), machine.careFolder(), clock,
                        Metrics.none());
            } catch (Fault e) {
                last = e;
                if (i == 10) machine.quiet();
            }
        }
        throw new AssertionError("the care does not open", last);
    }

    Accounts accounts() {
        return up.accounts();
    }

    /// Puts some parts in some trouble.
    void trouble(Random dice) {
        level(engineFates, dice);
        level(journalFates, dice);
        for (Fates fates : vaultFates) level(fates, dice);
    }

    private static void level(Fates fates, Random dice) {
        fates.trouble(switch (dice.nextInt(10)) {
            case 0, 1, 2 -> 0;
            case 3, 4 -> 10;
            case 5, 6 -> 60;
            case 7, 8 -> 200;
            default -> dice.nextInt(3) == 0 ? 1_000 : 500;
        });
    }

    /// Ends all trouble, and lets back in what is well.
    void peace() {
        engineFates.trouble(0);
        journalFates.trouble(0);
        for (Fates fates : vaultFates) fates.trouble(0);
        machine.quiet();
        up.engine().settle();
        up.journal().settle();
        up.vaults().forEach(TroubledVault::settle);
        if (machine.off()) return;
        for (int i = 0; i < 100 && !up.copies().shelves().stream().allMatch(shelf ->
                shelf.breaker().closed()); i++) {
            probe();
            clock.step(Duration.ofSeconds(10));
        }
    }

    void archive() {
        var _ = up.archiver().round();
    }

    void checkpoint(AccountId account) {
        try {
            up.archiver().checkpoint(account);
        } catch (Fault e) {
            // Made another time.
        }
    }

    void heal() {
        var _ = up.care().healer().round();
    }

    void probe() {
        up.watches().forEach(Watch::step);
    }

    String restart(Random dice) {
        up.engine().die(dice);
        up.journal().die(dice);
        up.vaults().forEach(vault -> vault.die(dice));
        machine.die();
        close(up);
        String how = machine.restart(dice);
        up = start();
        return how;
    }

    private static void close(Up up) {
        up.watches().forEach(Watch::close);
        up.care().close();
    }

    /// Waits until no vault owes a copy: what one lacks then, all have. What an archiving put in no vault is owed until
    /// another archiving gets through.
    void pay() {
        until("paid", () -> {
            peace();
            clock.step(Duration.ofSeconds(5));
            archive();
            heal();
            return up.copies().debt().figures().objects() == 0;
        });
    }

    /// Waits until everything is archived and every object has all its copies.
    void whole(List<AccountId> all) {
        Up now = up;
        now.care().start(now.accounts());
        until("archived", () -> {
            probe();
            clock.step(Duration.ofSeconds(10));
            return now.archiver().rest(Duration.ofSeconds(10));
        });
        until("all copies", () -> {
            // A busy machine may be late without any trouble of ours.
            probe();
            clock.step(Duration.ofSeconds(5));
            return now.care().status().surveyed() && now.copies().debt().figures().objects() == 0;
        });
        List<ObjectName> lost = now.care().healer().lost();
        if (!lost.isEmpty()) throw new AssertionError("lost: " + lost);
        // Its threads end with it; the next one begins where it ended.
        now.care().close();
        now.watches().forEach(Watch::close);
        Care care = care(now.engine(), now.copies());
        var watches = new ArrayList<Watch>();
        for (Shelf shelf : now.copies().shelves()) {
            watches.add(new Watch(shelf.breaker(), shelf.vault()::probe, () -> care.healer().replay(shelf),
                    Watch.Pace.STANDARD, clock, Metrics.none()));
        }
        up = new Up(now.engine(), now.journal(), now.vaults(), now.copies(), now.archiver(), now.accounts(),
                care, watches);
    }

    private void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + PEACE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never " + what + ": " + up.care().status() + " "
                        + up.copies().debt().figures() + " " + up.copies().debt().all());
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    void verify(AccountId account) {
        var verdict = new Verifier(up.engine(), up.journal(), up.copies()).verify(account);
        if (verdict.problems().isEmpty()) return;
        String more = up.engine().read(account, PEACE, rows -> {
            var archived = Archived.of(rows.get(new Key.Archived()));
            return "archived " + archived.upTo() + ", checkpoint " + archived.checkpoint();
        });
        throw new AssertionError(verdict + "; " + more + "; the journal has " + up.journal().newest(account)
                + "; one vault alone has " + alone(account));
    }

    /// Returns what not every vault lists, each with those that do.
    private Map<ObjectName, List<String>> alone(AccountId account) {
        var having = new TreeMap<ObjectName, List<String>>();
        for (Shelf shelf : up.copies().homes()) {
            for (ObjectName.Kind kind : ObjectName.Kind.values()) {
                for (Vault.Entry entry : shelf.vault().list(account, kind, null, 10_000, PEACE)) {
                    having.computeIfAbsent(entry.name(), _ -> new ArrayList<>()).add(shelf.name());
                }
            }
        }
        having.values().removeIf(vaults -> vaults.size() == up.copies().homes().size());
        return having;
    }

    String figures() {
        long calls = engineFates.calls() + journalFates.calls();
        long troubles = engineFates.troubles() + journalFates.troubles();
        for (Fates fates : vaultFates) {
            calls += fates.calls();
            troubles += fates.troubles();
        }
        return troubles + " of " + calls + " calls in trouble";
    }

    @Override
    public void close() {
        machine.quiet();
        close(up);
        cpu.close();
    }
}
