/// The event that this system answers, at small scale: storage that serves until it holds too much, and then nothing.
///
/// Promises: what it is given it keeps, also what it was given while it answered nobody.
/// Never: is part of a server that serves owners, unless an operator put it there.
/// Start reading at [ThresholdVault].
@NullMarked
package casella.continuity.reenactment;

import org.jspecify.annotations.NullMarked;
