package casella.queue;

import static casella.queue.Stage.ANNA;
import static casella.queue.Stage.BRUNO;
import static casella.queue.Stage.keep;
import static casella.queue.Stage.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.Metrics;
import casella.message.Summary;
import casella.testkit.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what waits is filed once, urgent mail first, fresh before stale, at a pace that spares what is ill.
final class DrainTest {
    @TempDir
    private Path temp;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final Stage.TestClock clock = new Stage.TestClock();
    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 100);
    private final Accounts accounts = new Accounts();
    private volatile boolean well = true;
    private LocalQueue queue;
    private Drain drain;

    @BeforeEach
    void open() {
        queue = Stage.open(disk, temp.resolve("queue.db"), Stage.limits(), clock);
        drain = new Drain(queue, accounts, () -> well, cpu, clock, Metrics.none());
    }

    @AfterEach
    void close() {
        drain.close();
        queue.close();
        cpu.close();
    }

    /// Accounts that remember what was filed, and fail when told.
    private static final class Accounts implements Filing {
        final List<String> filed = Collections.synchronizedList(new ArrayList<>());
        final Map<ArrivalId, AccountId> arrivals = new ConcurrentHashMap<>();
        final Set<AccountId> ill = ConcurrentHashMap.newKeySet();
        final Set<AccountId> gone = ConcurrentHashMap.newKeySet();
        final AtomicInteger tries = new AtomicInteger();
        volatile boolean away;
        volatile boolean reportsFailure;
        volatile boolean mistaken;
        volatile boolean full;

        @Override
        public Filed file(QueuedMessage message, Summary summary, QueueItem item) {
            tries.incrementAndGet();
            if (full) throw new Fault.Exhausted("Full by command of a test", Map.of());
            if (mistaken) throw new IllegalStateException("a mistake");
            if (away || ill.contains(item.account())) throw new Fault.Unavailable("Away by command of a test", Map.of());
            if (gone.contains(item.account())) return Filed.NOBODY;
            if (arrivals.putIfAbsent(item.arrival(), item.account()) != null) return Filed.KNOWN;
            assertThat(summary.size()).isEqualTo(message.content().length);
            filed.add(Stage.text(message));
            if (reportsFailure) throw new Fault.Unavailable("Done but reported failed by command of a test", Map.of());
            return Filed.FILED;
        }
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) clock.pass(drain.round());
    }

    private void untilEmpty() {
        for (int i = 0; queue.figures().total() > 0; i++) {
            assertThat(i).as("rounds").isLessThan(500);
            clock.pass(drain.round());
        }
    }

    @Test
    void everyRecipientGetsItOnce() {
        keep(queue, message("one", ANNA, BRUNO), message("two", BRUNO));

        untilEmpty();

        assertThat(accounts.filed).containsExactlyInAnyOrder("one", "one", "two");
        assertThat(accounts.arrivals).hasSize(3);
    }

    @Test
    void whoIsNotInYetIsNotReadAndNotTriedUntilHisTurnComes() {
        var out = ConcurrentHashMap.<AccountId>newKeySet();
        out.add(ANNA);
        drain.holds(out::contains);
        keep(queue, message("anna", ANNA), message("bruno", BRUNO), message("both", ANNA, BRUNO));

        rounds(5);

        assertThat(accounts.filed).containsExactlyInAnyOrder("bruno", "both");
        assertThat(accounts.tries).as("nothing is tried for who is not in").hasValue(2);
        assertThat(queue.list(null, 10)).allSatisfy(one -> {
            assertThat(one.item().account()).isEqualTo(ANNA);
            assertThat(one.why()).isEqualTo("Not let in yet");
        });

        clock.pass(Duration.ofHours(1));
        rounds(5);
        assertThat(accounts.tries).as("nor when it is looked at again").hasValue(2);

        out.clear();
        drain.back();
        untilEmpty();
        assertThat(accounts.filed).containsExactlyInAnyOrder("bruno", "both", "anna", "both");
    }

    @Test
    void ownersWhoWaitGoBeforeTheBacklog() {
        for (int i = 0; i < 60; i++) keep(queue, message("m" + i, ANNA));
        drain.yieldsTo(() -> true);
        for (int i = 0; i < 20; i++) clock.pass(drain.round());
        assertThat(accounts.filed).as("one at a time").hasSize(20);

        drain.yieldsTo(() -> false);
        for (int i = 0; i < 8; i++) clock.pass(drain.round());
        assertThat(accounts.filed).as("one more with each round").hasSize(20 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8);
    }

    @Test
    void urgentGoesFirstAndTheRestHasItsShare() {
        for (int i = 0; i < 40; i++) {
            keep(
                    queue,
                    message(Priority.BULK, Stage.NOON.plusSeconds(i), "bulk", ANNA),
                    message(Priority.PERSONAL, Stage.NOON.plusSeconds(i), "personal", ANNA),
                    message(Priority.URGENT, Stage.NOON.plusSeconds(i), "urgent", ANNA));
        }

        untilEmpty();

        List<String> first = accounts.filed.subList(0, 30);
        assertThat(Collections.frequency(first, "urgent")).isBetween(15, 22);
        assertThat(Collections.frequency(first, "personal")).isBetween(6, 12);
        assertThat(Collections.frequency(first, "bulk")).isBetween(2, 5);
        assertThat(accounts.filed).hasSize(120);
    }

    @Test
    void freshGoesBeforeStaleAndTheOldestIsNotForgotten() {
        for (int i = 10; i < 30; i++) keep(queue, message(Priority.PERSONAL, Stage.NOON.plusSeconds(i), "m" + i, ANNA));

        rounds(3); // one, two, three at a time

        assertThat(accounts.filed).hasSize(6).startsWith("m29").contains("m28", "m27");
        assertThat(accounts.filed).as("the oldest's place").contains("m10");
    }

    @Test
    void anAccountThatFailsIsLeftAloneAndTheOthersAreServed() {
        accounts.ill.add(ANNA);
        keep(queue, message("hers", ANNA), message("his", BRUNO), message("his too", BRUNO));

        rounds(20);

        assertThat(accounts.filed).containsExactlyInAnyOrder("his", "his too");
        assertThat(queue.list(null, 10)).singleElement().satisfies(one -> {
            assertThat(one.attempts()).isGreaterThan(2);
            assertThat(one.why()).isEqualTo("Away by command of a test");
            assertThat(one.due()).isAfter(Stage.NOON);
        });
        int tries = accounts.tries.get();
        clock.pass(Duration.ofHours(1));
        accounts.ill.clear();
        rounds(2);
        assertThat(accounts.filed).contains("hers");
        assertThat(accounts.tries.get()).isEqualTo(tries + 1);
    }

    @Test
    void aFullDiskIsAskedForRoomEveryFewSeconds() {
        accounts.full = true;
        keep(queue, message("hers", ANNA));
        rounds(40);
        accounts.full = false;
        Duration waited = Duration.ZERO;
        while (accounts.filed.isEmpty()) {
            Duration pause = drain.round();
            waited = waited.plus(pause);
            clock.pass(pause);
            assertThat(waited).as("waited for room that is there").isLessThan(Duration.ofMinutes(1));
        }
        assertThat(accounts.filed).containsExactly("hers");
    }

    @Test
    void whenNothingWorksFewTryAndTheFirstSuccessBringsAll() {
        accounts.away = true;
        for (int i = 0; i < 50; i++) keep(queue, message("m" + i, new AccountId(100 + i)));
        int before = accounts.tries.get();

        Duration waited = Duration.ZERO;
        while (waited.compareTo(Duration.ofMinutes(10)) < 0) {
            Duration pause = drain.round();
            waited = waited.plus(pause);
            clock.pass(pause);
        }
        assertThat(accounts.tries.get() - before).isLessThan(40);

        accounts.away = false;
        drain.back();
        int rounds = 0;
        while (queue.figures().total() > 0) {
            assertThat(++rounds).isLessThan(15);
            clock.pass(drain.round());
        }
        assertThat(new HashSet<>(accounts.filed)).hasSize(50);
    }

    @Test
    void whatCameBackIsTriedAtOnce() throws Exception {
        accounts.away = true;
        well = false;
        keep(queue, message("one", ANNA));
        Waiting one = queue.list(null, 1).getFirst();
        for (int i = 0; one.attempts() < 3; i++) {
            assertThat(i).as("rounds").isLessThan(200);
            clock.pass(drain.round());
            one = queue.list(null, 1).getFirst();
        }
        // The clock stands still from here on: it is not due by itself.
        assertThat(one.due()).isAfter(clock.now());

        drain.start();
        accounts.away = false;
        well = true;

        long end = System.nanoTime() + Stage.TIME.toNanos();
        while (queue.figures().total() > 0 && System.nanoTime() < end) {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
        assertThat(accounts.filed).containsExactly("one");
    }

    @Test
    void anUnknownOutcomeIsSettledByTheArrival() {
        accounts.reportsFailure = true;
        keep(queue, message("one", ANNA));
        rounds(3);
        accounts.reportsFailure = false;

        untilEmpty();

        assertThat(accounts.filed).containsExactly("one");
    }

    @Test
    void mailForAnAccountThatIsGoneEnds() {
        accounts.gone.add(ANNA);
        keep(queue, message("one", ANNA, BRUNO));

        untilEmpty();

        assertThat(accounts.filed).containsExactly("one");
    }

    @Test
    void aMistakeKeepsTheMessage() {
        accounts.mistaken = true;
        keep(queue, message("one", ANNA));
        rounds(3);
        assertThat(queue.figures().total()).isEqualTo(1);
        accounts.mistaken = false;

        untilEmpty();

        assertThat(accounts.filed).containsExactly("one");
    }

    @Test
    void whatCannotBeReadEndsAndItsFileIsKept() throws Exception {
        keep(queue, message("one " + "x".repeat(3_900), ANNA), message("two " + "x".repeat(3_900), BRUNO));
        Path hit = disk.files().getFirst();
        disk.flip(hit, disk.size(hit) - 100, 3);

        untilEmpty();
        clock.pass(Duration.ofMinutes(5));
        rounds(2);

        assertThat(accounts.filed).hasSize(1);
        assertThat(disk.files()).anyMatch(path -> path.toString().contains("quarantine"));
    }

    @Test
    void theIndexIsNotMadeAnewForEveryMessageThatCannotBeRead() throws Exception {
        keep(queue, message("one " + "x".repeat(3_900), ANNA));
        garbleNewest();
        untilEmpty();
        keep(queue, message("two " + "x".repeat(3_900), BRUNO));
        garbleNewest();
        keep(queue, message("three", ANNA));

        for (int i = 0; i < 3; i++) drain.round();
        assertThat(queue.figures().total()).as("left for later").isEqualTo(1);
        assertThat(accounts.filed).containsExactly("three");

        clock.pass(Duration.ofHours(1));
        untilEmpty();
        assertThat(accounts.filed).containsExactly("three");
    }

    /// Looking for a message again reads all files: whatever comes of it, also the end of the process, what
    /// the round came to is written down before.
    @Test
    void whatARoundCameToIsWrittenDownBeforeALookThatFails() throws Exception {
        for (int i = 0; i < 8; i++) keep(queue, message("before", BRUNO));
        untilEmpty();
        clock.pass(Duration.ofHours(1));
        var carlo = new AccountId(3);
        accounts.ill.add(carlo);
        keep(queue, message("one " + "x".repeat(3_900), ANNA));
        garbleNewest();
        keep(queue, message("two " + "x".repeat(3_900), BRUNO), message("three", carlo));
        // Looking again begins a file, which the disk refuses now.
        disk.fail(SimulatedDisk.Op.CREATE, 0, 1_000);

        assertThatThrownBy(() -> rounds(3)).isInstanceOf(Fault.Unavailable.class);

        assertThat(accounts.filed).filteredOn(text -> text.startsWith("two")).hasSize(1);
        disk.fail(SimulatedDisk.Op.CREATE, 0, 0);
        assertThat(waitingFor(BRUNO)).as("filed, and said so").isEmpty();
        clock.pass(Duration.ofHours(1));
        accounts.ill.clear();
        untilEmpty();
        assertThat(accounts.filed).endsWith("three");
    }

    /// Asks the index until it answers: one whose making broke off is made again after a while.
    private List<Waiting> waitingFor(AccountId account) {
        for (int i = 0; ; i++) {
            try {
                return queue.of(account);
            } catch (Fault.Unavailable e) {
                if (i > 100) throw e;
                clock.pass(Duration.ofSeconds(2));
            }
        }
    }

    private void garbleNewest() throws Exception {
        Path newest = disk.files().stream()
                .filter(path -> path.getFileName().toString().endsWith(".seg") && !path.toString().contains("quarantine"))
                .max(java.util.Comparator.naturalOrder())
                .orElseThrow();
        disk.flip(newest, disk.size(newest) - 100, 3);
    }

    @Test
    void theWorkerFilesByItself() throws Exception {
        drain.start();
        keep(queue, message("one", ANNA), message("two", BRUNO));

        long end = System.nanoTime() + Stage.TIME.toNanos();
        while (queue.figures().total() > 0 && System.nanoTime() < end) {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }

        assertThat(accounts.filed).containsExactlyInAnyOrder("one", "two");
    }
}
