package casella.incident.losses;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.ArrivalId;
import casella.incident.availability.Span;
import casella.store.archive.Reckoning.Fate;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that each fate is counted once, that lost is never counted as accepted and kept, and what came meanwhile.
final class LossAccountTest {
    private static ArrivalId at(long millis) {
        return new ArrivalId(millis << 16, 7);
    }

    @Test
    void eachFateIsCountedOnce() {
        var sum = new LossAccount.Sum(List.of());
        int times = 0;
        for (Fate fate : Fate.values()) {
            times++;
            for (int i = 0; i < times; i++) sum.add(at(5), fate);
        }
        LossAccount all = sum.sum();
        assertThat(all).isEqualTo(new LossAccount(1, 2, 3, 4, 5, 6, 0, 0, 0));
        assertThat(all.accepted()).as("all but the unclaimed").isEqualTo(15);
        assertThat(all.even()).isFalse();
        assertThat(new LossAccount(9, 1, 4, 0, 0, 0, 0, 0, 0).even()).isTrue();
        assertThat(new LossAccount(9, 1, 4, 0, 0, 1, 0, 0, 0).even()).isFalse();
    }

    @Test
    void whatCameWhileTheOwnerWasAwayIsKnownWithItsTimes() {
        var sum = new LossAccount.Sum(List.of(new Span(100, 200), new Span(300, 400)));
        for (long time : List.of(99L, 200L, 250L, 400L)) sum.add(at(time), Fate.FILED);
        assertThat(sum.sum().meanwhile()).isZero();
        sum.add(at(350), Fate.PENDING);
        sum.add(at(100), Fate.DELETED);
        sum.add(at(199), Fate.LOST);
        sum.add(at(150), Fate.UNCLAIMED);
        assertThat(sum.sum()).isEqualTo(new LossAccount(4, 1, 1, 1, 0, 1, 3, 100, 350));

        var later = new LossAccount.Sum(List.of(new Span(500, 600)));
        later.add(at(500), Fate.FILED);
        assertThat(sum.sum().plus(later.sum()).meanwhileFirst()).isEqualTo(100);
        assertThat(later.sum().plus(sum.sum()).meanwhileFirst()).isEqualTo(100);
        assertThat(LossAccount.NOTHING.plus(later.sum()).meanwhileFirst()).isEqualTo(500);
        assertThat(later.sum().plus(LossAccount.NOTHING).meanwhileFirst()).isEqualTo(500);
        assertThat(sum.sum().plus(later.sum()).meanwhileLast()).isEqualTo(500);
    }
}
