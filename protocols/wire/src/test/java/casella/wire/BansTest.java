package casella.wire;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Conduct.Offence;
import casella.base.Metrics;
import casella.testkit.SteppedClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves who is shut out, for how long, and who never.
class BansTest {
    private static final InetAddress GUESSER = InetAddress.ofLiteral("192.0.2.7");

    private final SteppedClock clock = new SteppedClock();

    private Bans bans(boolean loopback) {
        return new Bans(5, Duration.ofMinutes(10), List.of(Network.parse("10.0.0.0/8").orElseThrow()),
                loopback, clock,
                Metrics.none());
    }

    private static void guess(Bans bans, String from, int times) {
        for (int i = 0; i < times; i++) bans.offended(InetAddress.ofLiteral(from), Offence.LOG_IN);
    }

    @Test
    void whoTriesTooMuchIsShutOutForAWhile() {
        Bans bans = bans(false);
        guess(bans, "192.0.2.7", 4);
        assertThat(bans.banned(GUESSER)).isEmpty();
        guess(bans, "192.0.2.7", 1);
        assertThat(bans.banned(GUESSER)).contains(Duration.ofMinutes(10));
        assertThat(bans.banned(InetAddress.ofLiteral("192.0.2.8"))).as("his neighbour").isEmpty();
        clock.step(Duration.ofMinutes(10));
        assertThat(bans.banned(GUESSER)).isEmpty();
        assertThat(bans.list()).isEmpty();
    }

    @Test
    void slowlyIsNotTooMuch() {
        Bans bans = bans(false);
        for (int i = 0; i < 20; i++) {
            guess(bans, "192.0.2.7", 1);
            clock.step(Duration.ofMinutes(5));
        }
        assertThat(bans.banned(GUESSER)).isEmpty();
    }

    @Test
    void eachBanOfAWeekIsTwiceAsLongAndNoneOverADay() {
        Bans bans = bans(false);
        for (int minutes : new int[] {10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440}) {
            guess(bans, "192.0.2.7", 5);
            assertThat(bans.banned(GUESSER)).contains(Duration.ofMinutes(minutes));
            clock.step(Duration.ofMinutes(minutes));
        }
        clock.step(Duration.ofDays(8));
        guess(bans, "192.0.2.7", 5);
        assertThat(bans.banned(GUESSER)).as("it is forgotten").contains(Duration.ofMinutes(10));
    }

    @Test
    void whereOwnersLogInFromItTakesMore() {
        Bans bans = bans(false);
        bans.loggedIn(GUESSER);
        guess(bans, "192.0.2.7", 49);
        assertThat(bans.banned(GUESSER)).isEmpty();
        guess(bans, "192.0.2.7", 1);
        assertThat(bans.banned(GUESSER)).isPresent();
    }

    @Test
    void anIpv6CustomerIsOneAndAWorseOffenceCountsMore() {
        Bans bans = bans(false);
        guess(bans, "2001:db8::1", 3);
        guess(bans, "2001:db8:0:0:ffff::2", 2);
        assertThat(bans.banned(InetAddress.ofLiteral("2001:db8::3"))).isPresent();
        assertThat(bans.banned(InetAddress.ofLiteral("2001:db8:0:1::3"))).isEmpty();
        bans.offended(GUESSER, Offence.UNKNOWN_RECIPIENTS);
        assertThat(bans.banned(GUESSER)).isPresent();
    }

    @Test
    void oneselfAndFriendsAreNeverShutOut() {
        Bans bans = bans(false);
        guess(bans, "10.1.2.3", 100);
        guess(bans, "127.0.0.1", 100);
        bans.ban(Network.parse("10.0.0.0/8").orElseThrow(), null, "a slip of the hand");
        assertThat(bans.banned(InetAddress.ofLiteral("10.1.2.3"))).isEmpty();
        assertThat(bans.banned(InetAddress.ofLiteral("127.0.0.1"))).isEmpty();
        Bans counted = bans(true);
        guess(counted, "127.0.0.1", 5);
        assertThat(counted.banned(InetAddress.ofLiteral("127.0.0.1"))).isPresent();
    }

    @Test
    void operatorsShutOutWideNetworksAndLetIn() {
        Bans bans = bans(false);
        Network wide = Network.parse("192.0.2.0/24").orElseThrow();
        bans.ban(wide, Duration.ofDays(3), "spam");
        assertThat(bans.banned(GUESSER)).contains(Duration.ofDays(3));
        assertThat(bans.list()).extracting(Bans.Ban::why).containsExactly("spam");
        assertThat(bans.lift(wide)).isTrue();
        assertThat(bans.lift(wide)).isFalse();
        assertThat(bans.banned(GUESSER)).isEmpty();
        guess(bans, "192.0.2.7", 5);
        bans.lift(Network.around(GUESSER));
        guess(bans, "192.0.2.7", 4);
        assertThat(bans.banned(GUESSER)).as("what was held against it is forgotten").isEmpty();
    }

    @Test
    void aRestartForgetsNobody() {
        Bans before = bans(false);
        guess(before, "192.0.2.7", 5);
        before.ban(Network.parse("198.51.100.0/24").orElseThrow(), Duration.ofHours(1), "spam");
        Bans after = bans(false);
        after.know(before.all());
        assertThat(after.list()).isEqualTo(before.list());
        clock.step(Duration.ofMinutes(10));
        guess(after, "192.0.2.7", 5);
        assertThat(after.banned(GUESSER)).as("the second in a row").contains(Duration.ofMinutes(20));
    }

    @Test
    void memoryHasAnEnd() {
        Bans bans = bans(false);
        for (int i = 0; i < 1_100; i++) {
            bans.ban(Network.parse("198." + i / 200 + "." + i % 200 + ".0/24").orElseThrow(),
                    Duration.ofHours(1), "spam");
        }
        assertThat(bans.all()).hasSize(1_000);
    }
}
