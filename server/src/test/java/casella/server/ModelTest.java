package casella.server;

import casella.base.AccountId;
import casella.engine.memory.MemoryEngine;
import casella.store.Journal;
import casella.store.append.AppendConfig;
import casella.store.disk.Disk;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import casella.testkit.MemoryVault;
import casella.testkit.SimulatedDisk;
import casella.testkit.model.Machine;
import casella.testkit.model.ModelRun;
import casella.vault.pack.PackConfig;
import casella.vault.pack.PackVault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves promises 1 to 5 against a model: whatever fails below, at whatever call, an account is afterwards
/// what its operations made of it.
///
/// A failure names its seed; `-Dcasella.seed=N` runs that one again.
final class ModelTest {
    private static final boolean LONG = "long".equals(System.getProperty("casella.tier"));
    private static final int RUNS = LONG ? 100 : 4;
    private static final ModelRun.Size SIZE = new ModelRun.Size(LONG ? 10_000 : 2_500, 100, 5);

    @Test
    void whateverFailsBelowAnAccountIsWhatItsOperationsMadeOfIt() {
        @Nullable String given = System.getProperty("casella.seed");
        if (given != null) {
            System.out.println(ModelRun.run(Long.parseLong(given), SIZE, () ->
                    new Simulated(Long.parseLong(given))));
            return;
        }
        long first = new Random().nextLong() >>> 20;
        for (long seed = first; seed < first + RUNS; seed++) {
            long now = seed;
            System.out.printf("model test, seed %d: %s%n", now, ModelRun.run(now, SIZE, () ->
                    new Simulated(now)));
        }
    }

    /// Tail, pack vault and care on simulated disks of their own; engine and the other vault in memory that
    /// outlives the process.
    private static final class Simulated implements Machine {
        private static final AppendConfig TAIL =
                new AppendConfig("tail", "TAIL", 64 << 10, 16 << 20, 0.0, Duration.ofMillis(60));
        private static final PackConfig PACK = PackConfig.standard().withSegmentBytesMax(64 << 10);

        private static final List<SimulatedDisk.Op> OPS = List.of(SimulatedDisk.Op.values());

        /// What will lose what it promised at the next restart.
        private enum Losing {
            NOTHING,
            ENGINE,
            /// The engine goes back to where it was.
            ENGINE_SYNCS,
            TAIL,
            TAIL_SYNCS,
            PACK,
            PACK_SYNCS,
            SECOND_VAULT
        }

        private static final List<Losing> LOSSES = List.of(Losing.values());

        private MemoryEngine engine = new MemoryEngine();
        private MemoryEngine before = new MemoryEngine();
        private Vault second = new MemoryVault("two");
        private Losing losing = Losing.NOTHING;
        private SimulatedDisk tailDisk;
        private SimulatedDisk packDisk;
        private SimulatedDisk careDisk;
        private Tail tail;
        private PackVault pack;
        private boolean powerGone;
        private final List<CountDownLatch> hung = new ArrayList<>();

        Simulated(long seed) {
            tailDisk = new SimulatedDisk(seed);
            packDisk = new SimulatedDisk(seed + 1);
            careDisk = new SimulatedDisk(seed + 2);
            tail = Tail.open(Path.of("tail"), tailDisk, TAIL);
            pack = PackVault.open("pack", Path.of("pack"), packDisk, PACK);
        }

        @Override
        public Engine engine() {
            return engine;
        }

        @Override
        public Journal journal() {
            return tail;
        }

        @Override
        public List<Vault> vaults() {
            return List.of(pack, second);
        }

        @Override
        public Disk careDisk() {
            return careDisk;
        }

        @Override
        public Path careFolder() {
            return Path.of("care");
        }

