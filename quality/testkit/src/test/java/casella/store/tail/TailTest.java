package casella.store.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Ticket;
import casella.store.Entry;
import casella.store.Journal.Newest;
import casella.store.append.AppendConfig;
import casella.testkit.SimulatedDisk;
import casella.testkit.SimulatedDisk.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Proves that the tail keeps every answered entry, finds an account's in order, and lets go of files nobody needs.
final class TailTest {
    private static final Path FOLDER = Path.of("tail");
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(-2);

    private final SimulatedDisk disk = new SimulatedDisk(1);

    private static Tail open(SimulatedDisk disk) {
        return Tail.open(FOLDER, disk, new AppendConfig("tail", "TAIL", 4096, 1 << 20, 0.05, Duration.ofSeconds(5)));
    }

    private static Entry entry(AccountId account, long modseq, int filling) {
        String change = "change " + account + " " + modseq + " " + "x".repeat(filling);
        return new Entry(change.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static Ticket<Void> append(Tail tail, AccountId account, long modseq, int filling) {
        return tail.append(account, new Modseq(modseq), entry(account, modseq, filling).encode());
    }

    private static void await(Ticket<Void> ticket) {
        var _ = ticket.await(Deadline.in(TIME));
    }

    private static void keep(Tail tail, AccountId account, long... modseqs) {
        for (long modseq : modseqs) await(append(tail, account, modseq, 40));
    }

    private static List<Long> modseqs(Tail tail, AccountId account, long from, int limit) {
        List<Long> found = new ArrayList<>();
        for (byte[] encoded : tail.entries(account, new Modseq(from), limit, TIME)) {
            String change = new String(Entry.decode(encoded).encodedChange(), StandardCharsets.UTF_8);
            assertThat(change).startsWith("change " + account + " ");
            found.add(Long.parseLong(change.split(" ")[2]));
        }
        return found;
    }

    @Test
    void anAccountsEntriesComeBackInOrderFromAnyOfThem() {
        try (Tail tail = open(disk)) {
            keep(tail, ANNA, 1, 2);
            keep(tail, BRUNO, 7);
            keep(tail, ANNA, 3, 1_000_004);

            assertThat(modseqs(tail, ANNA, 0, 100)).containsExactly(1L, 2L, 3L, 1_000_004L);
            assertThat(modseqs(tail, ANNA, 2, 2)).containsExactly(2L, 3L);
            assertThat(modseqs(tail, ANNA, 2_000_000, 2)).isEmpty();
            assertThat(modseqs(tail, BRUNO, 1, 100)).containsExactly(7L);
            assertThat(modseqs(tail, new AccountId(9), 0, 100)).isEmpty();
        }
    }

    @Test
    void theNewestOfEachAccountIsKnownAfterAReopen() {
        Map<AccountId, Newest> wanted =
                Map.of(
                        ANNA, new Newest(new Modseq(3), entry(ANNA, 3, 40).hash()),
                        BRUNO, new Newest(new Modseq(7), entry(BRUNO, 7, 40).hash()));
        try (Tail tail = open(disk)) {
            keep(tail, ANNA, 1, 2, 3);
            keep(tail, BRUNO, 7);
            assertThat(tail.newest()).isEqualTo(wanted);
        }
        try (Tail tail = open(disk)) {
            assertThat(tail.newest()).isEqualTo(wanted);
            assertThat(modseqs(tail, ANNA, 0, 100)).containsExactly(1L, 2L, 3L);
            keep(tail, ANNA, 4);
            assertThat(modseqs(tail, ANNA, 0, 100)).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void aProbeWritesAndReadsAndIsNobodysEntry() {
        try (Tail tail = open(disk)) {
            keep(tail, ANNA, 1);
            long syncs = tail.syncs();
            tail.probe(TIME);
            assertThat(tail.syncs()).isGreaterThan(syncs);
            keep(tail, ANNA, 2);
            CountDownLatch hung = disk.hang(Op.SYNC);
            assertThatThrownBy(() -> tail.probe(Duration.ofMillis(100))).isInstanceOf(Fault.Unavailable.class);
            hung.countDown();
        }
        try (Tail tail = open(disk)) {
            assertThat(modseqs(tail, ANNA, 0, 100)).containsExactly(1L, 2L);
            assertThat(tail.newest().keySet()).containsExactly(ANNA);
        }
    }

    @Test
    void entriesOfOneBatchAreChained() {
        CountDownLatch hung = disk.hang(Op.CREATE);
        try (Tail tail = open(disk)) {
            List<Ticket<Void>> tickets = new ArrayList<>();
            for (int i = 1; i <= 50; i++) {
                tickets.add(append(tail, ANNA, i, 10));
                tickets.add(append(tail, BRUNO, i, 10));
            }
            hung.countDown();
            tickets.forEach(TailTest::await);

            assertThat(tail.syncs()).isLessThan(40);
            assertThat(modseqs(tail, ANNA, 1, 100)).hasSize(50).isSorted();
            assertThat(modseqs(tail, BRUNO, 1, 100)).hasSize(50).isSorted();
            assertThat(disk.history()).describedAs("chained, not searched").filteredOn("sync-folder"::equals).hasSize(
                    tail.files());
        }
    }

    @Test
    void aBatchThatMovedToANewFileIsChainedThere() {
        try (Tail tail = open(disk)) {
            keep(tail, ANNA, 1);
            disk.fail(Op.SYNC, 0, 1);
            keep(tail, ANNA, 2, 3);
            disk.fail(Op.APPEND, 0, 2);
            try {
                keep(tail, ANNA, 4);
            } catch (Fault.Unavailable e) {
                keep(tail, ANNA, 4);
            }
            keep(tail, ANNA, 5);

            assertThat(modseqs(tail, ANNA, 0, 100)).containsExactly(1L, 2L, 3L, 4L, 5L);
        }
        try (Tail tail = open(disk)) {
            assertThat(modseqs(tail, ANNA, 0, 100)).containsExactly(1L, 2L, 3L, 4L, 5L);
        }
    }

    /// The bytes of a record are what docs/formats/tail.md says, and stay so.
    @Test
    void aRecordSaysAccountModseqAndThePlaceOfTheEntryBefore() throws IOException {
        try (Tail tail = open(disk)) {
            keep(tail, ANNA, 1, 2);
        }
        Path file = disk.files().getFirst();
        ByteBuffer bytes = ByteBuffer.wrap(disk.bytes(file));
        int first = 64 + 32;
        int second = first + 13 + bytes.getInt(first) + 32;
        long number = Long.parseLong(String.valueOf(file.getFileName()), 0, 16, 16);

        long[] body = new long[4];
        bytes.position(first + 13).asLongBuffer().get(0, body);
        assertThat(body).containsExactly(1, 1, 0, 0);
        bytes.position(second + 13).asLongBuffer().get(0, body);
        assertThat(body).containsExactly(1, 2, number, first);
        byte[] entry = new byte[bytes.getInt(second) - 32];
        bytes.get(second + 13 + 32, entry);
        assertThat(entry).isEqualTo(entry(ANNA, 2, 40).encode());
    }

    @Test
    void theSameEntryAgainIsHarmless() {
        try (Tail tail = open(disk)) {
            keep(tail, ANNA, 1, 2, 2, 3, 1);

            assertThat(modseqs(tail, ANNA, 0, 100)).containsExactly(1L, 2L, 3L);
            assertThat(tail.newest().get(ANNA)).extracting(Newest::modseq).isEqualTo(new Modseq(3));
        }
        try (Tail tail = open(disk)) {
            assertThat(modseqs(tail, ANNA, 0, 100)).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void filesInWhichNothingIsHeldGo() {
        try (Tail tail = open(disk)) {
            for (int i = 1; i <= 100; i++) await(append(tail, ANNA, i, 200));
            int files = tail.files();
            assertThat(files).isGreaterThan(5);

            assertThat(tail.sweep(TIME)).isZero();
            tail.release(ANNA, new Modseq(100));
            assertThat(tail.sweep(TIME)).isEqualTo(files - 1);

            assertThat(tail.newest()).isEmpty();
            await(append(tail, ANNA, 101, 200));
            assertThat(modseqs(tail, ANNA, 101, 100)).containsExactly(101L);
        }
    }

    @Test
    void anAccountThatNeverPausesLetsItsOldFilesGoToo() {
        try (Tail tail = open(disk)) {
            for (int i = 1; i <= 300; i++) {
                await(append(tail, ANNA, i, 200));
                if (i % 10 == 0) {
                    tail.release(ANNA, new Modseq(i - 5));
                    var _ = tail.sweep(TIME);
                    assertThat(modseqs(tail, ANNA, i - 4, 100)).hasSize(5);
                }
            }
            assertThat(tail.files()).isLessThan(6);
        }
    }

    @Test
    void anAccountThatIsStuckHoldsItsOwnFileOnly() {
        try (Tail tail = open(disk)) {
            keep(tail, BRUNO, 1);
            for (int i = 1; i <= 100; i++) await(append(tail, ANNA, i, 200));
            tail.release(ANNA, new Modseq(100));
            var _ = tail.sweep(TIME);

            assertThat(tail.files()).isLessThanOrEqualTo(2);
            assertThat(modseqs(tail, BRUNO, 0, 10)).containsExactly(1L);
        }
    }

    @Test
    void whatDamageLeftIsFoundAndTheDamagedFileIsKeptAsEvidence() throws IOException {
        try (Tail tail = open(disk)) {
            for (int i = 1; i <= 60; i++) await(append(tail, ANNA, i, 200));
        }
        Path damaged = disk.files().get(2);
        String bytes = new String(disk.bytes(damaged), StandardCharsets.ISO_8859_1);
        disk.flip(damaged, bytes.indexOf("change", 1_000), 3);

        try (Tail tail = open(disk)) {
            assertThat(modseqs(tail, ANNA, 1, 100)).hasSize(59).contains(1L, 60L);
            tail.release(ANNA, new Modseq(60));
            await(append(tail, ANNA, 61, 10));
            var _ = tail.sweep(TIME);
            assertThat(disk.files()).contains(FOLDER.resolve("quarantine").resolve(damaged.getFileName()));
        }
    }

    @Test
    void powerLossAtAnyOperationLosesNoAnsweredEntry() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var whole = new SimulatedDisk(seed);
        try (Tail tail = open(whole)) {
            life(tail, seed);
        }
        for (long operation = 0; operation < whole.operations(); operation++) {
            var broken = new SimulatedDisk(seed + operation).powerLossAt(operation);
            Map<AccountId, List<Long>> answered;
            try (Tail tail = open(broken)) {
                answered = life(tail, seed);
            }
            for (int chance = 0; chance < 3; chance++) {
                String told = "seed " + seed + ", power lost at " + operation + ", chance " + chance;
                try (Tail tail = open(broken.afterPowerLoss(seed + chance))) {
                    answered.forEach(
                            (account, modseqs) ->
                                    assertThat(modseqs(tail, account, 0, 1_000))
                                            .describedAs(told)
                                            .isSorted()
                                            .containsAll(modseqs));
                }
            }
        }
    }

    private static Map<AccountId, List<Long>> life(Tail tail, long seed) {
        var random = new Random(seed);
        Map<AccountId, List<Long>> answered = new TreeMap<>();
        Map<AccountId, Long> next = new TreeMap<>();
        for (int i = 0; i < 30; i++) {
            var account = new AccountId(random.nextInt(3));
            long modseq = next.merge(account, 1L, Long::sum);
            int filling = random.nextInt(400);
            try {
                await(append(tail, account, modseq, filling));
                answered.computeIfAbsent(account, _ -> new ArrayList<>()).add(modseq);
            } catch (Fault e) {
                // not answered: nothing is promised of it
            }
        }
        return answered;
    }

    @Test
    void aRandomLifeEndsAsItsModelSays() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var random = new Random(seed);
        Map<AccountId, Long> newest = new TreeMap<>();
        Map<AccountId, Long> released = new TreeMap<>();
        for (int opening = 0; opening < 12; opening++) {
            try (Tail tail = open(disk)) {
                for (int step = 0; step < 120; step++) {
                    var account = new AccountId(random.nextInt(6));
                    long last = newest.getOrDefault(account, 0L);
                    if (random.nextInt(10) < 8) {
                        await(append(tail, account, last + 1, random.nextInt(300)));
                        newest.put(account, last + 1);
                    } else if (last > 0) {
                        long upTo = Math.max(released.getOrDefault(account, 0L), last - random.nextInt(3));
                        tail.release(account, new Modseq(upTo));
                        released.put(account, upTo);
                        var _ = tail.sweep(TIME);
                    }
                }
                newest.forEach(
                        (account, last) -> {
                            long from = released.getOrDefault(account, 0L) + 1;
                            assertThat(modseqs(tail, account, from, 10_000))
                                    .describedAs("seed %d account %s", seed, account)
                                    .hasSize((int) (last - from + 1))
                                    .isSorted();
                        });
            }
        }
    }
}
