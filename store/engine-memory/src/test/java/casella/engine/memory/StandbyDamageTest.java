package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.Account;
import casella.store.Change;
import casella.store.Entry;
import casella.store.Operation;
import casella.store.View;
import casella.store.archive.Holdings;
import casella.store.archive.Proving;
import casella.store.archive.Verifier;
import casella.store.care.CareFile;
import casella.store.deletion.Certificate;
import casella.store.deletion.Erasure;
import casella.store.engine.Engine;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import casella.store.vault.ObjectName;
import casella.testkit.Intercepted;
import casella.testkit.MemoryJournal;
import casella.testkit.RandomUse;
import casella.testkit.SimulatedDisk;
import casella.testkit.StandbyStore;
import casella.testkit.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Proves that an account comes back to an engine whose rows of it are damaged, that what is merged afterwards is what
/// the engine alone had and nothing else, and that an account on standby can be erased.
final class StandbyDamageTest {
    private static final Duration TIME = Duration.ofSeconds(2);

    private static Standby.Switched open(StandbyStore store, Account account) {
        return store.standby().open(account.id(), Claim.Reason.OPERATOR);
    }

    private static boolean verified(StandbyStore store, StandbyStore.World world, Account account) {
        return new Verifier(store.engine(), world.journal(),
                store.copies()).verify(account.id()).problems().isEmpty();
    }

    @Test
    void anAccountWithDamagedRowsIsLoadedAnew() {
        var damaged = new AtomicBoolean();
        Engine engine = Intercepted.part(Engine.class, new MemoryEngine(), (what, inner) -> {
            if (what.equals("erase")) damaged.set(false);
            if (what.equals("read") && damaged.get()) throw new Fault.Corrupt("Bad block", Map.of());
            return inner.call();
        });
        var world = StandbyStore.World.over(engine);
        try (world; var store = StandbyStore.open(world, Duration.ofSeconds(2))) {
            Account anna = store.account();
            var use = new RandomUse(21);
            use.use(anna, 40);
            store.archiver().archive(anna.id());
            use.use(anna, 20);
            damaged.set(true);
            open(store, anna);
            use.use(anna, 20);
            List<ArrivalId> emails = anna.read(view -> view.emails(null, View.PAGE_MAX));

            assertThat(store.standby().giveBack(anna.id()).ended()).isEqualTo(Standby.Ended.RETURNED);

            assertThat(damaged).isFalse();
            List<ArrivalId> after = anna.read(view -> view.emails(null, View.PAGE_MAX));
            assertThat(after).isEqualTo(emails);
            assertThat(verified(store, world, anna)).isTrue();
        }
    }

    /// The archiver takes entries from tail to segments in the middle of each listing of a return.
    @Test
    void whatIsArchivedMeanwhileIsNotTakenForLost() {
        boolean more = true;
        for (int at = 1; more; at++) {
            assertThat(at).isLessThan(200);
            int when = at;
            var armed = new AtomicBoolean();
            var lists = new AtomicInteger();
            var archiving = new Runnable[1];
            var base = StandbyStore.World.over(new MemoryEngine());
            StandbyStore.World world = base.intercepted((what, inner) -> {
                Object result = inner.call();
                if (armed.get() && what.equals("list") && lists.incrementAndGet() == when) {
                    armed.set(false);
                    archiving[0].run();
                }
                return result;
            });
            try (base; world; var store = StandbyStore.open(world, Duration.ofSeconds(2))) {
                Account anna = store.account();
                var use = new RandomUse(22);
                use.use(anna, 20);
                store.archiver().archive(anna.id());
                use.use(anna, 20);
                StandbyStore.changeOnlyLive(base, anna.id(), account ->
                        account.createMailbox("Solo qui", null));
                open(store, anna);
                use.use(anna, 20);
                archiving[0] = () -> store.archiver().archive(anna.id());
                armed.set(true);

                assertThat(store.standby().giveBack(anna.id()).merged().changes()).as("listing %d", when)
                        .isEqualTo(1);

                Change lost = store.leftovers().stream().map(Entry::change).findFirst().orElseThrow();
                assertThat(lost.operations()).anyMatch(Operation.MailboxCreated.class::isInstance);
                more = !armed.get();
            }
        }
    }

    @Test
    void anAccountOnStandbyIsErasedAndADoubtedTailProven() throws Exception {
        var world = StandbyStore.World.over(new MemoryEngine()).with(MemoryJournal.afterLoss());
        var disk = new SimulatedDisk(1);
        try (world; var store = StandbyStore.open(world, Duration.ofSeconds(2)); var files =
                new Bulkhead("test.files", 1, 16)) {
            Account anna = store.account();
            Account bruno = store.account();
            for (Account one : List.of(anna, bruno)) new RandomUse(23).use(one, 30);
            store.archiver().archive(anna.id());
            var journal = (MemoryJournal) world.journal();
            journal.failing(true);
            assertThatThrownBy(() -> anna.createMailbox("Solo qui", null))
                    .isInstanceOf(Fault.Unavailable.class);
            journal.failing(false);
            open(store, anna);
            store.live().all(Trouble.unavailable());
            List<CareFile> kept = List.of(new CareFile(disk, Path.of("/care/a"), files),
                    new CareFile(disk, Path.of("/care/b"), files));
            disk.makeFolder(Path.of("/care"));
            var erasure = Erasure.open(store.engine(), world.journal(), store.copies(), List.of(), kept,
                    store.clock());

            ObjectName segment = store.copies().vaults().getFirst()
                    .list(anna.id(), ObjectName.Kind.SEGMENT, null, 1, TIME).getFirst().name();
            byte[] object = store.copies().vaults().getFirst().get(segment, 0, Integer.MAX_VALUE, TIME);
            erasure.order(anna.id(), "order");
            erasure.step();
            assertThat(erasure.certificate(anna.id()).map(Certificate::complete)).contains(false);
            assertThatThrownBy(() -> open(store, anna)).hasMessage("The account is erased");
            store.live().heal();
            for (int i = 0; i < 3; i++) erasure.step();

            assertThat(erasure.certificate(anna.id()).map(Certificate::complete)).contains(true);
            assertThat(store.standby().list()).isEmpty();
            assertThat(store.live().accounts(null, 10, Duration.ofSeconds(2))).containsExactly(bruno.id());
            // Even with something of it in a vault that was away:
            world.first().put(segment, Objects.requireNonNull(object)).await(Deadline.in(TIME));
            try (var _ = Proving.start(store.accounts(), Holdings.of(store.copies(), TIME),
                    world.journal())) {
                var never = new CountDownLatch(1);
                for (int i = 0; i < 3_000
                        && journal.doubtedSince() != null; i++) never.await(10, TimeUnit.MILLISECONDS);
            }
            assertThat(journal.doubtedSince()).isNull();
        }
    }
}
