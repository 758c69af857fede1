package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.View;
import casella.store.archive.Verifier;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import casella.testkit.RandomUse;
import casella.testkit.SimulatedDisk;
import casella.testkit.StandbyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that a damaged registry, or a damaged file of a lost branch, keeps nobody from his mail: accounts are served as
/// their journals say, no epoch is given out below one that was written, and the orders go on.
final class StandbyRegistryTest {
    private static final int FLIP_EVERY = "long".equals(System.getProperty("casella.tier")) ? 1 : 13;

    private interface Damage {
        void to(SimulatedDisk disk, Path file) throws IOException;
    }

    /// An account on standby in its third epoch of the registry, each with changes.
    private static final class Scene implements AutoCloseable {
        private final SimulatedDisk disk = new SimulatedDisk(1);
        private StandbyStore.World world = StandbyStore.World.over(new MemoryEngine()).with(disk);
        private StandbyStore store = StandbyStore.open(world, Duration.ofSeconds(2)).merging();
        private final AccountId anna = store.account().id();

        Scene() {
            var use = new RandomUse(41);
            use.use(account(), 10);
            open();
            use.use(account(), 5);
            store.archiver().archive(anna);
            store.standby().giveBack(anna);
            use.use(account(), 5);
            open();
            use.use(account(), 5);
            account().createMailbox("Per ultima", null);
        }

        Account account() {
            return store.accounts().open(anna);
        }

        Standby.Switched open() {
            return store.standby().open(anna, Claim.Reason.OPERATOR);
        }

        Path registry() {
            return disk.files().stream().filter(file -> file.toString().startsWith("/registry/"))
                    .findFirst().orElseThrow();
        }

        void restartAfter(Damage damage, Path file) throws IOException {
            store.close();
            SimulatedDisk after = disk.afterKill();
            damage.to(after, file);
            world = world.with(after);
            store = StandbyStore.open(world, Duration.ofSeconds(2)).merging();
        }

        boolean verified() {
            var verifier = new Verifier(store.engine(), world.journal(), store.copies());
            return verifier.verify(anna).problems().isEmpty();
        }

        @Override
        public void close() {
            store.close();
            world.close();
        }
    }

    private static void survives(Damage damage, String what) throws IOException {
        try (var scene = new Scene()) {
            long epoch = scene.account().read(View::epoch);
            Modseq modseq = scene.account().read(View::modseq);
            scene.restartAfter(damage, scene.registry());

            assertThat(scene.account().<Modseq>read(View::modseq)).as(what).isEqualTo(modseq);
            assertThat(scene.account().<Long>read(View::epoch)).as(what).isGreaterThanOrEqualTo(epoch);
            scene.account().createMailbox("Dopo", null);
            Standby.Switched opened = scene.open();
            boolean now = opened.ended() == Standby.Ended.OPENED;
            if (now) assertThat(opened.epoch()).as(what).isGreaterThan(epoch);
            assertThat(scene.store.standby().giveBack(scene.anna).epoch()).as(what).isGreaterThan(epoch);
            assertThat(scene.account().read(View::mailboxes)).as(what).extracting(Mailbox::name)
                    .contains("Per ultima", "Dopo");
            assertThat(scene.verified()).as(what).isTrue();
        }
    }

    @Test
    void aRegistryThatIsGone() throws IOException {
        survives(SimulatedDisk::delete, "missing");
    }

    @Test
    void aRegistryOfOtherBytes() throws IOException {
        survives(SimulatedDisk::garble, "garbled");
    }

    @Test
    void aRegistryThatIsCutAnywhere() throws IOException {
        long size;
        try (var scene = new Scene()) {
            size = scene.disk.size(scene.registry());
        }
        for (long length = 0; length < size; length += 3L * FLIP_EVERY) {
            long left = length;
            survives((disk, file) -> disk.truncate(file, left), "cut at " + left);
        }
    }

    @Test
    void aRegistryWithOneBitFlippedAnywhere() throws IOException {
        long size;
        try (var scene = new Scene()) {
            size = scene.disk.size(scene.registry());
        }
        assertThat(size).isGreaterThan(100);
        for (long offset = 0; offset < size; offset += FLIP_EVERY) {
            long at = offset;
            survives((disk, file) -> disk.flip(file, at, (int) (at % 8)), "bit at " + at);
        }
    }

    /// The engine alone has a change, and nobody says any more that the account went on without it.
    @Test
    void anAccountWithTwoHistoriesIsClosedAndServedByOrder() throws IOException {
        try (var scene = new Scene()) {
            scene.store.standby().giveBack(scene.anna);
            engineAlone(scene);
            scene.open();
            scene.account().createMailbox("Dopo", null);
            long epoch = scene.account().read(View::epoch);
            scene.restartAfter(SimulatedDisk::delete, scene.registry());

            assertThatThrownBy(() -> scene.account().read(View::modseq))
                    .isInstanceOf(Fault.Corrupt.class);
            assertThat(scene.open().epoch()).isGreaterThanOrEqualTo(epoch);
            assertThat(scene.store.standby().giveBack(scene.anna).merged()).isEqualTo(new Standby.Merged(1,
                    0));
            List<Mailbox> mailboxes = scene.account().read(View::mailboxes);
            assertThat(mailboxes).extracting(Mailbox::name).contains("Dopo", "Solo qui");
            assertThat(scene.verified()).isTrue();
        }
    }

    private static void engineAlone(Scene scene) {
        StandbyStore.changeOnlyLive(scene.world, scene.anna, account ->
                account.createMailbox("Solo qui", null));
    }

    @Test
    void aDamagedFileOfALostBranchStaysAndHoldsNobodyUp() throws IOException {
        List<Damage> damages = List.of(
                (disk, file) -> disk.flip(file, disk.size(file) / 2, 3),
                (disk, file) -> disk.truncate(file, disk.size(file) / 2),
                (disk, file) -> disk.truncate(file, 0),
                SimulatedDisk::delete);
        for (Damage damage : damages) {
            try (var scene = new Scene()) {
                scene.store.standby().giveBack(scene.anna);
                engineAlone(scene);
                scene.open();
                scene.disk.fail(SimulatedDisk.Op.DELETE, 0, Integer.MAX_VALUE);
                scene.store.standby().giveBack(scene.anna);
                Path kept = scene.disk.files().stream().filter(one -> one.toString().endsWith(".lost"))
                        .findFirst().orElseThrow();
                Modseq modseq = scene.account().read(View::modseq);
                scene.restartAfter(damage, kept);

                scene.store.standby().resumeMerges();

                assertThat(scene.account().<Modseq>read(View::modseq)).isEqualTo(modseq);
                scene.open();
                assertThat(scene.store.standby().giveBack(scene.anna).merged().changes()).isZero();
                assertThat(scene.verified()).isTrue();
            }
        }
    }
}