        @Override
        public String trouble(Random dice) {
            SimulatedDisk disk = List.of(tailDisk, packDisk, careDisk).get(dice.nextInt(3));
            SimulatedDisk.Op op = OPS.get(dice.nextInt(OPS.size()));
            String which = disk == tailDisk ? "tail" : disk == packDisk ? "pack" : "care";
            switch (dice.nextInt(8)) {
                case 0 -> hung.add(disk.hang(op));
                case 1 -> {
                    long at = dice.nextInt(12);
                    disk.powerLossAt(disk.operations() + at);
                    return which + " disk: power goes after " + at;
                }
                default -> {
                    disk.fail(op, dice.nextInt(4), 1 + dice.nextInt(2));
                    return which + " disk: " + op + " fails";
                }
            }
            return which + " disk: " + op + " hangs";
        }

        @Override
        public boolean off() {
            return tailDisk.isOff() || packDisk.isOff() || careDisk.isOff();
        }

        @Override
        public void quiet() {
            for (SimulatedDisk disk : List.of(tailDisk, packDisk, careDisk)) {
                for (SimulatedDisk.Op op : SimulatedDisk.Op.values()) {
                    disk.fail(op, 0, 0);
                    disk.unhang(op);
                }
                if (!disk.isOff()) disk.powerLossAt(Long.MAX_VALUE);
            }
            hung.forEach(CountDownLatch::countDown);
            hung.clear();
        }

        @Override
        public void die() {
            powerGone = off();
            for (SimulatedDisk disk : List.of(tailDisk, packDisk, careDisk)) disk.switchOff();
            quiet();
        }

        @Override
        public String lose(Random dice) {
            losing = LOSSES.get(1 + dice.nextInt(LOSSES.size() - 1));
            switch (losing) {
                case ENGINE_SYNCS -> before = copy(engine);
                case TAIL_SYNCS -> tailDisk.lying();
                case PACK_SYNCS -> packDisk.lying();
                case NOTHING, ENGINE, TAIL, PACK, SECOND_VAULT -> {}
            }
            return "to be lost: " + losing;
        }

        private static MemoryEngine copy(MemoryEngine from) {
            var to = new MemoryEngine();
            Duration time = Duration.ofSeconds(1);
            for (AccountId account : from.accounts(null, 100, time)) {
                from.read(account, time, rows -> {
                    var all = new ArrayList<Batch.Row>();
                    rows.scan(new byte[] {0x00}, new byte[] {0x7F}, false, (key, value) ->
                            all.add(new Batch.Row(key, value)));
                    var _ = to.write(account, new Batch(0, 1, all, List.of()));
                    return 0;
                });
            }
            return to;
        }

        /// Lets what is to be lost be lost, in place of a restart's own harm.
        private String lost(Random dice) {
            String what = "lost: " + losing;
            switch (losing) {
                case ENGINE -> engine = new MemoryEngine();
                case ENGINE_SYNCS -> engine = before;
                case SECOND_VAULT -> second = new MemoryVault("two");
                case TAIL -> tailDisk = new SimulatedDisk(dice.nextLong());
                case PACK -> packDisk = new SimulatedDisk(dice.nextLong());
                case NOTHING, TAIL_SYNCS, PACK_SYNCS -> {}
            }
            losing = Losing.NOTHING;
            return what;
        }

        @Override
        public String restart(Random dice) {
            boolean power = powerGone || losing != Losing.NOTHING || dice.nextBoolean();
            tail.close();
            pack.close();
            tailDisk = power ? tailDisk.afterPowerLoss(dice.nextLong()) : tailDisk.afterKill();
            packDisk = power ? packDisk.afterPowerLoss(dice.nextLong()) : packDisk.afterKill();
            careDisk = power ? careDisk.afterPowerLoss(dice.nextLong()) : careDisk.afterKill();
            String lost = losing == Losing.NOTHING ? "" : ", " + lost(dice);
            tail = Tail.open(Path.of("tail"), tailDisk, TAIL);
            pack = PackVault.open("pack", Path.of("pack"), packDisk, PACK);
            return (power ? "power" : "kill") + lost;
        }

        @Override
        public void close() {
            quiet();
            tail.close();
            pack.close();
        }
    }
}
