package casella.engine.memory;

import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.CollectorContract;
import casella.testkit.MemoryVault;
import java.nio.file.Path;

/// Proves over engine and vaults in memory that mail goes only when it is due.
final class MemoryCollectorTest extends CollectorContract {
    @Override
    protected Engine engine(Path folder) {
        return new MemoryEngine();
    }

    @Override
    protected Vault vault(boolean first, Path folder) {
        return new MemoryVault(first ? "one" : "two");
    }
}
