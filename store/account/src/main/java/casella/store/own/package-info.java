/// Trouble that one account has with the engine while all others are well.
///
/// Lives here: what each account's calls to the engine come to ([OwnCalls]), and the breakers of accounts that have trouble of
/// their own, with the lane that judges and probes them ([OwnBreakers]).
/// Promises: calls of one account that do not come back hold one thread of the engine and nobody else's; an engine that is slow
/// for everybody opens no account's breaker, and a few accounts at most have one that is open.
/// Never: turns an account; that is `casella.store.continuation.Turning`'s.
/// Start reading at [OwnBreakers].
@NullMarked
package casella.store.own;

import org.jspecify.annotations.NullMarked;
