package casella.store.care;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Newcomer;
import casella.store.Shelf;
import casella.store.archive.Holdings;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Brings to the newcomer what it lacks of the accounts that are to be moved, and then reads what it has of them, object for
/// object beside the vault in whose place it is to come, for as long as it is a newcomer.
///
/// Walks all accounts in id order. What was written since the newcomer joined is there already; what it did not take has the
/// account looked at again. Nothing is remembered over a restart: then names are compared once more, and what is there is
/// not copied again. Nothing is removed. [#step] is for one thread; the rest is safe from any.
public final class Mover implements AutoCloseable {
    /// @param accounts looked at in this walk
    /// @param whole whether every wanted account was looked at and has all
    /// @param behind accounts that have to be looked at again
    /// @param objects copied since the start
    /// @param bytes of them
    /// @param read objects read on both sides and found right since the walk was whole
    /// @param passes how often all wanted accounts were read through since
    public record Progress(long accounts, boolean whole, long behind, long objects, long bytes, long read,
            long passes) {}

    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Duration LATER = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMillis(100);
    /// By then a write that was answered is found, or the vault has forgotten it.
    private static final Duration DOUBT = Duration.ofSeconds(30);
    private static final int PARALLEL = 4;
    private static final int PAGE = 1_000;
    private static final int DOUBTS_MAX = 10_000;

    private final Copies copies;
    private final Debt debt;
    private final Newcomer newcomer;
    private final Vault there;
    private final Survey survey;
    private final Clock clock;
    private final Pace copying;
    private final Pace reading;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong passes = new AtomicLong();
    private final Map<ObjectName, Long> doubts = new HashMap<>();
    private final Queue<AccountId> next = new ArrayDeque<>();
    private volatile Predicate<AccountId> wanted = _ -> false;
    private volatile long walks;
    private volatile boolean whole;
    private volatile boolean paused;
    private final AtomicLong looked = new AtomicLong();
    private long walking = -1;
    private boolean walked;
    private @Nullable AccountId after;
    /// Whose mail is being brought over: it is not behind any more, and not whole yet.
    private volatile @Nullable AccountId bringing;
    private @Nullable Thread thread;

    Mover(Copies copies, Newcomer newcomer, Survey survey, Care.Rates rates, Clock clock) {
        this.copies = copies;
        this.debt = copies.debt();
        this.newcomer = newcomer;
        this.there = newcomer.shelf().vault();
        this.survey = survey;
        this.clock = clock;
        this.copying = new Pace(rates.healBytes(), clock);
        this.reading = new Pace(rates.scrubBytes(), clock);
    }

    /// Begins to work.
    Mover start() {
        thread = Thread.ofVirtual().name("mover").start(() -> {
            Duration rest = Duration.ZERO;
            while (!ended(rest)) {
                try {
                    rest = step();
                } catch (RuntimeException e) {
                    Log.event(Event.CARE_FAILED, e, "work", "mover");
                    rest = LATER;
                }
            }
        });
        return this;
    }

