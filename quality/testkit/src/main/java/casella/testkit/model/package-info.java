/// The model test: accounts used by dice against a plain model in memory, while everything below them fails
/// by dice.
///
/// Lives here: the model of one account ([AccountModel]), what is done to it ([Step]), parts that fail by
/// dice ([TroubledEngine], [TroubledVault], [TroubledJournal], by the dice of [Fates]), and the run itself
/// ([ModelRun]) over a machine of the test's choice ([Machine]).
/// Promises: one seed gives one run: the same operations, the same faults at the same calls.
/// Never: guesses what an operation of unknown outcome did; it keeps every state the account may be in until
/// it is told. Start reading at [ModelRun].
@NullMarked
package casella.testkit.model;

import org.jspecify.annotations.NullMarked;
