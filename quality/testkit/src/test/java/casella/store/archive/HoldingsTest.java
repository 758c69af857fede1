package casella.store.archive;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Arrivals;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.health.Breaker;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.testkit.FaultyVault;
import casella.testkit.MemoryVault;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that who must know what there is waits for a vault that is slow, where another answers at once and has nothing: one that
/// was just put in another's place.
final class HoldingsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    /// Longer than a vault may be silent.
    private static final Duration SLOW = Duration.ofMillis(900);

    private final MemoryVault empty = new MemoryVault("empty");
    private final FaultyVault slow = new FaultyVault(new MemoryVault("slow"));
    private final AccountId account = AccountId.random();
    private ObjectName name;
    private Copies copies;

    @BeforeEach
    void fill() {
        byte[] content = "Ciao".getBytes(StandardCharsets.US_ASCII);
        name = ObjectName.mail(account, new Arrivals(Clock.system()).next(), Sha256.of(content));
        slow.put(name, StoredObject.encode(name, new byte[0], content)).await(Deadline.in(LONG));
        var policy = new Copies.Policy(2, Copies.Distinct.TECHNOLOGY, 1, 1, LONG, LONG);
        copies = new Copies(List.of(empty, slow), policy, Breaker.Rule.STANDARD, new Debt(Clock.system(),
                Metrics.none()),
                Metrics.none());
    }

    @AfterEach
    void close() {
        slow.heal();
        slow.close();
        empty.close();
    }

    @Test
    void aVaultThatIsSlowIsWaitedFor() {
        slow.reads(Trouble.slow(SLOW));

        assertThat(Holdings.of(copies, LONG).all(account, ObjectName.Kind.MAIL)).containsExactly(name);
        assertThat(Holdings.of(copies, LONG).accounts(null)).containsExactly(account);
    }

    @Test
    void anOwnersOpeningWaitsForNoneThatHangs() {
        slow.reads(Trouble.hung());
        long start = System.nanoTime();

        assertThat(Holdings.prompt(copies, LONG).all(account, ObjectName.Kind.MAIL)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}
