package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.store.Account;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.archive.Holdings;
import casella.store.archive.Reconciliation;
import casella.store.archive.Restorer;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import casella.testkit.MemoryJournal;
import casella.testkit.TestStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Guards what it costs to read an account out of its journal, by the number of its segments: objects read, and names listed, of each of
/// which a vault reads the head.
final class OpeningCountTest {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final int SEGMENTS = 60;

    /// Counts what is asked of other holdings.
    private static final class Counted implements Holdings {
        private final Holdings inner;
        private int read;
        private int named;

        Counted(Holdings inner) {
            this.inner = inner;
        }

        @Override
        public byte[] read(ObjectName name) {
            read++;
            return inner.read(name);
        }

        @Override
        public List<ObjectName> names(AccountId account, ObjectName.Kind kind, @Nullable ObjectName after) {
            List<ObjectName> names = inner.names(account, kind, after);
            named += names.size();
            return names;
        }

        @Override
        public List<AccountId> accounts(@Nullable AccountId after) {
            return inner.accounts(after);
        }
    }

    @Test
    void everySegmentIsReadOnceAndNamedAFewTimes() {
        try (var store = TestStore.over(new MemoryEngine(), new MemoryJournal())) {
            Account anna = store.account();
            for (int i = 0; i < SEGMENTS; i++) {
                byte[] mail = ("Subject: " + i + "\r\n\r\n" + "riga\r\n".repeat(i))
                        .getBytes(StandardCharsets.US_ASCII);
                assertThat(anna.add(NewEmail.delivery(mail, Instant.EPOCH, "b@v.example", "a@p.example")))
                        .isInstanceOf(Outcome.Kept.class);
                store.clock().step(Duration.ofSeconds(6));
                store.archiver().round();
            }
            Vault vault = store.firstVault();
            assertThat(vault.list(anna.id(), ObjectName.Kind.SEGMENT, null, 1_000, TIME))
                    .hasSizeGreaterThanOrEqualTo(SEGMENTS);
            assertThat(vault.list(anna.id(), ObjectName.Kind.CONTENTS, null, 1_000, TIME))
                    .hasSizeGreaterThanOrEqualTo(SEGMENTS);
            var counted = new Counted(Holdings.of(vault, TIME));
            var copies = store.accounts().copies();
            var restorer = new Restorer(store.engine(), store.journal(), counted,
                    new Reconciliation(copies, store.clock(), Metrics.none()));

            assertThat(restorer.rebuild(anna.id(), counted, Modseq.NONE).modseq().value())
                    .isGreaterThanOrEqualTo(SEGMENTS);

            // Segment and contents, and a checkpoint's few.
            assertThat(counted.read).isBetween(2 * SEGMENTS, 2 * SEGMENTS + 20);
            // Segments to find holes and what leads on, contents ahead.
            assertThat(counted.named).isLessThan(4 * SEGMENTS + 20);
        }
    }
}
