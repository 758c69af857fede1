package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Bulkhead;
import casella.base.Fault;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that one caller never takes a storage instance's threads from the others, and never waits for himself.
final class BulkheadTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String ANNA = "anna";
    private static final String BRUNO = "bruno";

    private final Bulkhead bulkhead = new Bulkhead("test", 4, 16);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch hung = new CountDownLatch(1);

    @AfterEach
    void close() {
        hung.countDown();
        callers.close();
        bulkhead.close();
    }

    /// Holds one thread for `whose`, and returns once it does.
    private Future<Integer> hang(String whose) throws InterruptedException {
        var within = new CountDownLatch(1);
        Future<Integer> call = callers.submit(() -> bulkhead.call(whose, LONG, () -> {
            within.countDown();
            hung.await();
            return 1;
        }));
        assertThat(within.await(10, TimeUnit.SECONDS)).isTrue();
        return call;
    }

    @Test
    void oneCallersHungCallsLeaveTheThreadsToOthers() throws Exception {
        hang(ANNA);
        for (int i = 0; i < 8; i++) callers.submit(() -> bulkhead.call(ANNA, LONG, () -> 2));
        for (int i = 0; i < 8; i++) assertThat(bulkhead.<Integer>call(BRUNO, LONG, () -> 3)).isEqualTo(3);
        assertThat(bulkhead.open()).isFalse();
    }

    @Test
    void aCallWithinACallRunsOnItsThread() {
        Integer answer = bulkhead.call(ANNA, LONG, () -> bulkhead.<Integer>call(ANNA, LONG, () -> 4) + 1);
        assertThat(answer).isEqualTo(5);
    }

    @Test
    void aCallWhoseTimePassedWhileItWaitedLetsTheNextOneIn() throws Exception {
        Future<Integer> first = hang(ANNA);
        Future<Integer> second = callers.submit(() -> bulkhead.call(ANNA, SHORT, () -> 2));
        Future<Integer> third = callers.submit(() -> bulkhead.call(ANNA, LONG, () -> 3));
        assertThatThrownBy(second::get).hasCauseInstanceOf(Fault.Unavailable.class);
        hung.countDown();
        assertThat(first.get()).isEqualTo(1);
        assertThat(third.get()).isEqualTo(3);
    }
}
