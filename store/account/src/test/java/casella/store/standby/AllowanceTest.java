package casella.store.standby;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that an account that flaps is switched by itself at most once a minute and 24 times a day.
final class AllowanceTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void onceAMinute() {
        assertThat(Allowance.allows(List.of(), NOON)).isTrue();
        assertThat(Allowance.allows(List.of(NOON), NOON.plusSeconds(59))).isFalse();
        assertThat(Allowance.allows(List.of(NOON), NOON.plusSeconds(60))).isTrue();
    }

    @Test
    void twentyFourTimesADay() {
        var times = new ArrayList<Instant>();
        int switched = 0;
        // Whatever flaps every ten seconds for two days.
        for (Instant now = NOON; now.isBefore(NOON.plus(Duration.ofDays(2))); now = now.plusSeconds(10)) {
            if (!Allowance.allows(times, now)) continue;
            times.add(now);
            switched++;
        }
        assertThat(switched).isEqualTo(48);
    }

    @Test
    void aClockThatSteppedBackHoldsNobodyLongerThanADay() {
        assertThat(Allowance.allows(List.of(NOON), NOON.minus(Duration.ofDays(1)))).isTrue();
        assertThat(Allowance.allows(List.of(NOON), NOON.minusSeconds(30))).isFalse();
    }
}
