package casella.queue;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.message.Summary;
import casella.queue.QueueRecord.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Files what waits, in the order of [Turns], at the pace of what it files into. One thread decides, a few file.
///
/// An account that fails is left alone for a while that doubles; when nothing works at all, one filing at a time tries
/// whether something does. The first success after that makes everything due.
public final class Drain implements AutoCloseable {
    private static final Duration SUMMARY_TIME = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    /// How soon it is noticed that what was ill is well.
    private static final Duration NOTICE = Duration.ofMillis(500);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
    /// Bytes of messages in memory at a time, or one message.
    private static final long BYTES_MAX = 32L << 20;

    /// How long what is held is put off; whoever lets it in says so ([#back]).
    private static final Duration HELD = Duration.ofMinutes(10);

    private static final Instant FOR_EVER = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final LocalQueue queue;
    private final Filing filing;
    private final BooleanSupplier well;
    private final Bulkhead cpu;
    private final Clock clock;
    private final Metrics metrics;
    private final Pace pace;
    private final Turns turns = new Turns();
    private final Semaphore wake = new Semaphore(0);
    private @Nullable Thread worker;
    private volatile Predicate<AccountId> held = _ -> false;
    private volatile BooleanSupplier strained = () -> false;
    private volatile boolean closed;
    private volatile boolean back;
    private boolean waited;
    private boolean wasWell = true;
    private long sweptNanos;

    /// @param well whether what accounts stand on is healthy, as far as is known: when it is so again, all is tried
    /// @param cpu as wide as the cores: large messages are looked through there
    public Drain(
            LocalQueue queue, Filing filing, BooleanSupplier well, Bulkhead cpu, Clock clock, Metrics metrics) {
        this(queue, filing, well, cpu, clock, metrics, Pace.WIDTH_MAX);
    }

    /// As above, for runs that must be the same again: with one filing at a time their order is that of the turns.
    ///
    /// @param widthMax filings at a time at most
    public Drain(
            LocalQueue queue,
            Filing filing,
            BooleanSupplier well,
            Bulkhead cpu,
            Clock clock,
            Metrics metrics,
            int widthMax) {
        this.pace = new Pace(widthMax);
        this.queue = queue;
        this.filing = filing;
        this.well = well;
        this.cpu = cpu;
        this.clock = clock;
        this.metrics = metrics;
        this.sweptNanos = clock.nanos() - SWEEP_EVERY.toNanos();
        queue.onNews(this::wake);
    }

    /// Leaves alone what waits for accounts whose turn has not come. When it comes, call [#back].
    ///
    /// @param accounts never waits
    public Drain holds(Predicate<AccountId> accounts) {
        held = accounts;
        return this;
    }

    /// Goes slower while owners who are logged in have to wait.
    ///
    /// @param waiting says whether they have; never waits
    public Drain yieldsTo(BooleanSupplier waiting) {
        strained = waiting;
        return this;
    }

    /// Begins to file, on a virtual thread of its own.
    public Drain start() {
        worker = Thread.ofVirtual().name("queue-drain").start(this::run);
        return this;
    }

    /// Says that something came back: everything is tried now.
    public void back() {
        back = true;
        wake();
    }

    private void wake() {
        if (wake.availablePermits() == 0) wake.release();
    }

    private void run() {
        while (!closed) {
            Duration until;
            try {
                until = round();
            } catch (RuntimeException e) {
                Log.event(Event.QUEUE_DRAIN_FAILED, e, "why", String.valueOf(e.getMessage()));
                until = LOOK_EVERY;
            }
            rest(until);
        }
    }

