package casella.continuity.burnin;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.continuity.burnin.Synthetic.Lot;
import casella.continuity.burnin.Synthetic.Made;
import casella.store.vault.StoredObject;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Proves that made-up objects are those that were planned, bear ids that are nobody's, and are the same each time.
final class SyntheticTest {
    private static final Plan PLAN = Plan.of(10_000, 10_000 * 50_000L, 1_000);

    @Test
    void idsAreNobodysAndNoneIsMetTwice() {
        Set<AccountId> all = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            AccountId id = Synthetic.spread(i);
            assertThat(id.isSynthetic()).isTrue();
            assertThat(AccountId.parse(id.toString()).isSynthetic()).isTrue();
            all.add(id);
        }
        assertThat(all).hasSize(200_000);
        Set<String> beginnings = new HashSet<>();
        for (AccountId id : all) beginnings.add(id.toString().substring(0, 2));
        assertThat(beginnings).hasSizeGreaterThan(500);
        assertThat(new AccountId(0).isSynthetic()).isFalse();
        for (int i = 0; i < 100_000; i++) assertThat(AccountId.random().isSynthetic()).isFalse();
    }

    @Test
    void accountsGrowWithTheObjectsAndAllHaveSome() {
        var synthetic = new Synthetic(PLAN);
        Set<AccountId> seen = new HashSet<>();
        long goal = PLAN.goal(Dimension.OBJECTS);
        for (long i = 0; i < goal; i++) {
            seen.add(synthetic.account(Lot.FILLING, i));
            if (i == goal / 2) assertThat(seen.size()).isBetween(600, 650);
        }
        assertThat(seen).hasSize((int) PLAN.goal(Dimension.ACCOUNTS));
        assertThat(synthetic.accountsAt(goal)).isEqualTo(PLAN.goal(Dimension.ACCOUNTS));
    }

    @Test
    void idsThatShallBeginAlikeDoAndNoLotHasAnothersAccounts() {
        var synthetic = new Synthetic(PLAN);
        Set<AccountId> alike = new HashSet<>();
        for (int i = 0; i < Plan.FAN_OUT_MAX; i++) alike.add(synthetic.account(Lot.ALIKE, i));
        assertThat(alike).hasSize(Plan.FAN_OUT_MAX);
        assertThat(alike.stream().map(id -> id.toString().substring(0, 2)).distinct()).hasSize(1);

        Set<AccountId> others = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            others.add(synthetic.account(Lot.FILLING, i));
            others.add(synthetic.account(Lot.ONE, i));
            others.add(synthetic.account(Lot.CROWD, i));
        }
        assertThat(others).doesNotContainAnyElementsOf(alike);
    }

    @Test
    void objectsAreTheSameEachTimeAndAsLongAsPlanned() {
        for (Lot lot : Lot.values()) {
            Made made = new Synthetic(PLAN).object(lot, 17);
            Made again = new Synthetic(PLAN).object(lot, 17);
            assertThat(again.name()).isEqualTo(made.name());
            assertThat(again.stored()).isEqualTo(made.stored());
            assertThat(StoredObject.read(made.name(), made.stored())).isNotEmpty();
        }
        var synthetic = new Synthetic(PLAN);
        long bytes = 0;
        for (int i = 0; i < 2_000; i++) bytes += synthetic.object(Lot.FILLING, i).stored().length;
        assertThat(bytes / 2_000).isBetween(35_000L, 70_000L);
    }
}
