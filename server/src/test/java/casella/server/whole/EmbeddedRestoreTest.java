package casella.server.whole;

import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.engine.Engine;
import casella.testkit.RestoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Proves over RocksDB that what ended can be had back.
final class EmbeddedRestoreTest extends RestoreContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private int engines;

    @Override
    protected Engine engine() {
        return RocksEngine.open(folder.resolve("engine-" + engines++), RocksEngineConfig.small());
    }
}
