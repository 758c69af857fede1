package casella.server.incoming;

import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.SteppedClock;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Who is new comes in when the wait is over, for as long as it is remembered.
final class GreylistTest {
    private final SteppedClock clock = new SteppedClock();
    private final Greylist list = new Greylist(Duration.ofMinutes(5), clock);

    private boolean in(String peer, String sender) {
        return list.in(InetAddress.ofLiteral(peer), sender, "Anna@posta.example");
    }

    @Test
    void theWaitIsCountedFromTheFirstAttempt() {
        assertThat(in("192.0.2.1", "x@a.example")).isFalse();
        clock.step(Duration.ofMinutes(4));
        assertThat(in("192.0.2.1", "x@a.example")).isFalse();
        clock.step(Duration.ofMinutes(1));
        assertThat(in("192.0.3.1", "x@a.example")).as("from elsewhere").isFalse();
        assertThat(in("192.0.2.1", "x@b.example")).as("of somebody else").isFalse();
        assertThat(in("192.0.2.1", "X@A.example")).isTrue();
        assertThat(in("192.0.2.1", "x@a.example")).isTrue();
    }

    @Test
    void aPoolOfMachinesAndASenderForEachMailWaitOnce() {
        assertThat(in("192.0.2.1", "bounce-1@a.example")).isFalse();
        assertThat(in("2001:db8::1", "bounce-1@a.example")).isFalse();
        clock.step(Duration.ofMinutes(5));
        assertThat(in("192.0.2.200", "bounce-2@a.example")).isTrue();
        assertThat(in("2001:db8::2", "bounce-2@a.example")).isTrue();
        assertThat(in("2001:db8:0:1::1", "bounce-2@a.example")).isFalse();
    }

    @Test
    void whoComesAgainAfterDaysBeginsAnew() {
        assertThat(in("192.0.2.1", "x@a.example")).isFalse();
        clock.step(Duration.ofDays(2));
        assertThat(in("192.0.2.1", "x@a.example")).isFalse();
        clock.step(Duration.ofMinutes(5));
        assertThat(in("192.0.2.1", "x@a.example")).isTrue();
        clock.step(Duration.ofDays(34));
        assertThat(in("192.0.2.1", "x@a.example")).isTrue();
        clock.step(Duration.ofDays(35));
        assertThat(in("192.0.2.1", "x@a.example")).isFalse();
    }

    @Test
    void aDomainThatProvedAMailItsOwnDoesNotWait() {
        list.proven(InetAddress.ofLiteral("192.0.2.1"), "A.example");
        assertThat(in("192.0.2.9", "x@a.example")).isTrue();
        assertThat(in("198.51.100.1", "x@a.example")).as("says so from elsewhere").isFalse();
        assertThat(in("192.0.2.1", "x@b.example")).isFalse();
        clock.step(Duration.ofDays(35));
        assertThat(in("192.0.2.9", "x@a.example")).isFalse();
    }
}
