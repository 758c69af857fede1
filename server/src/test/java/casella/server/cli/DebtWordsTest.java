package casella.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.control.Json;
import casella.server.control.Parts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves that debt is told so that the vault to look at is seen, and nothing is called paid that was not counted.
final class DebtWordsTest {
    @Test
    void aVaultThatOwesIsToldWithWhatItCouldRebuild() {
        String text = words(new Parts.Debt(1_200, 5L << 20, 7, 3_720, paying(true,
                vault("pack", "closed", 0, 40, Instant.parse("2026-11-01T00:00:00Z")),
                vault("rocksdb", "open", 1_200, 33, null))));

        assertThat(text.lines()).satisfiesExactly(
                total -> assertThat(total).isEqualTo("owed: 1,200 objects, 5.0 MB, of 7 accounts; the oldest for 1 h 2 min"),
                head -> assertThat(head).contains("could rebuild"),
                pack -> assertThat(pack).matches(" +pack +\\S+ +closed +0 .* 40 of 40 +since 2026-11-01T00:00:00Z"),
                rocksdb -> assertThat(rocksdb).matches(" +rocksdb +\\S+ +open +1,200 .* 33 of 40 +not yet"));
    }

    @Test
    void nothingIsCalledPaidBeforeItWasCounted() {
        assertThat(words(new Parts.Debt(0, 0, 0, 0, paying(true, vault("pack", "closed", 0, 40, null)))))
                .startsWith("nothing owed: ");
        assertThat(words(new Parts.Debt(0, 0, 0, 0, paying(false, vault("pack", "closed", 0, 40, null)))))
                .startsWith("nothing owed as far as is known")
                .contains("40 of 40, still counting");
    }

    private static String words(Parts.Debt debt) {
        return DebtWords.text(Json.debt(debt));
    }

    private static Parts.Paying paying(boolean surveyed, Parts.VaultDebt... vaults) {
        return new Parts.Paying(surveyed, 0, 0, List.of(vaults));
    }

    private static Parts.VaultDebt vault(
            String name, String breaker, long objects, long rebuildable, @Nullable Instant proven) {
        return new Parts.VaultDebt(
                name, name, breaker, objects, objects * 4_096, 3, 0, rebuildable, 40, proven, 0);
    }
}