    private boolean ended(Duration rest) {
        try {
            return closed.await(rest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Has these accounts be brought over, beginning now. Counts from now on.
    ///
    /// @param accounts never waits
    public synchronized void want(Predicate<AccountId> accounts) {
        wanted = accounts;
        whole = false;
        read.set(0);
        passes.set(0);
        walks++;
    }

    /// Copies and reads nothing while it is on.
    public void pause(boolean on) {
        paused = on;
    }

    public Progress progress() {
        long behind = behind() + (bringing == null ? 0 : 1);
        return new Progress(looked.get(), whole && behind == 0, behind, objects.get(), bytes.get(),
                read.get(), passes.get());
    }

    /// Returns how many of the wanted accounts may lack something; 1 more where nobody knows of how many.
    private long behind() {
        return newcomer.accountsBehind().stream().filter(wanted).count() + (newcomer.anyBehind() ? 1 : 0);
    }

    /// Does a piece of work, one account at most, and returns how long to rest then.
    public Duration step() {
        if (paused) return IDLE;
        if (!newcomer.shelf().breaker().closed()) return LATER;
        for (Shelf home : copies.homes()) if (!home.breaker().closed()) return LATER;
        if (walking != walks || (newcomer.anyBehind() && walked)) begin();
        for (AccountId account : newcomer.accountsBehind()) {
            if (wanted.test(account)) return bring(account);
        }
        if (next.isEmpty() && !more()) {
            end();
            return IDLE;
        }
        AccountId account = next.remove();
        after = account;
        if (debt.hasErased(account)) return Duration.ZERO;
        boolean brought = wanted.test(account);
        // Of the others it has what was written since it joined.
        if (walked) return compare(account, brought ? Holdings.of(copies, TIME) : Holdings.of(there, TIME));
        if (!brought) return Duration.ZERO;
        Duration rest = bring(account);
        looked.incrementAndGet();
        return rest;
    }

    private void begin() {
        synchronized (this) {
            walking = walks;
            whole = false;
        }
        newcomer.lookingAtAll();
        walked = false;
        looked.set(0);
        restart();
    }

    private void restart() {
        after = null;
        next.clear();
    }

    private boolean more() {
        Survey.Listed listed = survey.accounts(after);
        if (!listed.leftOut()
                .isEmpty()) throw new Fault.Unavailable("A part does not say which accounts there are",
                Map.of());
        next.addAll(listed.accounts());
        return !next.isEmpty();
    }

    private synchronized void end() {
        if (walked) passes.incrementAndGet();
        walked = true;
        if (walking == walks) whole = true;
        restart();
    }

    /// Copies what the newcomer lacks of an account.
    private Duration bring(AccountId account) {
        bringing = account;
        newcomer.looking(account);
        long before = bytes.get();
        boolean whole = false;
        try {
            whole = brought(account);
        } finally {
            if (!whole) newcomer.behind(account);
            bringing = null;
        }
        return whole ? copying.spent(bytes.get() - before) : LATER;
    }

    private boolean brought(AccountId account) {
        var failed = new AtomicBoolean();
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            @Nullable ObjectName from = null;
            while (!failed.get()) {
                List<ObjectName> page = Holdings.of(copies, TIME).names(account, kind, from);
                if (page.isEmpty()) break;
                Set<ObjectName> has = held(account, kind, from, page.getLast());
                all(page.stream().filter(name -> !has.contains(name)).toList(), failed);
                from = page.getLast();
            }
        }
        return !failed.get();
    }

    /// Returns what the newcomer lists after `from` up to `last`.
    private Set<ObjectName> held(AccountId account, ObjectName.Kind kind, @Nullable ObjectName from,
            ObjectName last) {
        var held = new HashSet<ObjectName>();
        @Nullable ObjectName at = from;
        while (true) {
            List<Vault.Entry> page = there.list(account, kind, at, PAGE, TIME);
            for (Vault.Entry entry : page) held.add(entry.name());
            if (page.size() < PAGE || page.getLast().name().compareTo(last) >= 0) return held;
            at = page.getLast().name();
        }
    }

    private void all(List<ObjectName> names, AtomicBoolean failed) {
        var waiting = new ConcurrentLinkedQueue<>(names);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Math.min(PARALLEL, names.size()); i++) {
            threads.add(Thread.ofVirtual().name("move-" + i).start(() -> {
                for (ObjectName name; !failed.get() && (name = waiting.poll()) != null; ) {
                    try {
                        copy(name);
                    } catch (Fault e) {
                        failed.set(true);
                        Log.event(Event.COPY_NOT_HEALED, "vault", there.name(), "object", name, "why", e);
                    }
                }
            }));
        }
        try {
            for (Thread one : threads) one.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed.set(true);
        }
    }

    private void copy(ObjectName name) {
        if (survey.isCondemned(name)) return;
        byte @Nullable [] object = null;
        boolean allAnswered = true;
        for (Shelf home : copies.shelves()) {
            if (object != null) break;
            if (home.breaker().closed()) object = good(home, name);
            else allAnswered = false;
        }
        if (object == null) {
            // It went meanwhile; or nobody has it right, which is the healer's to name.
            if (allAnswered) return;
            throw new Fault.Unavailable("Who has it is away", Map.of("object", name));
        }
        byte[] right = object;
        // Whoever removes it comes before this or after it.
        Ticket<Void> ticket = debt.<@Nullable Ticket<Void>>inTurn(name, () -> ended(name) ? null
                : there.put(name, right));
        if (ticket == null) return;
        try {
            ticket.await(Deadline.in(copies.policy().write()));
        } catch (Fault e) {
            if (!ticket.answered()) newcomer.shelf().breaker().late("A write was not answered in time");
            else if (!(e instanceof Fault.Exhausted)) newcomer.shelf().breaker().failed("Writes failed");
            newcomer.observer().failed(Newcomer.Act.WRITE, String.valueOf(e.getMessage()));
            throw e;
        }
        byte @Nullable [] back = there.get(name, 0, Integer.MAX_VALUE, copies.policy().read());
        if (back == null || !Arrays.equals(back, right)) {
            if (!ended(name)) newcomer.observer().wrong(name);
            throw new Fault.Corrupt("A copy just made came back as other bytes", Map.of("object", name));
        }
        newcomer.observer().right();
        objects.incrementAndGet();
        bytes.addAndGet(3L * right.length);
    }

    private boolean ended(ObjectName name) {
        return debt.hasEnded(name) || debt.hasErased(name.account())
                || debt.owes(name, there.name(), Debt.Kind.REMOVAL);
    }

    /// Returns the stored object if the vault has it right, null if it has it wrong or not.
    private byte @Nullable [] good(Shelf shelf, ObjectName name) {
        try {
            byte @Nullable [] object = shelf.vault().get(name, 0, Integer.MAX_VALUE, copies.policy().read());
            if (object == null) return null;
            var _ = StoredObject.read(name, object);
            return object;
        } catch (Fault.Corrupt e) {
            return null;
        }
    }

    /// Reads everything of an account on both sides.
    ///
    /// @param names where it is listed
    private Duration compare(AccountId account, Holdings names) {
        long spent = 0;
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            @Nullable ObjectName from = null;
            while (true) {
                List<ObjectName> page = names.names(account, kind, from);
                if (page.isEmpty()) break;
                for (ObjectName name : page) {
                    if (walking != walks || closed.getCount() == 0 || paused) return Duration.ZERO;
                    spent += compare(name);
                }
                from = page.getLast();
            }
        }
        return reading.spent(spent);
    }

