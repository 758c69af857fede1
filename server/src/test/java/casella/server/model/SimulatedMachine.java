package casella.server.model;

import casella.store.Journal;
import casella.store.append.AppendConfig;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import casella.testkit.SimulatedDisk;
import casella.testkit.model.Machine;
import casella.testkit.model.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/// Tail, queue, care and the first vault on simulated disks of their own; engine and second vault as [Parts] has them.
final class SimulatedMachine implements Machine {
    private static final AppendConfig TAIL =
            new AppendConfig("tail", "TAIL", 64 << 10, 16 << 20, 0.0, Duration.ofMillis(60));
    private static final List<SimulatedDisk.Op> OPS = List.of(SimulatedDisk.Op.values());
    private static final List<String> DISKS = List.of("tail", "vault", "care", "queue");
    private static final long ENOUGH = 1L << 40;

    /// What will lose what it promised at the next restart.
    private enum Losing {
        NOTHING,
        ENGINE,
        /// The engine goes back to where it was.
        ENGINE_SYNCS,
        TAIL,
        TAIL_SYNCS,
        FIRST_VAULT,
        FIRST_VAULT_SYNCS,
        SECOND_VAULT
    }

    private static final List<Losing> LOSSES = List.of(Losing.values());

    private final Parts parts;
    private final WaitingMail waiting;
    private Losing losing = Losing.NOTHING;
    private SimulatedDisk tailDisk;
    private SimulatedDisk vaultDisk;
    private SimulatedDisk careDisk;
    private SimulatedDisk queueDisk;
    private Tail tail;
    private boolean powerGone;
    private final List<CountDownLatch> hung = new ArrayList<>();

    /// @param folder empty, for what does not lie on a simulated disk
    /// @param parts over the first vault's disk
    SimulatedMachine(long seed, Path folder, Function<SimulatedDisk, Parts> parts) {
        tailDisk = new SimulatedDisk(seed);
        vaultDisk = new SimulatedDisk(seed + 1);
        careDisk = new SimulatedDisk(seed + 2);
        queueDisk = new SimulatedDisk(seed + 3);
        tail = Tail.open(Path.of("tail"), tailDisk, TAIL);
        this.parts = parts.apply(vaultDisk);
        this.waiting = new WaitingMail(folder, queueDisk);
    }

    private List<SimulatedDisk> disks() {
        return List.of(tailDisk, vaultDisk, careDisk, queueDisk);
    }

    @Override
    public Engine engine() {
        return parts.engine();
    }

    @Override
    public Journal journal() {
        return tail;
    }

    @Override
    public List<Vault> vaults() {
        return List.of(parts.first(), parts.second());
    }

    @Override
    public Waiting waiting() {
        return waiting;
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
        int which = dice.nextInt(DISKS.size());
        SimulatedDisk disk = disks().get(which);
        SimulatedDisk.Op op = OPS.get(dice.nextInt(OPS.size()));
        String name = DISKS.get(which) + " disk: ";
        int what = dice.nextInt(10);
        // Its drain waits for a hung file as long as a server's does: longer than a run has.
        if (what == 0 && disk == queueDisk) what = 2;
        switch (what) {
            case 0 -> hung.add(disk.hang(op));
            case 1 -> {
                long at = dice.nextInt(12);
                disk.powerLossAt(disk.operations() + at);
                return name + "power goes after " + at;
            }
            case 2 -> {
                int room = dice.nextInt(4_096);
                fill(disk, room);
                return name + "full but for " + room + " bytes";
            }
            default -> {
                disk.fail(op, dice.nextInt(4), 1 + dice.nextInt(2));
                return name + op + " fails";
            }
        }
        return name + op + " hangs";
    }

    private static void fill(SimulatedDisk disk, int room) {
        try {
            Disk.Space space = disk.space(Path.of("/"));
            disk.capacity(space.total() - space.free() + room);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean off() {
        return disks().stream().anyMatch(SimulatedDisk::isOff);
    }

    @Override
    public void quiet() {
        for (SimulatedDisk disk : disks()) {
            for (SimulatedDisk.Op op : SimulatedDisk.Op.values()) {
                disk.fail(op, 0, 0);
                disk.unhang(op);
            }
            disk.capacity(ENOUGH);
            if (!disk.isOff()) disk.powerLossAt(Long.MAX_VALUE);
        }
        hung.forEach(CountDownLatch::countDown);
        hung.clear();
    }

    @Override
    public void die() {
        powerGone = off();
        for (SimulatedDisk disk : disks()) disk.switchOff();
        quiet();
    }

    @Override
    public String lose(Random dice) {
        losing = LOSSES.get(1 + dice.nextInt(LOSSES.size() - 1));
        switch (losing) {
            case ENGINE_SYNCS -> parts.keepEngine();
            case TAIL_SYNCS -> tailDisk.lying();
            case FIRST_VAULT_SYNCS -> vaultDisk.lying();
            case NOTHING, ENGINE, TAIL, FIRST_VAULT, SECOND_VAULT -> {}
        }
        return "to be lost: " + losing;
    }

    /// Lets what is to be lost be lost, in place of a restart's own harm.
    private String lost(Random dice) {
        String what = "lost: " + losing;
        switch (losing) {
            case ENGINE -> parts.engineLost();
            case ENGINE_SYNCS -> parts.engineBack();
            case SECOND_VAULT -> parts.secondLost();
            case TAIL -> tailDisk = new SimulatedDisk(dice.nextLong());
            case FIRST_VAULT -> vaultDisk = new SimulatedDisk(dice.nextLong());
            case NOTHING, TAIL_SYNCS, FIRST_VAULT_SYNCS -> {}
        }
        losing = Losing.NOTHING;
        return what;
    }

    @Override
    public String restart(Random dice) {
        boolean power = powerGone || losing != Losing.NOTHING || dice.nextBoolean();
        tail.close();
        parts.kill();
        tailDisk = after(tailDisk, power, dice);
        vaultDisk = after(vaultDisk, power, dice);
        careDisk = after(careDisk, power, dice);
        queueDisk = after(queueDisk, power, dice);
        String lost = losing == Losing.NOTHING ? "" : ", " + lost(dice);
        tail = Tail.open(Path.of("tail"), tailDisk, TAIL);
        parts.openFirst(vaultDisk);
        boolean indexLost = dice.nextInt(4) == 0;
        waiting.reopen(queueDisk, indexLost);
        return (power ? "power" : "kill") + lost + (indexLost ? ", queue's index lost" : "");
    }

    private static SimulatedDisk after(SimulatedDisk disk, boolean power, Random dice) {
        return power ? disk.afterPowerLoss(dice.nextLong()) : disk.afterKill();
    }

    @Override
    public void close() {
        quiet();
        tail.close();
        waiting.close();
        parts.close();
    }
}
