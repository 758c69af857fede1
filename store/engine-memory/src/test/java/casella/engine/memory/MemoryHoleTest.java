package casella.engine.memory;

import casella.store.engine.Engine;
import casella.testkit.HoleContract;

/// Proves that accounts over the memory engine outlive the loss of engine and tail together.
final class MemoryHoleTest extends HoleContract {
    @Override
    protected Engine engine() {
        return new MemoryEngine();
    }
}
