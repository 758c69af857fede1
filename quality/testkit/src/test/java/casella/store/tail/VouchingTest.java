package casella.store.tail;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Modseq;
import casella.store.Entry;
import casella.store.append.AppendConfig;
import casella.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Proves that a tail which may lack entries is known to, over restarts, until every account was proven; and no other.
final class VouchingTest {
    private static final Path FOLDER = Path.of("tail");
    private static final Path REGISTRY = Path.of("registry");
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final AccountId ANNA = new AccountId(1);

    private final SimulatedDisk disk = new SimulatedDisk(1);

    private Tail open() {
        var config = new AppendConfig("tail", "TAIL", 4096, 1 << 20, 0.05, Duration.ofSeconds(5));
        Tail tail = Tail.open(FOLDER, disk, config);
        tail.vouch(disk, REGISTRY);
        return tail;
    }

    private static void keep(Tail tail, long modseq) {
        var entry = new Entry(("change " + modseq).getBytes(StandardCharsets.UTF_8), Map.of());
        var _ = tail.append(ANNA, new Modseq(modseq), entry.encode()).await(Deadline.in(TIME));
    }

    private void delete(Path folder) throws IOException {
        for (String name : disk.list(folder)) disk.delete(folder.resolve(name));
    }

    /// Proves all accounts, so that nothing is in doubt.
    private static void prove(Tail tail) {
        Instant doubted = tail.doubtedSince();
        if (doubted != null) tail.proven(doubted, TIME);
        assertThat(tail.doubtedSince()).isNull();
    }

    @Test
    void theTailThatServedLastIsVouchedFor() {
        try (Tail tail = open()) {
            prove(tail);
            keep(tail, 1);
        }
        for (int i = 0; i < 3; i++) {
            try (Tail tail = open()) {
                assertThat(tail.doubtedSince()).isNull();
                keep(tail, 2 + i);
            }
        }
    }

    @Test
    void aTailThatWasLostIsInDoubtUntilAllIsProven() throws IOException {
        try (Tail tail = open()) {
            prove(tail);
            keep(tail, 1);
        }
        delete(FOLDER);
        Instant doubted;
        try (Tail tail = open()) {
            doubted = Objects.requireNonNull(tail.doubtedSince());
            tail.proven(doubted.minusMillis(1), TIME);
            assertThat(tail.doubtedSince()).isEqualTo(doubted);
            keep(tail, 7);
        }
        try (Tail tail = open()) {
            assertThat(tail.doubtedSince()).isEqualTo(doubted);
            prove(tail);
        }
        try (Tail tail = open()) {
            assertThat(tail.doubtedSince()).isNull();
        }
    }

    @Test
    void aSecondLossIsAnotherDoubt() throws IOException {
        try (Tail tail = open()) {
            keep(tail, 1);
        }
        delete(FOLDER);
        Instant first;
        try (Tail tail = open()) {
            first = Objects.requireNonNull(tail.doubtedSince());
            keep(tail, 2);
        }
        delete(FOLDER);
        try (Tail tail = open()) {
            assertThat(tail.doubtedSince()).isAfter(first);
        }
    }

    @Test
    void aTailInWhichNothingWasHeldMayBeLost() throws IOException {
        try (Tail tail = open()) {
            prove(tail);
            keep(tail, 1);
            tail.release(ANNA, new Modseq(1));
        }
        delete(FOLDER);
        try (Tail tail = open()) {
            assertThat(tail.doubtedSince()).isNull();
            // from here on it may not
        }
        try (Tail tail = open()) {
            keep(tail, 2);
        }
        delete(FOLDER);
        try (Tail tail = open()) {
            assertThat(tail.doubtedSince()).isNotNull();
        }
    }

    @Test
    void aLostRecordIsADoubt() throws IOException {
        try (Tail tail = open()) {
            prove(tail);
            keep(tail, 1);
        }
        delete(REGISTRY);
        try (Tail tail = open()) {
            assertThat(tail.doubtedSince()).isNotNull();
        }
    }

    @Test
    void theTailOfAVersionWithoutIdentitiesIsTakenAsItIs() throws IOException {
        try (Tail tail = open()) {
            keep(tail, 1);
        }
        disk.delete(FOLDER.resolve("identity"));
        delete(REGISTRY);
        try (Tail tail = open()) {
            assertThat(tail.doubtedSince()).isNull();
        }
        try (Tail tail = open()) {
            assertThat(tail.doubtedSince()).isNull();
        }
    }
}
