package casella.engine.memory;

import casella.store.engine.Engine;
import casella.testkit.RestoreContract;

/// Proves that what ended can be had back over the memory engine.
final class MemoryRestoreTest extends RestoreContract {
    @Override
    protected Engine engine() {
        return new MemoryEngine();
    }
}
