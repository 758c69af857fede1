/// The engine without a disk: every test's.
///
/// Lives here: [MemoryEngine], over the immutable tree of [casella.store.engine.SortedRows].
/// Promises: the contract of every engine (`casella.testkit.EngineContract`) but durability; a read never waits for a
/// write. A write costs its own rows and a logarithm, however large the account.
/// Never: blocks, opens a file, or starts a thread; it therefore needs no bulkhead and runs on its callers' threads.
/// Start reading at [MemoryEngine].
@NullMarked
package casella.engine.memory;

import org.jspecify.annotations.NullMarked;
