package casella.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Metrics;
import casella.delivery.SendingAllowance.Exceeded;
import casella.delivery.SendingAllowance.Limit;
import casella.delivery.SendingAllowance.Limits;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Owners send as much as they may in a window that slides, each for themselves.
class SendingAllowanceTest {
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);

    private final SteppedClock clock = new SteppedClock();

    private SendingAllowance allowance(int minute, int hour, int day) {
        return new SendingAllowance(_ -> new Limits(minute, hour, day), clock, Metrics.none());
    }

    private static Optional<Exceeded> over(Limit limit, int most) {
        return Optional.of(new Exceeded(limit, most));
    }

    @Test
    void theHourIsCountedByRecipientsAndSlides() {
        var allowance = allowance(100, 10, 1_000);
        assertThat(allowance.take(ANNA, 10, true)).isEmpty();
        assertThat(allowance.take(ANNA, 1, true)).isEqualTo(over(Limit.HOUR, 10));
        clock.step(Duration.ofMinutes(90)); // half of the ten of the hour before still count
        assertThat(allowance.take(ANNA, 6, true)).isEqualTo(over(Limit.HOUR, 10));
        assertThat(allowance.take(ANNA, 5, true)).isEmpty();
        clock.step(Duration.ofHours(2));
        assertThat(allowance.take(ANNA, 10, true)).isEmpty();
    }

    @Test
    void theDayHasALimitOfItsOwn() {
        var allowance = allowance(100, 10, 25);
        for (int hour = 0; hour < 2; hour++) {
            assertThat(allowance.take(ANNA, 10, true)).isEmpty();
            clock.step(Duration.ofHours(2));
        }
        assertThat(allowance.take(ANNA, 6, true)).isEqualTo(over(Limit.DAY, 25));
        assertThat(allowance.take(ANNA, 5, true)).isEmpty();
    }

    @Test
    void theMinuteIsCountedByMessagesNotByRecipients() {
        var allowance = allowance(2, 100, 100);
        assertThat(allowance.take(ANNA, 1, true)).isEmpty();
        for (int i = 0; i < 10; i++) assertThat(allowance.take(ANNA, 1, false)).isEmpty();
        assertThat(allowance.take(ANNA, 1, true)).isEmpty();
        assertThat(allowance.take(ANNA, 1, true)).isEqualTo(over(Limit.MINUTE, 2));
        assertThat(allowance.take(ANNA, 1, false)).isEmpty();
        clock.step(Duration.ofMinutes(2));
        assertThat(allowance.take(ANNA, 1, true)).isEmpty();
    }

    @Test
    void oneOwnerDoesNotCountForAnother() {
        var allowance = allowance(10, 5, 5);
        assertThat(allowance.take(ANNA, 5, true)).isEmpty();
        assertThat(allowance.take(BRUNO, 5, true)).isEmpty();
        assertThat(allowance.take(BRUNO, 1, true)).isPresent();
    }

    @Test
    void whatIsRefusedIsNotCounted() {
        var allowance = allowance(10, 5, 100);
        assertThat(allowance.take(ANNA, 6, true)).isPresent();
        assertThat(allowance.take(ANNA, 5, true)).isEmpty();
    }

    @Test
    void nobodyWaitsForTheLimitsOfAnother() throws Exception {
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var allowance = new SendingAllowance(account -> {
            if (account.equals(ANNA)) {
                asked.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return new Limits(1, 1, 1);
        }, clock, Metrics.none());
        Thread anna = Thread.ofVirtual().start(() -> allowance.take(ANNA, 1, true));
        asked.await();
        var bruno = new CompletableFuture<Optional<Exceeded>>();
        Thread.ofVirtual().start(() -> bruno.complete(allowance.take(BRUNO, 1, true)));
        try {
            assertThat(bruno.get(10, TimeUnit.SECONDS)).isEmpty();
        } finally {
            go.countDown();
        }
        anna.join();
        assertThat(allowance.take(ANNA, 1, true)).isPresent();
    }
}
