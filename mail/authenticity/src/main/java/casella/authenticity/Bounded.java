package casella.authenticity;

import casella.base.Deadline;
import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Resolver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// A resolver for one check: after so many questions, or so long, it says "try later" to everything. A question that is on its way then
/// is left to itself. Used by one thread.
final class Bounded implements Resolver {
    private final Resolver dns;
    private final int questionsMax;
    private final Deadline deadline;
    private volatile int asked;

    Bounded(Resolver dns, int questionsMax, Duration time) {
        this(dns, questionsMax, Deadline.in(time));
    }

    Bounded(Resolver dns, int questionsMax, Deadline deadline) {
        this.dns = dns;
        this.questionsMax = questionsMax;
        this.deadline = deadline;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread asks, another reads
    public <T> Answer<T> ask(String name, Kind<T> kind) {
        if (deadline.over()) return new Answer.TryLater<>(Answer.Why.TIME_OUT);
        if (asked == questionsMax) return new Answer.TryLater<>(Answer.Why.BUSY);
        asked++;
        CompletableFuture<Answer<T>> answer = apart(() -> dns.ask(name, kind));
        try {
            return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return new Answer.TryLater<>(Answer.Why.TIME_OUT);
        } catch (ExecutionException mistake) {
            throw new IllegalStateException(mistake.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.TryLater<>(Answer.Why.TIME_OUT);
        }
    }

    int asked() {
        return asked;
    }

    /// Does `work` on a thread of its own.
    static <T> CompletableFuture<T> apart(Supplier<T> work) {
        var out = new CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            try {
                out.complete(work.get());
            } catch (RuntimeException mistake) {
                out.completeExceptionally(mistake);
            }
        });
        return out;
    }
}
