/// How mailboxes move to a new vault: in stages, by cohort, behind gates.
///
/// Promises: nothing rests on a vault before it was proven; a gate that fails, or that cannot be judged, halts; the way back is
/// instant from every stage; what was measured at each stage is kept.
/// Never: decides to retire the old vault. An operator does, and only when a walk of the journals allows it.
/// Start reading at [Ladder], then [Gates].
@NullMarked
package casella.continuity.ladder;

import org.jspecify.annotations.NullMarked;
