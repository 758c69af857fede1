package casella.store.standby;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that an account that flaps is switched by itself once a minute on the average of out and back and 24 times a day,
/// and never waits for its way out.
final class AllowanceTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void theWayBackWaitsAndTheWayOutDoesNot() {
        assertThat(Allowance.allowsBack(List.of(), NOON)).isTrue();
        assertThat(Allowance.allowsBack(List.of(NOON), NOON.plusSeconds(119))).isFalse();
        assertThat(Allowance.allowsBack(List.of(NOON), NOON.plusSeconds(120))).isTrue();
        assertThat(Allowance.allows(List.of(NOON), NOON.plusSeconds(1))).isTrue();
    }

    @Test
    void whateverFlapsIsSwitchedOnceAMinuteAndHalfTheDaysNumberBack() {
        var times = new ArrayList<Instant>();
        boolean out = false;
        int minutes = 0;
        // Gone and back every ten seconds for two days.
        for (Instant now = NOON; now.isBefore(NOON.plus(Duration.ofDays(2))); now = now.plusSeconds(10)) {
            boolean may = out ? Allowance.allowsBack(times, now) : Allowance.allows(times, now);
            if (!out) assertThat(may).as("nobody is left in the dark at %s", now).isTrue();
            if (!may) continue;
            Instant from = now.minus(Duration.ofMinutes(2));
            assertThat(times.stream().filter(time -> time.isAfter(from))).hasSizeLessThanOrEqualTo(1);
            times.add(now);
            out = !out;
            minutes++;
        }
        assertThat(minutes).isBetween(20, 2 * Allowance.A_DAY);
    }

    @Test
    void aDayHasItsNumber() {
        var times = new ArrayList<Instant>();
        for (int i = 0; i < Allowance.A_DAY; i++) times.add(NOON.plusSeconds(i));

        assertThat(Allowance.allows(times, NOON.plusSeconds(60))).isFalse();
        assertThat(Allowance.allows(times, NOON.plus(Duration.ofDays(1)))).isTrue();
        assertThat(Allowance.allowsBack(times.subList(0, Allowance.A_DAY / 2), NOON.plus(Duration.ofHours(1)))).isFalse();
    }

    @Test
    void aClockThatSteppedBackHoldsNobodyLongerThanADay() {
        assertThat(Allowance.allowsBack(List.of(NOON), NOON.minus(Duration.ofDays(1)))).isTrue();
        assertThat(Allowance.allowsBack(List.of(NOON), NOON.minusSeconds(30))).isFalse();
    }
}
