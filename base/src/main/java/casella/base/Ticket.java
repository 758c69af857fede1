package casella.base;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Work handed to a bulkhead and not yet answered. The caller parks on it once.
public final class Ticket<T extends @Nullable Object> {
    private final String work;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    /// @param work what was asked, a constant for logs: `engine.write`
    public Ticket(String work) {
        this.work = work;
    }

    /// Returns a ticket that is answered already.
    public static <T extends @Nullable Object> Ticket<T> done(String work, T value) {
        var ticket = new Ticket<T>(work);
        ticket.complete(value);
        return ticket;
    }

    public static <T extends @Nullable Object> Ticket<T> failed(String work, Throwable cause) {
        var ticket = new Ticket<T>(work);
        ticket.fail(cause);
        return ticket;
    }

    public boolean complete(T value) {
        return answer.complete(value);
    }

    public boolean fail(Throwable cause) {
        return answer.completeExceptionally(cause);
    }

    public boolean answered() {
        return answer.isDone();
    }

    /// Runs `then` with the value or the failure, once, on the thread that answers. It must be short and never block.
    public void whenAnswered(BiConsumer<? super @Nullable T, ? super @Nullable Throwable> then) {
        var _ = answer.whenComplete(then);
    }

    /// Returns the answer.
    ///
    /// @throws Fault.Unavailable if it does not come before `deadline`: the outcome is then unknown, not "failed"
    /// @throws RuntimeException whatever the work ended with, a fault or a mistake; a checked exception comes as
    ///         `Unavailable` with its cause
    public T await(Deadline deadline) {
        try {
            return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Fault.Unavailable("No answer before the deadline", Map.of("work", work), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Unavailable("Interrupted while waiting", Map.of("work", work), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException thrown) throw thrown;
            if (cause instanceof Error error) throw error;
            throw new Fault.Unavailable("The work failed", Map.of("work", work), cause);
        }
    }
}