    private long compare(ObjectName name) {
        long start = System.nanoTime();
        byte @Nullable [] object;
        try {
            object = there.get(name, 0, Integer.MAX_VALUE, copies.policy().read());
            if (object != null) checked(name, object);
        } catch (Fault.Corrupt e) {
            newcomer.observer().wrong(name);
            newcomer.behind(name.account());
            return 0;
        } catch (Fault e) {
            boolean late = System.nanoTime() - start >= copies.policy().read().toNanos();
            if (late) newcomer.shelf().breaker().late("A read was not answered in time");
            else newcomer.shelf().breaker().failed("Reads failed");
            newcomer.observer().failed(Newcomer.Act.READ, String.valueOf(e.getMessage()));
            throw e;
        }
        long took = System.nanoTime() - start;
        if (object == null) {
            missing(name);
            return 0;
        }
        doubts.remove(name);
        newcomer.observer().took(Newcomer.Act.READ, true, took);
        newcomer.observer().right();
        read.incrementAndGet();
        long beside = System.nanoTime();
        byte @Nullable [] old = newcomer.replaces().vault().get(name, 0, Integer.MAX_VALUE,
                copies.policy().read());
        if (old != null) newcomer.observer().took(Newcomer.Act.READ, false, System.nanoTime() - beside);
        return 2L * object.length;
    }

    private static void checked(ObjectName name, byte[] object) {
        var _ = StoredObject.read(name, object);
    }

    /// What it lacks may be on its way, may be gone everywhere, or is behind; if it is none of these the vault forgot it.
    private void missing(ObjectName name) {
        if (ended(name) || newcomer.accountsBehind().contains(name.account()) || newcomer.anyBehind()) return;
        Long since = doubts.get(name);
        if (since == null) {
            if (doubts.size() < DOUBTS_MAX) doubts.put(name, clock.nanos());
            return;
        }
        if (clock.nanos() - since < DOUBT.toNanos()) return;
        doubts.remove(name);
        byte @Nullable [] old = newcomer.replaces().vault().get(name, 0, 1, copies.policy().read());
        if (old == null) return;
        newcomer.observer().wrong(name);
        newcomer.behind(name.account());
    }

    @Override
    public void close() {
        closed.countDown();
        Thread running = thread;
        if (running == null) return;
        try {
            var _ = running.join(LATER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
