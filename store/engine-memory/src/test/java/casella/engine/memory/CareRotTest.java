package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.base.Metrics;
import casella.store.Account;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Holes;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.care.Care;
import casella.testkit.MemoryJournal;
import casella.testkit.MemoryVault;
import casella.testkit.SimulatedDisk;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that a bit turned over in a file of what is owed, proven or counted costs what that file says and nothing else:
/// it counts as none, never as anything it did not say, and the start goes on.
final class CareRotTest {
    private static final boolean LONG = "long".equals(System.getProperty("casella.tier"));
    private static final int FLIPS = LONG ? 1_000 : 200;
    private static final Path FOLDER = Path.of("/care");
    private static final int OWED = 5;

    private final MemoryVault one = new MemoryVault("one");
    private final MemoryVault two = new MemoryVault("two");
    private final TestStore store = TestStore.over(new MemoryEngine(), new MemoryJournal(), one, two);
    private final SimulatedDisk disk = new SimulatedDisk(3);

    @AfterEach
    void close() {
        store.close();
    }

    private Care care(Copies over, SimulatedDisk from) {
        return Care.open(
                store.engine(), over, Care.Rates.STANDARD, from, FOLDER, Clock.system(), Metrics.none());
    }

    /// What the last run left: mails that the second vault lacks, and holes.
    private Holes.Figures left() {
        Copies copies = store.accounts().copies();
        Care care = care(copies, disk);
        copies.debt().known(true);
        Account anna = store.account();
        store.secondVault().writes(Trouble.unavailable());
        for (int i = 0; i < OWED; i++) {
            byte[] mail = ("Subject: " + i + "\r\n\r\ntesto").getBytes(StandardCharsets.US_ASCII);
            assertThat(anna.add(NewEmail.delivery(mail, Instant.now(), "", "")))
                    .isInstanceOf(Outcome.Kept.class);
        }
        copies.holes().came(3, 1, Instant.parse("2026-11-22T10:00:00Z"));
        care.close();
        return copies.holes().figures();
    }

    @Test
    void aBitTurnedOverCostsItsFileAlone() throws IOException {
        Holes.Figures holes = left();
        List<Path> files = disk.files().stream().filter(path -> path.startsWith(FOLDER)).toList();
        assertThat(files).extracting(path -> String.valueOf(path.getFileName()))
                .contains("debt", "holes", "scrub-one", "scrub-two");
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int flip = 0; flip < FLIPS; flip++) {
            SimulatedDisk rotten = disk.afterKill();
            Path file = files.get(flip % files.size());
            rotten.flip(file, random.nextInt(disk.bytes(file).length), random.nextInt(8));
            var debt = new Debt(Clock.system(), Metrics.none());
            Copies before = store.accounts().copies();
            var copies = new Copies(List.of(one, two), before.policy(), debt, Metrics.none());

            try (Care _ = care(copies, rotten)) {
                String told = "seed %d, flip %d in %s".formatted(seed, flip, file);
                boolean ofDebt = file.endsWith("debt");
                assertThat(debt.figures().objects()).as(told).isEqualTo(ofDebt ? 0 : OWED);
                if (ofDebt) assertThat(debt.known()).as(told).isFalse();
                assertThat(copies.holes().figures()).as(told)
                        .isEqualTo(file.endsWith("holes") ? Holes.Figures.NONE : holes);
            }
        }
    }
}
