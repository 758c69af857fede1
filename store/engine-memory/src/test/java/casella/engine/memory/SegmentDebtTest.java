package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.store.Account;
import casella.store.SegmentDebt;
import casella.store.View;
import casella.store.care.Care;
import casella.store.standby.Claim;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import casella.testkit.FaultyEngine;
import casella.testkit.FaultyVault;
import casella.testkit.MemoryJournal;
import casella.testkit.MemoryVault;
import casella.testkit.RandomUse;
import casella.testkit.SimulatedDisk;
import casella.testkit.StandbyStore;
import casella.testkit.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that after a kill it is still known which vault may lack segments: one that has all serves alone, one that may
/// not have all never does.
final class SegmentDebtTest {
    private static final Path FOLDER = Path.of("/care");
    private static final Duration TIME = Duration.ofSeconds(10);

    private final SimulatedDisk disk = new SimulatedDisk(2);
    private final MemoryVault two = new MemoryVault("two");
    private final List<Care> killed = new ArrayList<>();
    private StandbyStore.World world;
    private StandbyStore store;
    private Account anna;

    @BeforeEach
    void open() {
        world = new StandbyStore.World(
                new FaultyEngine(new MemoryEngine()), new MemoryJournal(),
                        new FaultyVault(new MemoryVault("one")),
                new FaultyVault(two), new SimulatedDisk(1));
        store = StandbyStore.open(world, Duration.ofSeconds(2));
        care();
        anna = store.account();
        new RandomUse(1).use(anna, 30);
    }

    @AfterEach
    void close() {
        killed.forEach(Care::close);
        store.close();
        world.close();
    }

    private void care() {
        killed.add(Care.open(
                store.engine(), store.copies(), Care.Rates.STANDARD, disk, FOLDER, Clock.system(),
                Metrics.none()));
    }

    /// Ends the process without its care for copies closing, and starts another.
    private void kill() {
        store.close();
        store = StandbyStore.open(world, Duration.ofSeconds(2));
        care();
        assertThat(store.copies().debt().known()).as("all debt is known").isFalse();
        anna = store.accounts().open(anna.id());
    }

    private FaultyVault first() {
        return (FaultyVault) world.first();
    }

    private FaultyVault second() {
        return (FaultyVault) world.second();
    }

    private void openStandby() {
        store.live().all(Trouble.hung());
        store.standby().open(anna.id(), Claim.Reason.OPERATOR);
    }

    private static Modseq modseq(Account account) {
        return account.read(View::modseq);
    }

