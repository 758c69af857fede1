package casella.base;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The platform threads of one storage instance, and the only way in to it.
///
/// A native or blocking file call holds the thread that makes it. Virtual threads therefore hand the call over, wait
/// with a deadline, and go away when it passes; a hung disk then holds its own few threads and nobody else's.
/// When half of the threads are past their caller's deadline the breaker is open and nothing more enters until one
/// comes back.
public final class Bulkhead implements AutoCloseable {
    /// @param whose it is, so that one caller's calls can be given up alone; null for nobody's
    /// @param since when it was handed over (nanoTime)
    private record Job(@Nullable Object whose, Callable<? extends @Nullable Object> work,
            Ticket<Object> ticket, Deadline deadline, long since) {}

    /// What one caller has in here. Guarded by [#own].
    private static final class Own {
        int running;
        final Queue<Job> waiting = new ArrayDeque<>();
    }

    private static final long IDLE = 0;

    private final String name;
    private final int queueMax;
    /// How many calls of one caller run at a time: with fewer than half of the threads it cannot open the breaker.
    private final int ownMax;
    private final Map<Object, Own> own = new HashMap<>();
    private final LinkedBlockingQueue<Job> queue;
    private final Thread[] threads;
    /// Per thread the deadline (nanoTime) of what it runs, 0 when idle.
    private final AtomicLongArray running;
    private final AtomicReferenceArray<@Nullable Job> jobs;

    private volatile boolean closed;

    /// @param name `engine.read`: names the threads and the faults
    /// @param threads 1 to 256
    /// @param queueMax calls that may wait; one more is refused at once
    public Bulkhead(String name, int threads, int queueMax) {
        if (threads < 1 || threads > 256) throw new IllegalArgumentException("bulkhead threads: must be 1 to 256");
        this.name = name;
        this.queue = new LinkedBlockingQueue<>(queueMax);
        this.queueMax = queueMax;
        this.ownMax = Math.max(1, (threads - 1) / 2);
        this.threads = new Thread[threads];
        this.running = new AtomicLongArray(threads);
        this.jobs = new AtomicReferenceArray<>(threads);
        for (int i = 0; i < threads; i++) {
            int index = i;
            this.threads[i] = Thread.ofPlatform().daemon().name(name + "-" + i).start(() -> serve(index));
        }
    }

    /// Runs `work` on a thread of this bulkhead and returns what it returns. A call made on one of these threads runs there: to
    /// wait for another of them could be to wait for itself.
    ///
    /// @throws Fault.Unavailable if the breaker is open, the queue is full, or `time` passes first
    /// @throws RuntimeException as `work` throws it; a checked exception comes as `Unavailable` with its cause
    public <T extends @Nullable Object> T call(Duration time, Callable<T> work) {
        Deadline deadline = Deadline.in(time);
        return (inside() ? here(work) : submit(deadline, work)).await(deadline);
    }

    /// As above, one of the calls of `whose`: fewer than half of the threads run them at a time, or one, so that they never hold
    /// up everybody; and [#giveUp(Object)] can tell them from others'.
    public <T extends @Nullable Object> T call(Object whose, Duration time, Callable<T> work) {
        Deadline deadline = Deadline.in(time);
        return (inside() ? here(work) : submit(whose, deadline, work)).await(deadline);
    }

    private boolean inside() {
        Thread current = Thread.currentThread();
        for (Thread thread : threads) if (thread == current) return true;
        return false;
    }

    @SuppressWarnings("unchecked")
    private <T extends @Nullable Object> Ticket<T> here(Callable<T> work) {
        Ticket<T> ticket = new Ticket<>(name);
        try {
            answer((Ticket<Object>) (Ticket<?>) ticket, work.call());
        } catch (Throwable failure) {
            ticket.fail(failure);
        }
        return ticket;
    }

    /// Hands `work` over without waiting. A call whose deadline passes while it waits is not run.
    public <T extends @Nullable Object> Ticket<T> submit(Deadline deadline, Callable<T> work) {
        return submit(null, deadline, work);
    }

    @SuppressWarnings("unchecked")
    private <T extends @Nullable Object> Ticket<T> submit(
            @Nullable Object whose, Deadline deadline, Callable<T> work) {
        Ticket<T> ticket = new Ticket<>(name);
        if (closed) {
            ticket.fail(new Fault.Unavailable("Closed", Map.of("bulkhead", name)));
        } else if (open()) {
            ticket.fail(new Fault.Unavailable("Not answering, breaker open", Map.of("bulkhead", name)));
        } else if (!queue.offer(new Job(whose, work, (Ticket<Object>) (Ticket<?>) ticket, deadline,
                System.nanoTime()))) {
            ticket.fail(new Fault.Unavailable("Too many calls waiting", Map.of("bulkhead", name)));
        }
        return ticket;
    }

    /// Says whether half of the threads are past the deadline of what they run.
    public boolean open() {
        long now = System.nanoTime();
        int late = 0;
        for (int i = 0; i < threads.length; i++) {
            long deadline = running.get(i);
            if (deadline != IDLE && now - deadline > 0) late++;
        }
        return late * 2 >= threads.length && late > 0;
    }

