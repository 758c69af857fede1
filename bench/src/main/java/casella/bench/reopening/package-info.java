/// A simulation of everybody coming back after a fault of days: all at once, and let in by the classes of
/// `casella.continuity.reopen` and `casella.queue.Pace` themselves.
///
/// Promises: the same seed gives the same run; the controllers are those of the server, not copies.
/// Never: says how fast a real store is; it compares two ways of opening one.
/// Start reading at [Simulation].
@NullMarked
package casella.bench.reopening;

import org.jspecify.annotations.NullMarked;
