package casella.testkit;

import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One way into a faulty part: real platform threads that the trouble holds, behind a real bulkhead with its breaker.
final class Lane implements AutoCloseable {
    private static final Duration WRITE_BREAKER = Duration.ofSeconds(2);

    private final Bulkhead bulkhead;
    private Trouble trouble = Trouble.none();
    private int times = Integer.MAX_VALUE;
    private int commands;

    Lane(String name, int threads) {
        bulkhead = new Bulkhead(name, threads, 10_000);
    }

    /// Lets the next `count` calls suffer `next`; those that hang now are let go.
    synchronized void command(Trouble next, int count) {
        trouble = next;
        times = count;
        commands++;
        notifyAll();
    }

    /// Runs `work` on a thread of this lane, given the trouble of this call, which it has suffered so far as it is a
    /// delay, a hang or a failure.
    <T extends @Nullable Object> T call(Duration time, Work<T> work) {
        return bulkhead.call(time, () -> work.run(suffer(true)));
    }

    /// As above, of one caller whose calls the bulkhead tells from others'.
    <T extends @Nullable Object> T call(Object whose, Duration time, Work<T> work) {
        return bulkhead.call(whose, time, () -> work.run(suffer(true)));
    }

    Duration oldest() {
        return bulkhead.oldest();
    }

    void giveUp() {
        bulkhead.giveUp();
    }

    /// Work that knows what trouble it is in.
    interface Work<T extends @Nullable Object> {
        T run(Trouble trouble) throws Exception;
    }

    /// Hands over a write. Order is kept, because a write lane has one thread.
    <T extends @Nullable Object> Ticket<T> write(String work, Supplier<Ticket<T>> inner, @Nullable T done) {
        var outer = new Ticket<T>(work);
        Callable<Integer> job = () -> {
            Trouble suffered = suffer(false);
            if (suffered instanceof Trouble.Forgetting) complete(outer, done);
            else pass(inner.get(), outer, suffered instanceof Trouble.UnknownOutcome);
            return 0;
        };
        bulkhead.submit(Deadline.in(WRITE_BREAKER), job).whenAnswered((_, failure) -> {
            if (failure != null) outer.fail(failure);
        });
        return outer;
    }

    private static <T extends @Nullable Object> void pass(Ticket<T> inner, Ticket<T> outer, boolean hide) {
        inner.whenAnswered((value, failure) -> {
            if (failure != null) outer.fail(failure);
            else if (hide) outer.fail(new Fault.Unavailable("Done but reported failed by command of a test", Map.of()));
            else complete(outer, value);
        });
    }

    @SuppressWarnings("NullAway") // a ticket of a nullable type takes null
    private static <T extends @Nullable Object> void complete(Ticket<T> ticket, @Nullable T value) {
        ticket.complete(value);
    }

    private Trouble suffer(boolean reading) throws InterruptedException {
        Trouble now = take();
        switch (now) {
            case Trouble.Slow(Duration by) -> Thread.sleep(by);
            case Trouble.Hung _ -> awaitCommand();
            case Trouble.Failing(var with) -> throw with.get();
            case Trouble.UnknownOutcome _ -> {
                if (reading) throw new Fault.Unavailable("Away by command of a test", Map.of());
            }
            case Trouble.None _, Trouble.Forgetting _, Trouble.WrongBytes _, Trouble.ShortBytes _,
                    Trouble.Missing _ -> {}
        }
        return now;
    }

    private synchronized Trouble take() {
        if (times <= 0) return Trouble.none();
        if (times != Integer.MAX_VALUE) times--;
        return trouble;
    }

    private synchronized void awaitCommand() throws InterruptedException {
        int since = commands;
        while (commands == since) wait();
    }

    @Override
    public void close() {
        command(Trouble.none(), Integer.MAX_VALUE);
        bulkhead.close();
    }
}