    /// Waits, less when woken; but not less than a pause the pace asks for, unless something came back.
    private void rest(Duration until) {
        long end = System.nanoTime() + until.toNanos();
        try {
            while (!closed && !back && !cameBack()) {
                long left = Math.min(end - System.nanoTime(), NOTICE.toNanos());
                if (left <= 0) return;
                boolean woken = wake.tryAcquire(left, TimeUnit.NANOSECONDS);
                wake.drainPermits();
                if (woken && pace.pause().isZero()) return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /// Says whether all is well that was not when this was asked before.
    private boolean cameBack() {
        boolean now = well.getAsBoolean();
        if (now && !wasWell) back = true;
        wasWell = now;
        return back;
    }

    /// Tries some of what is ready; returns how long to wait before the next round. [#start] does this again and again.
    ///
    /// @throws Fault if index or files do not answer
    public Duration round() {
        Instant now = clock.now();
        boolean all = cameBack();
        back = false;
        Optional<Instant> next = queue.wake(all ? FOR_EVER : now);
        List<Waiting> some = chosen(now);
        if (some.isEmpty()) {
            rested();
            return next.map(due -> Duration.between(now, due)).map(Drain::atMostLook).orElse(LOOK_EVERY);
        }
        waited = true;
        long began = clock.nanos();
        Result result = attempt(some);
        boolean slow = clock.nanos() - began > Pace.SLOW.toNanos() || strained.getAsBoolean();
        settle(result);
        if (pace.round(result.served.size(), result.failed.size(), slow)) back = true;
        sweep();
        return pace.pause();
    }

    /// Returns what to try now; what waits for accounts that are held is put off without being read.
    private List<Waiting> chosen(Instant now) {
        Predicate<AccountId> hold = held;
        while (!closed) {
            List<Waiting> some = choose(pace.width());
            List<Waiting> free = some.stream().filter(one -> !hold.test(one.item().account())).toList();
            some.stream().filter(one -> !free.contains(one)).map(one -> one.item().account()).distinct()
                    .forEach(account -> queue.defer(account, 0, now.plus(HELD), "Not let in yet"));
            if (!free.isEmpty() || some.isEmpty()) return free;
        }
        return List.of();
    }

    private static Duration atMostLook(Duration wait) {
        if (wait.isNegative()) return Duration.ZERO;
        return wait.compareTo(LOOK_EVERY) < 0 ? wait : LOOK_EVERY;
    }

    private void rested() {
        if (waited && queue.figures().total() == 0) {
            waited = false;
            Log.event(Event.QUEUE_DRAINED);
        }
        sweep();
    }

    private void sweep() {
        if (clock.nanos() - sweptNanos < SWEEP_EVERY.toNanos()) return;
        sweptNanos = clock.nanos();
        queue.sweep();
    }

    /// Returns at most `count` recipients that are ready, in the order of their turns; more where they share a message.
    private List<Waiting> choose(int count) {
        Map<Turns.Turn, List<Waiting>> ready = new HashMap<>();
        Set<Waiting> chosen = new LinkedHashSet<>();
        int places = Priority.values().length * count + 10;
        for (int i = 0; i < places && chosen.size() < count; i++) {
            Turns.Turn turn = turns.next();
            List<Waiting> from = ready.computeIfAbsent(
                    turn, t -> queue.ready(t.priority(), t.newest(), count));
            for (Waiting one : from) if (chosen.add(one)) break;
        }
        if (chosen.size() < count) {
            for (List<Waiting> from : ready.values()) {
                for (Waiting one : from) if (chosen.size() < count) chosen.add(one);
            }
        }
        return List.copyOf(chosen);
    }

    /// What a round came to.
    private static final class Result {
        final List<Waiting> filed = new ArrayList<>();
        final List<Waiting> nobody = new ArrayList<>();
        /// Their message could not be read, where the index says that it is.
        final List<Waiting> doubted = new ArrayList<>();
        final Set<AccountId> served = ConcurrentHashMap.newKeySet();
        final Map<Waiting, String> failed = new LinkedHashMap<>();
        /// Those that failed because a disk is full.
        final Set<Waiting> noRoom = new HashSet<>();

        synchronized void filed(Waiting one) {
            filed.add(one);
            served.add(one.item().account());
        }

        synchronized void nobody(Waiting one) {
            nobody.add(one);
            served.add(one.item().account());
        }

        synchronized void noRoom(Waiting one) {
            noRoom.add(one);
        }

        synchronized void failed(Waiting one, String why) {
            failed.put(one, why);
        }
    }

    private Result attempt(List<Waiting> some) {
        var result = new Result();
        Map<QueueId, List<Waiting>> messages = new LinkedHashMap<>();
        for (Waiting one : some) messages.computeIfAbsent(one.message(), _ -> new ArrayList<>()).add(one);
        var threads = new ArrayList<Thread>();
        long bytes = 0;
        for (List<Waiting> items : messages.values()) {
            long size = items.getFirst().size();
            if (bytes > 0 && bytes + size > BYTES_MAX) {
                join(threads);
                bytes = 0;
            }
            bytes += size;
            begin(items, result, threads);
        }
        join(threads);
        return result;
    }

    /// Reads one message and begins to file it for each of its recipients.
    private void begin(List<Waiting> items, Result result, List<Thread> threads) {
        QueuedMessage message;
        Summary summary;
        try {
            message = queue.message(items.getFirst());
            for (Waiting one : items) if (!message.items().contains(one.item())) throw new Fault.Corrupt("Wrong index", Map.of());
            byte[] content = message.content();
            summary = cpu.call(SUMMARY_TIME, () -> Summary.of(content));
        } catch (Fault.Corrupt e) {
            result.doubted.addAll(items);
            return;
        } catch (Fault e) {
            for (Waiting one : items) result.failed(one, String.valueOf(e.getMessage()));
            return;
        }
        for (Waiting one : items) {
            threads.add(Thread.ofVirtual().start(() -> file(message, summary, one, result)));
        }
    }

    private void file(QueuedMessage message, Summary summary, Waiting one, Result result) {
        try {
            switch (filing.file(message, summary, one.item())) {
                case FILED, KNOWN -> result.filed(one);
                case NOBODY -> result.nobody(one);
            }
        } catch (Fault e) {
            if (e instanceof Fault.Exhausted) result.noRoom(one);
            result.failed(one, String.valueOf(e.getMessage()));
        } catch (RuntimeException mistake) {
            // A mistake of ours costs this one: it stays in the queue and is tried again ever more seldom.
            Log.event(Event.QUEUE_DRAIN_FAILED, mistake, "message", one.message(), "account", one.item().account());
            result.failed(one, "Filing broke off");
        }
    }

    private static void join(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true; // what was filed must be said
                }
            }
        }
        threads.clear();
        if (interrupted) Thread.currentThread().interrupt();
    }

