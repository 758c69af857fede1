package casella.engine.memory;

import casella.store.engine.Engine;
import casella.testkit.EpochContract;

/// Accounts go over and back with the memory engine as the live one.
final class EpochTest extends EpochContract {
    @Override
    protected Engine engine() {
        return new MemoryEngine();
    }
}
