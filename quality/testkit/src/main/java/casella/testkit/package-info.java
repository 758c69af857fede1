/// What every room's tests share: contracts, faulty parts, players.
///
/// Lives here: the contracts that each engine and each vault passes ([EngineContract], [VaultContract]), and parts that fail on command
/// ([FaultyEngine], [FaultyVault]; what they can suffer is [Trouble]); mails to try everything with ([Corpus]).
/// Promises: no mock library; a fault is one that a real disk or a real native library shows.
/// Never: runs in the product.
/// Start reading at [EngineContract].
@NullMarked
package casella.testkit;

import org.jspecify.annotations.NullMarked;
