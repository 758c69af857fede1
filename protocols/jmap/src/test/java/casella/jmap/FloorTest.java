package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Modseq;
import casella.engine.memory.MemoryEngine;
import casella.store.Account;
import casella.store.View;
import casella.testkit.MemoryJournal;
import casella.testkit.TestStore;
import org.junit.jupiter.api.Test;

/// Proves that a state from before a hole in an account's journal is never built upon: the client starts anew.
final class FloorTest {
    @Test
    void changesSinceAStateBeforeTheHoleCannotBeCalculated() {
        try (TestStore store = TestStore.over(new MemoryEngine())) {
            Account anna = store.account();
            store.archiver().archive(anna.id());
            String before = anna.read(View::modseq).toString();
            var journal = MemoryJournal.afterLoss();
            try (TestStore again =
                    TestStore.over(new MemoryEngine(), journal, store.firstVault(), store.secondVault())) {
                Account same = again.accounts().open(anna.id());
                assertThatThrownBy(() -> same.read(view -> Call.since(before, view))).isInstanceOf(Refusal.class);
                Modseq floor = same.read(View::floor);
                Modseq since = same.read(view -> Call.since(floor.toString(), view));
                assertThat(since).isEqualTo(floor);
            }
        }
    }
}
