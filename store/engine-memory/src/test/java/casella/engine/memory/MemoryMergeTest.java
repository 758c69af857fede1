package casella.engine.memory;

import casella.store.engine.Engine;
import casella.testkit.MergeContract;

/// Proves over the memory engine how changes of a lost branch are merged.
final class MemoryMergeTest extends MergeContract {
    @Override
    protected Engine engine() {
        return new MemoryEngine();
    }
}
