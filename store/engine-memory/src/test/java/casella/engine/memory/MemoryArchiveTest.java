package casella.engine.memory;

import casella.store.engine.Engine;
import casella.testkit.ArchiveContract;

/// Proves that the archive holds over the memory engine.
final class MemoryArchiveTest extends ArchiveContract {
    @Override
    protected Engine engine() {
        return new MemoryEngine();
    }
}