    /// Writes down what came of a round.
    private void settle(Result result) {
        if (!result.filed.isEmpty()) queue.end(result.filed, Ending.FILED);
        if (!result.nobody.isEmpty()) queue.end(result.nobody, Ending.NOBODY);
        for (Waiting one : result.filed) told(one, Ending.FILED);
        for (Waiting one : result.nobody) told(one, Ending.NOBODY);
        Map<AccountId, Waiting> later = new LinkedHashMap<>();
        result.failed.forEach((one, _) -> later.putIfAbsent(one.item().account(), one));
        boolean look = !result.doubted.isEmpty() && queue.mayLook();
        if (!look) for (Waiting one : result.doubted) later.putIfAbsent(one.item().account(), one);
        result.served.forEach(later::remove);
        if (!result.served.isEmpty()) queue.served(List.copyOf(result.served));
        later.forEach((account, one) -> {
            int attempts = one.attempts() + 1;
            String why = result.failed.getOrDefault(one, "The message cannot be read");
            // Room is not the account's to make: when there is some again, nothing of it says so.
            Duration alone = result.noRoom.contains(one) ? Pace.UNTIL_ROOM : Pace.leftAlone(attempts);
            queue.defer(account, attempts, clock.now().plus(alone), why);
            Log.event(
                    Event.QUEUE_WAITS, "account", account, "attempts", attempts, "seconds", alone.toSeconds(), "why", why);
        });
        // Last: it reads all files, and may fail.
        if (!look) return;
        List<Waiting> lost = queue.lookedFor(result.doubted);
        if (!lost.isEmpty()) queue.end(lost, Ending.LOST);
        for (Waiting one : lost) queue.lost(one, "unreadable");
    }

    private void told(Waiting one, Ending how) {
        metrics.add(Metric.QUEUE_DRAINED, 1, one.priority().word(), how.word());
        Log.event(
                Event.QUEUE_FILED,
                "message", one.message(), "account", one.item().account(), "arrival", one.item().arrival(),
                "outcome", how.word(),
                "seconds", Duration.between(one.received(), clock.now()).toSeconds());
    }

    /// Lets the running round end.
    @Override
    public void close() {
        closed = true;
        wake.release();
        Thread running = worker;
        if (running == null) return;
        try {
            if (!running.join(Duration.ofSeconds(5))) running.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
