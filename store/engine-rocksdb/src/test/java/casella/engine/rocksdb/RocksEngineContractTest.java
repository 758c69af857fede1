package casella.engine.rocksdb;

import casella.store.engine.Engine;
import casella.testkit.EngineContract;
import java.nio.file.Path;

/// The embedded engine keeps the contract of every engine, durably.
class RocksEngineContractTest extends EngineContract {
    @Override
    protected Engine open(Path folder) {
        return RocksEngine.open(folder, RocksEngineConfig.small());
    }

    @Override
    protected boolean durable() {
        return true;
    }
}
