package casella.continuity.reenactment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.testkit.MemoryVault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Proves that a vault with a hidden threshold serves up to it, then answers nothing, and loses nothing.
final class ThresholdVaultTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private static ObjectName name(int number) {
        return new ObjectName(new AccountId(1), ObjectName.Kind.MAIL, 0, number,
                Sha256.of(new byte[] {(byte) number}));
    }

    private static void put(ThresholdVault vault, int number) {
        var _ = vault.put(name(number), new byte[] {(byte) number}).await(Deadline.in(TIME));
    }

    @Test
    void itServesUntilItHoldsTooMuchAndThenAnswersNothing() {
        try (var vault = new ThresholdVault(new MemoryVault("memory"), 3)) {
            for (int i = 0; i < 3; i++) put(vault, i);
            var _ = vault.delete(name(2)).await(Deadline.in(TIME));
            put(vault, 2);
            assertThat(vault.get(name(0), 0, 9, TIME)).containsExactly(0);
            assertThat(vault.blocked()).isFalse();

            put(vault, 3);

            assertThat(vault.blocked()).isTrue();
            long began = System.nanoTime();
            assertThatThrownBy(() -> vault.get(name(0), 0, 9, SHORT)).isInstanceOf(Fault.Unavailable.class);
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(SHORT.toNanos());
            assertThatThrownBy(() -> vault.list(new AccountId(1), ObjectName.Kind.MAIL, null, 9, SHORT))
                    .isInstanceOf(Fault.Unavailable.class);
            assertThatThrownBy(() -> vault.accounts(null, 9, SHORT)).isInstanceOf(Fault.Unavailable.class);
            assertThatThrownBy(() -> vault.probe(SHORT)).isInstanceOf(Fault.Unavailable.class);
            Ticket<Void> late = vault.put(name(4), new byte[] {4});
            assertThatThrownBy(() -> late.await(Deadline.in(SHORT))).isInstanceOf(Fault.Unavailable.class);
            assertThat(vault.figures().objects()).isEqualTo(4);

            vault.release();

            var _ = late.await(Deadline.in(TIME));
            assertThat(vault.get(name(4), 0, 9, TIME)).containsExactly(4);
            put(vault, 5);
            assertThat(vault.blocked()).isFalse();
        }
    }

    @Test
    void whoWaitsWhenItIsReleasedIsAnswered() throws Exception {
        try (var vault = new ThresholdVault(new MemoryVault("memory"), 0)) {
            put(vault, 1);
            var found = new java.util.concurrent.FutureTask<>(() -> vault.get(name(1), 0, 9, TIME));
            Thread.ofVirtual().start(found);

            vault.release();

            assertThat(found.get()).containsExactly(1);
        }
    }

    @Test
    void oneThatHoldsTooMuchWhenItIsOpenedIsBlockedFromTheStart() {
        var full = new MemoryVault("memory");
        var _ = full.put(name(1), new byte[1]).await(Deadline.in(TIME));
        try (var vault = new ThresholdVault(full, 0)) {
            assertThat(vault.blocked()).isTrue();
        }
    }
}
