package casella.server.model;

import casella.base.AccountId;
import casella.engine.memory.MemoryEngine;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.MemoryVault;
import casella.testkit.SimulatedDisk;
import casella.vault.pack.PackConfig;
import casella.vault.pack.PackVault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The pack vault; engine and the other vault are in memory that outlives the process.
final class MemoryParts implements Parts {
    private static final PackConfig PACK = PackConfig.standard().withSegmentBytesMax(64 << 10);

    private MemoryEngine engine = new MemoryEngine();
    private MemoryEngine before = engine;
    private Vault second = new MemoryVault("two");
    private PackVault pack;

    MemoryParts(SimulatedDisk disk) {
        pack = PackVault.open("pack", Path.of("pack"), disk, PACK);
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Vault first() {
        return pack;
    }

    @Override
    public Vault second() {
        return second;
    }

    @Override
    public void openFirst(SimulatedDisk disk) {
        pack = PackVault.open("pack", Path.of("pack"), disk, PACK);
    }

    @Override
    public void keepEngine() {
        before = copy(engine);
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

    @Override
    public void kill() {
        pack.close();
    }

    @Override
    public void engineBack() {
        engine = before;
    }

    @Override
    public void engineLost() {
        engine = new MemoryEngine();
    }

    @Override
    public void secondLost() {
        second = new MemoryVault("two");
    }

    @Override
    public void close() {
        pack.close();
    }
}
