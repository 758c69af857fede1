package casella.engine.memory;

import casella.store.engine.Engine;
import casella.testkit.AccountContract;

/// Proves that accounts hold over the memory engine.
final class MemoryAccountTest extends AccountContract {
    @Override
    protected Engine engine() {
        return new MemoryEngine();
    }
}
