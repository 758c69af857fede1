package casella.engine.memory;

import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.JournalCollectionContract;
import casella.testkit.MemoryVault;
import java.nio.file.Path;

/// Proves over engine and vaults in memory that an account's old journal goes, and that nothing needed does.
final class MemoryJournalCollectionTest extends JournalCollectionContract {
    @Override
    protected Engine engine(Path folder) {
        return new MemoryEngine();
    }

    @Override
    protected Vault vault(boolean first, Path folder) {
        return new MemoryVault(first ? "one" : "two");
    }
}
