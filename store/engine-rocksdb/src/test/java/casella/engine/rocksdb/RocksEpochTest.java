package casella.engine.rocksdb;

import casella.store.engine.Engine;
import casella.testkit.EpochContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Accounts go over and back with the embedded engine as the live one.
final class RocksEpochTest extends EpochContract {
    @TempDir
    private Path folder;

    @Override
    protected Engine engine() {
        return RocksEngine.open(folder.resolve("engine"), RocksEngineConfig.small());
    }
}
