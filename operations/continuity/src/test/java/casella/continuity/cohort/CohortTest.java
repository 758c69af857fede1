package casella.continuity.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Proves that slices are even, and the same for ever.
final class CohortTest {
    @Test
    void slicesAreEvenForRandomIdsAndForNeighbours() {
        var random = new Random(20_261_123);
        int[] byChance = new int[Cohort.SLICES];
        int[] inARow = new int[Cohort.SLICES];

        for (int i = 0; i < 100_000; i++) {
            byChance[Cohort.slice(new AccountId(random.nextLong())).number()]++;
            inARow[Cohort.slice(new AccountId(i)).number()]++;
        }

        // 1,000 each, give or take five times the square root.
        for (int slice = 0; slice < Cohort.SLICES; slice++) {
            assertThat(byChance[slice]).as("slice %d", slice).isBetween(840, 1_160);
            assertThat(inARow[slice]).as("slice %d", slice).isBetween(840, 1_160);
        }
    }

    /// A slice that came out otherwise one day would move a mailbox nobody meant to move.
    @Test
    void anAccountsSliceNeverChanges() {
        var found = new ArrayList<Integer>();
        for (long id : List.of(0L, 1L, 42L, -1L, Long.MIN_VALUE, 0x0123_4567_89ab_cdefL)) {
            found.add(Cohort.slice(new AccountId(id)).number());
        }

        assertThat(found).containsExactly(0, 4, 40, 89, 7, 50);
    }

    @Test
    void everyCohortHasANameThatLeadsBackToIt() {
        assertThat(Cohort.of("staff")).contains(new Cohort.Staff());
        assertThat(Cohort.of("volunteers")).contains(new Cohort.Volunteers());
        for (int i = 0; i < Cohort.SLICES; i++) {
            var slice = new Cohort.Slice(i);
            assertThat(Cohort.of(slice.word())).isEqualTo(Optional.of(slice));
            assertThat(slice.order()).isEqualTo(i + 2);
        }
        assertThat(Cohort.of("slice-100")).isEmpty();
        assertThat(Cohort.of("everybody")).isEmpty();
    }
}
