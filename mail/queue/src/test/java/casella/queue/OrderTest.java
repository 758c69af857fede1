package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Proves whose turn it is, how fast a backlog goes, and how much urgent mail one sender may have.
final class OrderTest {
    @Test
    void tenTurnsAreSharedOut() {
        var turns = new Turns();
        Map<Priority, Integer> count = new EnumMap<>(Priority.class);
        int oldest = 0;
        for (int i = 0; i < 120; i++) {
            Turns.Turn turn = turns.next();
            count.merge(turn.priority(), 1, Integer::sum);
            if (!turn.newest()) oldest++;
        }

        assertThat(count).containsEntry(Priority.URGENT, 72).containsEntry(Priority.PERSONAL, 36).containsEntry(Priority.BULK, 12);
        assertThat(oldest).isEqualTo(30);
    }

    @Test
    void thePaceFollowsWhatWorks() {
        var pace = new Pace(Pace.WIDTH_MAX);
        for (int i = 1; i < Pace.WIDTH_MAX; i++) {
            assertThat(pace.width()).isEqualTo(i);
            assertThat(pace.round(1, 0, false)).isFalse();
        }
        for (int i = 0; i < 6; i++) assertThat(pace.round(1, 0, false)).isFalse();
        assertThat(pace.width()).isEqualTo(Pace.WIDTH_MAX);
        assertThat(pace.round(1, 3, false)).isFalse();
        assertThat(pace.width()).isEqualTo(8);
        assertThat(pace.round(8, 0, true)).isFalse();
        assertThat(pace.width()).as("owners waited meanwhile").isEqualTo(4);
        assertThat(pace.round(8, 0, false)).isFalse();
        assertThat(pace.width()).isEqualTo(5);

        assertThat(pace.round(0, 3, false)).isFalse();
        assertThat(pace.width()).isEqualTo(1);
        assertThat(pace.pause()).isEqualTo(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) assertThat(pace.round(0, 1, false)).isFalse();
        assertThat(pace.pause()).isEqualTo(Duration.ofSeconds(30));

        assertThat(pace.round(0, 0, true)).isFalse();
        assertThat(pace.pause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(pace.round(1, 0, false)).as("back").isTrue();
        assertThat(pace.pause()).isZero();
    }

    @Test
    void anAccountIsLeftAloneLongerEachTime() {
        assertThat(Pace.leftAlone(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Pace.leftAlone(2)).isEqualTo(Duration.ofSeconds(4));
        assertThat(Pace.leftAlone(1_000_000)).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aSenderHasSoMuchUrgentMailAndNoMore() {
        var clock = new Stage.TestClock();
        var allowance = new UrgentAllowance(clock);
        for (int i = 0; i < UrgentAllowance.BURST; i++) {
            assertThat(allowance.allow(Priority.URGENT, i + "@bank.example")).isEqualTo(Priority.URGENT);
        }
        assertThat(allowance.allow(Priority.URGENT, "x@BANK.example")).isEqualTo(Priority.PERSONAL);
        assertThat(allowance.allow(Priority.URGENT, "x@other.example")).isEqualTo(Priority.URGENT);
        assertThat(allowance.allow(Priority.BULK, "x@other.example")).isEqualTo(Priority.BULK);

        clock.pass(Duration.ofSeconds(2));
        assertThat(allowance.allow(Priority.URGENT, "x@bank.example")).isEqualTo(Priority.URGENT);
        assertThat(allowance.allow(Priority.URGENT, "x@bank.example")).isEqualTo(Priority.URGENT);
        assertThat(allowance.allow(Priority.URGENT, "x@bank.example")).isEqualTo(Priority.PERSONAL);
    }
}
