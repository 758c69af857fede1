package casella.store;

import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.health.Latency;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Reads one object from the first vault that has it right.
///
/// The vaults are asked in order. When one does not answer within what its own latency promises, the next is asked as
/// well, as long as such second questions are few, or the first answers nobody at all; when one fails or is wrong, the next is
/// asked at once. An answer that comes when nobody waits any more still says what there is to say about its vault.
final class HedgedRead {
    /// Reads from one vault; null when the object is not there.
    interface Reading {
        @Nullable Copy read(Shelf shelf);
    }

    /// What a vault gave.
    ///
    /// @param length of the whole stored object
    record Copy(byte[] content, long length) {}

    /// Second questions may be asked for one read in so many, and so many at once after a quiet time.
    static final class Budget {
        private static final int READS_A_HEDGE = 20;
        private static final int HEDGES_MAX = 10 * READS_A_HEDGE;
        private final AtomicInteger left = new AtomicInteger(HEDGES_MAX);

        void read() {
            if (left.get() < HEDGES_MAX) left.incrementAndGet();
        }

        boolean hedge() {
            if (left.get() < READS_A_HEDGE) return false;
            left.addAndGet(-READS_A_HEDGE);
            return true;
        }
    }

    private sealed interface Answer {
        record Right(Copy copy) implements Answer {}

        record Wrong(@Nullable Fault why) implements Answer {}
    }

    /// How often a read that may ask no second question looks whether the vault it waits for answers anybody.
    private static final Duration LOOK = Duration.ofMillis(50);

    private final ObjectName name;
    private final List<Shelf> order;
    private final Reading reading;
    private final Duration time;
    private final Debt debt;
    private final Metrics metrics;
    private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final Queue<Shelf> wrong = new ConcurrentLinkedQueue<>();

    /// @param time how long one vault may take
    HedgedRead(ObjectName name, List<Shelf> order, Reading reading, Duration time, Debt debt,
            Metrics metrics) {
        this.name = name;
        this.order = order;
        this.reading = reading;
        this.time = time;
        this.debt = debt;
        this.metrics = metrics;
    }

    Body run(Budget budget) {
        budget.read();
        @Nullable Fault last = null;
        int asked = 0;
        int answered = 0;
        // A range takes up to three questions of one vault, each with its own time.
        Deadline end = Deadline.in(time.multipliedBy(4));
        boolean patient = false;
        ask(order.get(asked++));
        while (answered < asked) {
            boolean more = asked < order.size();
            Latency latency = order.get(asked - 1).latency();
            Duration wait = more ? patience(latency, patient) : time.multipliedBy(4);
            @Nullable Answer answer = next(wait);
            if (answer == null) {
                if (!more) break;
                if (!end.over() && !latency.silent() && (patient || !budget.hedge())) {
                    patient = true;
                    continue;
                }
                patient = false;
                metrics.add(Metric.VAULT_HEDGES, 1, order.get(asked - 1).name());
            } else {
                answered++;
                patient = false;
                switch (answer) {
                    case Answer.Right(Copy copy) -> {
                        measure(copy.length());
                        return new Body.Present(copy.content());
                    }
                    case Answer.Wrong(Fault why) -> last = why == null ? last : why;
                }
            }
            if (asked < order.size()) ask(order.get(asked++));
        }
        return new Body.Unavailable(
                last == null ? new Fault.Corrupt("No vault has the object", Map.of("object", name)) : last);
    }

    /// How long the answer of a vault is waited for before another is asked: not at all while it answers nobody.
    private static Duration patience(Latency latency, boolean patient) {
        if (latency.silent()) return Duration.ZERO;
        return patient ? LOOK : latency.hedgeAfter();
    }

    /// Notes the stored length of what is owed, now that a vault had it.
    private void measure(long length) {
        for (Shelf shelf : wrong) debt.measured(name, shelf.name(), length);
    }

    private @Nullable Answer next(Duration wait) {
        try {
            return answers.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Wrong(new Fault.Unavailable("Interrupted while waiting",
                    Map.of("object", name), e));
        }
    }

    /// The only vault there is to ask needs no thread beside.
    private void ask(Shelf shelf) {
        if (order.size() == 1) answers.add(answer(shelf));
        else Thread.ofVirtual().name("read-" + shelf.name()).start(() -> answers.add(answer(shelf)));
    }

    private Answer answer(Shelf shelf) {
        long start = System.nanoTime();
        shelf.latency().asked();
        try {
            Copy copy = reading.read(shelf);
            long took = System.nanoTime() - start;
            shelf.latency().took(took);
            shelf.breaker().succeeded();
            if (copy == null) return wrong(shelf, "missing", null);
            metrics.add(Metric.VAULT_READS, 1, shelf.name(), "ok");
            return new Answer.Right(copy);
        } catch (Fault.Corrupt e) {
            return wrong(shelf, "corrupt", e);
        } catch (Fault e) {
            boolean late = System.nanoTime() - start >= time.toNanos();
            if (late) shelf.breaker().late("A read was not answered in time");
            else shelf.breaker().failed("Reads failed");
            metrics.add(Metric.VAULT_READS, 1, shelf.name(), "unavailable");
            Log.event(Event.VAULT_READ_FAILED, "vault", shelf.name(), "object", name, "why", e);
            return new Answer.Wrong(e);
        } catch (RuntimeException e) {
            Log.event(Event.VAULT_READ_FAILED, e, "vault", shelf.name(), "object", name);
            return new Answer.Wrong(new Fault.Unavailable("The read failed", Map.of("vault", shelf.name()),
                    e));
        } finally {
            shelf.latency().ended();
        }
    }

    /// A copy that is missing or damaged: a failed copy, never an answer. The healer puts a good one in its place.
    private Answer wrong(Shelf shelf, String how, @Nullable Fault why) {
        metrics.add(Metric.VAULT_READS, 1, shelf.name(), how);
        wrong.add(shelf);
        // Told once for each copy: what is read often must not fill the log. The metric counts every time.
        if (!shelf.home() || !debt.owed(name, shelf.name(), 0)) return new Answer.Wrong(why);
        Log.event(Event.VAULT_COPY_WRONG, "vault", shelf.name(), "object", name, "how", how, "why", why);
        return new Answer.Wrong(why);
    }
}
