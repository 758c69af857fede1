package casella.continuity.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Proves that an operator's word goes before the id, and that a word nobody knows does not.
final class NamedCohortsTest {
    @Test
    void whoWasNamedIsThereAndAllOthersAreInTheirSlice() {
        var anna = new AccountId(1);
        var bruno = new AccountId(2);
        var carla = new AccountId(3);
        Map<AccountId, String> named = Map.of(anna, "staff", bruno, "a-cohort-of-a-newer-version");

        var cohorts = new NamedCohorts(id -> Optional.ofNullable(named.get(id)));

        assertThat(cohorts.of(anna)).isEqualTo(new Cohort.Staff());
        assertThat(cohorts.of(bruno)).isEqualTo(Cohort.slice(bruno));
        assertThat(cohorts.of(carla)).isEqualTo(Cohort.slice(carla));
    }
}
