package casella.server.whole;

import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.Journal;
import casella.store.engine.Engine;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import casella.testkit.AccountContract;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// Proves that accounts hold over the parts a server has: the RocksDB engine, the tail and both vaults, on real files.
final class EmbeddedAccountTest extends AccountContract {
    @TempDir
    private Path folder;

    private final List<Tail> tails = new ArrayList<>();
    private int made;

    private Path next(String part) {
        made++;
        return folder.resolve(part + "-" + made);
    }

    @Override
    protected Engine engine() {
        return RocksEngine.open(next("engine"), RocksEngineConfig.small());
    }

    @Override
    protected Journal journal() {
        Tail tail = Tail.open(next("tail"));
        tails.add(tail);
        return tail;
    }

    @Override
    protected Vault vault(boolean first) {
        if (first) return PackVault.open("one", next("pack"));
        return RocksVault.open("two", next("rocksdb"), RocksVaultConfig.small());
    }

    @AfterEach
    void closeTails() {
        tails.forEach(Tail::close);
    }
}
