/// The engine without a disk: the standby's, and every test's.
///
/// Lives here: [MemoryEngine] and the immutable tree it keeps rows in ([SortedRows]).
/// Promises: the contract of every engine (`casella.testkit.EngineContract`) but durability; a read never waits for a
/// write. A write costs its own rows and a logarithm, however large the account.
/// Never: blocks, opens a file, or starts a thread; it therefore needs no bulkhead and runs on its callers' threads.
/// Start reading at [MemoryEngine].
@NullMarked
package casella.engine.memory;

import org.jspecify.annotations.NullMarked;
