package casella.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What is known of an account's room is only used while it is young and leaves plenty.
class UsageTest {
    private long nanos = 1;
    private final Usage usage = new Usage(new Clock() {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    });
    private final AccountId account = new AccountId(1);
    private final Recipient.Local recipient = new Recipient.Local("a@a.example", account, "", 1000);

    @Test
    void nothingIsKnownOfAStranger() {
        usage.delivered(account, 1);
        assertThat(usage.plenty(recipient, 0)).isFalse();
    }

    @Test
    void plentyIsFourFifths() {
        usage.asked(account, 100);
        assertThat(usage.plenty(recipient, 699)).isTrue();
        assertThat(usage.plenty(recipient, 700)).isFalse();
        assertThat(usage.plenty(recipient, Long.MAX_VALUE)).isFalse();
        usage.delivered(account, 600);
        assertThat(usage.plenty(recipient, 99)).isTrue();
        assertThat(usage.plenty(recipient, 100)).isFalse();
    }

    @Test
    void knowledgeGrowsOld() {
        usage.asked(account, 0);
        nanos += Duration.ofSeconds(60).toNanos();
        assertThat(usage.plenty(recipient, 0)).isTrue();
        nanos += 1;
        assertThat(usage.plenty(recipient, 0)).isFalse();
    }
}