    /// Returns for how long the oldest call has waited that somebody still waits for; zero when there is none. Never waits.
    public Duration oldest() {
        long now = System.nanoTime();
        long age = 0;
        for (int i = 0; i < threads.length; i++) age = Math.max(age, age(jobs.get(i), now));
        return Duration.ofNanos(Math.max(age, age(queue.peek(), now)));
    }

    private static long age(@Nullable Job job, long now) {
        if (job == null || job.ticket().answered() || job.deadline().over()) return 0;
        return now - job.since();
    }

    /// Answers every caller that waits now: the instance is known not to answer, and nobody needs to wait for his own
    /// deadline to learn that. Calls that run go on, those that wait are not run. Never waits.
    public void giveUp() {
        giveUp(_ -> true);
    }

    /// As [#giveUp()], for the calls of one caller alone.
    public void giveUp(Object whose) {
        giveUp(job -> whose.equals(job.whose()));
    }

    private void giveUp(Predicate<Job> which) {
        var gone = new Fault.Unavailable("Not answering, given up", Map.of("bulkhead", name));
        for (int i = 0; i < threads.length; i++) {
            @Nullable Job job = jobs.get(i);
            if (job != null && which.test(job)) job.ticket().fail(gone);
        }
        for (Job job : queue) if (which.test(job)) job.ticket().fail(gone);
        synchronized (own) {
            for (Own one : own.values()) {
                for (Job job : one.waiting) if (which.test(job)) job.ticket().fail(gone);
            }
        }
    }

    /// Says whether a call may run now; one that may not waits until another of the same caller comes home.
    private boolean admits(Job job) {
        Object whose = job.whose();
        if (whose == null) return true;
        synchronized (own) {
            Own one = own.computeIfAbsent(whose, _ -> new Own());
            if (one.running < ownMax) {
                one.running++;
                return true;
            }
            one.waiting.removeIf(waiting -> waiting.ticket().answered() || waiting.deadline().over());
            if (one.waiting.size() < queueMax) one.waiting.add(job);
            else job.ticket().fail(new Fault.Unavailable("Too many calls waiting", Map.of("bulkhead", name)));
            return false;
        }
    }

    /// Ends a call that ran: the next of the same caller may wait for a thread.
    private void left(Job job) {
        Object whose = job.whose();
        if (whose == null) return;
        synchronized (own) {
            Own one = own.get(whose);
            if (one != null) one.running--;
            passOn(job);
        }
    }

    /// Lets the next call of the same caller wait for a thread in the place of one that needs none any more.
    private void passOn(Job job) {
        Object whose = job.whose();
        if (whose == null) return;
        synchronized (own) {
            Own one = own.get(whose);
            if (one == null) return;
            Job next;
            while (one.running < ownMax && (next = one.waiting.poll()) != null) {
                if (next.ticket().answered()) continue;
                if (queue.offer(next)) break;
                next.ticket().fail(new Fault.Unavailable("Too many calls waiting", Map.of("bulkhead", name)));
            }
            if (one.running == 0 && one.waiting.isEmpty()) own.remove(whose);
        }
    }

    /// Returns how many calls wait for a thread.
    public int waiting() {
        return queue.size();
    }

    private void serve(int index) {
        while (!closed) {
            Job job;
            try {
                job = queue.take();
            } catch (InterruptedException e) {
                continue; // only close() interrupts; the loop's condition sees it
            }
            if (job.deadline().over()) {
                job.ticket().fail(new Fault.Unavailable("Waited past the deadline", Map.of("bulkhead", name)));
            }
            if (job.ticket().answered()) {
                passOn(job);
                continue;
            }
            if (!admits(job)) continue;
            running.set(index, job.deadline().atNanos() == IDLE ? 1 : job.deadline().atNanos());
            jobs.set(index, job);
            try {
                @Nullable Object value = job.work().call();
                home(index, job);
                answer(job.ticket(), value);
            } catch (Throwable failure) {
                home(index, job);
                job.ticket().fail(failure);
            }
        }
    }

    private void home(int index, Job job) {
        jobs.set(index, null);
        running.set(index, IDLE);
        left(job);
    }

    @SuppressWarnings("NullAway") // a ticket of a nullable type takes null
    private static void answer(Ticket<Object> ticket, @Nullable Object value) {
        ticket.complete(value);
    }

    /// Lets the running calls end, refuses the rest. Waits up to 5 s for threads to come home; a hung one is left.
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            // Not interrupted while it runs a call: an interrupt would close a FileChannel under other
            // callers.
            if (running.get(index(thread)) == IDLE) thread.interrupt();
        }
        Deadline deadline = Deadline.in(Duration.ofSeconds(5));
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofNanos(deadline.remainingNanos()))) thread.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        for (Job job; (job = queue.poll()) != null; ) {
            job.ticket().fail(new Fault.Unavailable("Closed", Map.of("bulkhead", name)));
        }
        synchronized (own) {
            for (Own one : own.values()) {
                for (Job job : one.waiting) {
                    job.ticket().fail(new Fault.Unavailable("Closed", Map.of("bulkhead", name)));
                }
            }
        }
    }

    private int index(Thread thread) {
        for (int i = 0; i < threads.length; i++) if (threads[i] == thread) return i;
        throw new IllegalStateException("not a thread of this bulkhead");
    }
}
