package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.View;
import casella.store.archive.Verifier;
import casella.store.engine.Engine;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import casella.testkit.Intercepted;
import casella.testkit.MemoryJournal;
import casella.testkit.RandomUse;
import casella.testkit.SimulatedDisk;
import casella.testkit.StandbyStore;
import casella.testkit.Steps;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Proves that an order to the standby survives a fault at each single call it makes of engine, tail, vaults and the
/// registry's disk, one after the other: a failure, one that was none, or the end of the process before or after it. The
/// account is served afterwards, has lost nothing and nothing twice, and the order given again ends what was begun.
final class StandbyStepsTest {
    private static final Duration TIME = Duration.ofMillis(500);
    private static final int STEPS_MAX = 1_000;
    /// In the normal tier each kind of fault takes every fifth call, another one each.
    private static final int STRIDE = "long".equals(System.getProperty("casella.tier")) ? 1 : 5;

    /// What the account is brought through.
    enum Order {
        OPEN,
        /// The engine alone has a change, which is merged.
        RETURN,
        /// The engine's rows of the account cannot be read.
        RETURN_DAMAGED
    }

    /// A machine with an account, and a process on it.
    private static final class Scene implements AutoCloseable {
        private final AtomicBoolean damaged = new AtomicBoolean();
        private final SimulatedDisk disk = new SimulatedDisk(1);
        private final MemoryJournal journal = new MemoryJournal();
        private final Steps steps = new Steps();
        private final StandbyStore.World base;
        private StandbyStore.World world;
        private StandbyStore store;
        private final AccountId anna;
        private final boolean ownChange;

        Scene(Order order) {
            Engine engine = Intercepted.part(Engine.class, new MemoryEngine(), (what, inner) -> {
                if (what.equals("erase")) damaged.set(false);
                if (what.equals("read") && damaged.get()) throw new Fault.Corrupt("Bad block", Map.of());
                return inner.call();
            });
            base = StandbyStore.World.over(engine).with(journal).with(disk);
            world = base.intercepted(steps);
            store = StandbyStore.open(world, TIME).merging();
            Account account = store.account();
            anna = account.id();
            var use = new RandomUse(31);
            use.use(account, 12);
            store.archiver().archive(anna);
            store.archiver().checkpoint(anna);
            use.use(account, 6);
            ownChange = order == Order.RETURN;
            if (ownChange) engineAlone(account);
            if (order == Order.OPEN) return;
            open();
            use.use(account(), 6);
            if (order == Order.RETURN_DAMAGED) damaged.set(true);
        }

        private void engineAlone(Account account) {
            journal.failing(true);
            try {
                account.createMailbox("Solo qui", null);
                throw new AssertionError("the journal took it");
            } catch (Fault.Unavailable e) {
                journal.failing(false);
            }
        }

        Account account() {
            return store.accounts().open(anna);
        }

        Standby.Switched open() {
            return store.standby().open(anna, Claim.Reason.OPERATOR);
        }

        Standby.Switched giveBack() {
            return store.standby().giveBack(anna);
        }

        void restart() {
            store.close();
            world.close();
            world = base.with(disk.afterKill());
            store = StandbyStore.open(world, TIME).merging();
            store.accounts().recover();
            store.standby().resumeMerges();
        }

        List<ArrivalId> emails() {
            return again(() -> account().read(view -> view.emails(null, View.PAGE_MAX)));
        }

        @Override
        public void close() {
            store.close();
            world.close();
            base.close();
        }
    }

    /// What may be refused for a moment.
    private static <T> T again(Supplier<T> work) {
        for (int i = 0; ; i++) {
            try {
                return work.get();
            } catch (Fault.Unavailable e) {
                if (i == 5) throw e;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void eachCallMayGoWrong(Order order) {
        int from = 0;
        for (Steps.How how : Steps.How.values()) {
            from = from % STRIDE + 1;
            for (int at = from; at < STEPS_MAX; at += STRIDE) if (!spoiled(order, how, at)) break;
        }
    }

    /// Returns whether there was such a call.
    private static boolean spoiled(Order order, Steps.How how, int at) {
        try (var scene = new Scene(order)) {
            List<ArrivalId> emails = scene.emails();
            scene.steps.begin(at, how);
            try {
                var _ = order == Order.OPEN ? scene.open() : scene.giveBack();
            } catch (Fault | IllegalStateException e) {
                // The order is given again.
            }
            scene.steps.end();
            String told = order + ", call " + at + " " + scene.steps.struck() + " " + how;
            if (scene.steps.struck().isEmpty()) return false;
            try {
                if (scene.steps.dead()) scene.restart();
                ended(scene, order, emails);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(told, e);
            }
            return true;
        }
    }

    private static void ended(Scene scene, Order order, List<ArrivalId> emails) {
        assertThat(scene.emails()).isEqualTo(emails);
        again(() -> scene.account().createMailbox("Dopo", null));
        if (order == Order.OPEN) {
            Standby.Switched now = scene.open();
            assertThat(now.ended()).isIn(Standby.Ended.OPENED, Standby.Ended.ALREADY);
            assertThat(scene.store.standby().list()).hasSize(1);
            again(() -> scene.account().createMailbox("Poi", null));
        }
        Standby.Switched back = scene.giveBack();
        assertThat(back.ended()).isIn(Standby.Ended.RETURNED, Standby.Ended.ALREADY);
        assertThat(back.merged().waiting()).isZero();
        assertThat(scene.store.standby().list()).isEmpty();
        assertThat(scene.emails()).isEqualTo(emails);
        List<String> names = again(() -> scene.account().read(View::mailboxes)).stream().map(Mailbox::name)
                .toList();
        assertThat(names).doesNotHaveDuplicates().contains("Dopo");
        if (scene.ownChange) assertThat(names).contains("Solo qui");
        again(() -> scene.account().createMailbox("Fine", null));
        assertThat(scene.store.archiver().archive(scene.anna)).isTrue();
        var verifier = new Verifier(scene.store.engine(), scene.base.journal(), scene.store.copies());
        assertThat(verifier.verify(scene.anna).problems()).isEmpty();
    }
}
