package casella.engine.memory;

import casella.store.engine.Engine;
import casella.testkit.RebuildContract;

/// Proves that a lost or stale memory engine is made whole.
final class MemoryRebuildTest extends RebuildContract {
    @Override
    protected Engine engine() {
        return new MemoryEngine();
    }
}