    /// The first vault alone has the newest segments, and the tail has let go.
    private void secondOwes() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        second().writes(Trouble.unavailable());
        new RandomUse(2).use(anna, 30);
        assertThat(store.archiver().archive(anna.id())).isFalse();
        store.clock().step(Duration.ofHours(1));
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(world.journal().newest(anna.id())).isNull();
        second().heal();
    }

    @Test
    void anAccountWithoutAChangeSinceIsServedByEitherVaultThatHasAll() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        Modseq before = modseq(anna);
        first().all(Trouble.unavailable());
        kill();

        openStandby();

        assertThat(modseq(anna)).isEqualTo(before);
    }

    @Test
    void whoHasAllServesAloneAndWhoOwedDoesNot() {
        secondOwes();
        Modseq before = modseq(anna);
        kill();
        first().all(Trouble.unavailable());
        assertThatThrownBy(this::openStandby).isInstanceOf(Fault.Unavailable.class);
        kill();
        assertThatThrownBy(this::openStandby).as("one kill later").isInstanceOf(Fault.Unavailable.class);

        first().heal();
        second().all(Trouble.unavailable());
        kill();
        openStandby();
        assertThat(modseq(anna)).isEqualTo(before);
    }

    @Test
    void anotherAccountIsServedByAVaultThatOwesOnlyThisOne() {
        Account bruno = store.account();
        new RandomUse(3).use(bruno, 10);
        assertThat(store.archiver().archive(bruno.id())).isTrue();
        Modseq before = modseq(bruno);
        secondOwes();
        kill();
        first().all(Trouble.unavailable());
        store.live().all(Trouble.hung());

        store.standby().open(bruno.id(), Claim.Reason.OPERATOR);

        assertThat(modseq(store.accounts().open(bruno.id()))).isEqualTo(before);
        assertThatThrownBy(this::openStandby).isInstanceOf(Fault.Unavailable.class);
    }

    @Test
    void aSegmentThatWasPutByAProcessThatDiedThereIsLookedForBeforeTheTailLetsGo() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        new RandomUse(2).use(anna, 10);
        second().writes(Trouble.unavailable());
        assertThat(store.archiver().archive(anna.id())).isFalse();
        Modseq before = modseq(anna);
        second().heal();
        kill();
        // The engine is lost: its rows are made of the segment that the first vault alone has.
        store.live().erase(anna.id()).await(Deadline.in(TIME));
        assertThat(modseq(anna)).isEqualTo(before);
        second().all(Trouble.unavailable());
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(world.journal().newest(anna.id())).isNull();
        second().heal();
        kill();
        first().all(Trouble.unavailable());

        assertThatThrownBy(this::openStandby).isInstanceOf(Fault.Unavailable.class);
        first().heal();
        openStandby();
        assertThat(modseq(anna)).isEqualTo(before);
    }

    @Test
    void theTailKeepsWhatCannotBeWrittenDown() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        second().writes(Trouble.unavailable());
        new RandomUse(2).use(anna, 30);
        assertThat(store.archiver().archive(anna.id())).isFalse();
        store.clock().step(Duration.ofHours(1));
        disk.capacity(0);

        assertThatThrownBy(() -> store.archiver().archive(anna.id())).isInstanceOf(Fault.Unavailable.class);
        assertThat(world.journal().newest(anna.id())).isNotNull();
    }

    @Test
    void aVaultThatLostItsNewestSegmentIsAnother() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        new RandomUse(2).use(anna, 10);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        store.copies().debt().segments().tidy();
        Vault.Entry newest = second().list(anna.id(), ObjectName.Kind.SEGMENT, null, 100, TIME).getLast();
        second().delete(newest.name()).await(Deadline.in(TIME));
        // As many objects as before.
        new RandomUse(3).use(store.account(), 20);
        kill();
        first().all(Trouble.unavailable());

        assertThatThrownBy(this::openStandby)
                .isInstanceOf(Fault.Unavailable.class)
                .hasMessageContaining("what it lacks is not known");
    }

    @Test
    void aDiskThatTakesNothingHoldsUpNoAccountOfWhichNothingIsOwed() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        disk.capacity(0);
        store.copies().debt().segments().tidy();
        new RandomUse(2).use(anna, 30);

        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(world.journal().newest(anna.id())).isNull();
    }

    @Test
    void aDiskThatTakesNothingHoldsUpTheAccountThatIsOwedSomethingAndNoOther() {
        Account bruno = store.account();
        new RandomUse(3).use(bruno, 10);
        assertThat(store.archiver().archive(bruno.id())).isTrue();
        assertThat(store.archiver().archive(anna.id())).isTrue();
        second().writes(Trouble.unavailable());
        new RandomUse(2).use(anna, 30);
        assertThat(store.archiver().archive(anna.id())).isFalse();
        store.clock().step(Duration.ofHours(1));
        disk.capacity(0);
        store.copies().debt().segments().tidy();
        assertThatThrownBy(() -> store.archiver().archive(anna.id())).isInstanceOf(Fault.Unavailable.class);
        second().heal();

        new RandomUse(4).use(bruno, 10);
        assertThat(store.archiver().archive(bruno.id())).isTrue();
        assertThat(world.journal().newest(bruno.id())).isNull();
        assertThat(world.journal().newest(anna.id())).isNotNull();

        disk.capacity(1L << 40);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(world.journal().newest(anna.id())).isNull();
    }

    @Test
    void allWhoWaitForADiskThatFailsLearnItFromOneWriting() throws InterruptedException {
        var debt = new SegmentDebt();
        var hang = new CountDownLatch(1);
        var writings = new AtomicInteger();
        debt.keptBy(_ -> {
            if (writings.getAndIncrement() == 0) return true;
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        });
        debt.unsure("two", anna.id());
        var told = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    debt.keep(anna.id());
                } catch (Fault.Unavailable e) {
                    told.incrementAndGet();
                }
            }));
        }
        await(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        hang.countDown();
        for (Thread thread : threads) thread.join();

        assertThat(told).hasValue(4);
        assertThat(writings).hasValue(2);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition came about").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// The process ends before a survey could find what is missing; and what the vault has now looks well.
    @Test
    void ofAVaultWhoseFilesWereTakenAwayNothingIsKnownBeforeASurvey() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        Map<ObjectName, byte[]> early = segments();
        new RandomUse(2).use(anna, 10);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        Account bruno = store.account();
        kill();
        assertThat(store.copies().debt().segments().knows("two", anna.id())).isTrue();

        two.removeAll();
        early.forEach(two::put);
        bruno = store.accounts().open(bruno.id());
        new RandomUse(3).use(bruno, 10);
        assertThat(store.archiver().archive(bruno.id())).isTrue();
        killed.removeLast().close();
        kill();
        first().all(Trouble.unavailable());

        assertThatThrownBy(this::openStandby)
                .isInstanceOf(Fault.Unavailable.class)
                .hasMessageContaining("what it lacks is not known");
    }

    private Map<ObjectName, byte[]> segments() {
        var all = new HashMap<ObjectName, byte[]>();
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            for (Vault.Entry entry : two.list(anna.id(), kind, null, 1_000, TIME)) {
                byte[] object = two.get(entry.name(), 0, Integer.MAX_VALUE, TIME);
                if (object != null) all.put(entry.name(), object);
            }
        }
        return all;
    }
}
