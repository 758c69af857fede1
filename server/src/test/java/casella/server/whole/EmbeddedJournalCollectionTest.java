package casella.server.whole;

import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.JournalCollectionContract;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.nio.file.Path;

/// Proves over the real parts, RocksDB and pack, that an account's old journal goes, and that nothing needed does.
final class EmbeddedJournalCollectionTest extends JournalCollectionContract {
    @Override
    protected Engine engine(Path folder) {
        return RocksEngine.open(folder, RocksEngineConfig.small());
    }

    @Override
    protected Vault vault(boolean first, Path folder) {
        return first ? PackVault.open("one", folder) : RocksVault.open("two", folder, RocksVaultConfig.small());
    }

    @Override
    protected int cuts() {
        return 10;
    }
}
