package casella.engine.memory;

import casella.store.engine.Engine;
import casella.testkit.EngineContract;
import java.nio.file.Path;

/// The memory engine keeps the contract of every engine, but its rows end with it.
class MemoryEngineTest extends EngineContract {
    @Override
    protected Engine open(Path folder) {
        return new MemoryEngine();
    }

    @Override
    protected boolean durable() {
        return false;
    }
}
