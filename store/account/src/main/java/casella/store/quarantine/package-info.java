/// An account whose data ends the process twice is set aside alone: everybody else is served.
///
/// Lives here: marks of what is done with which account, in a file that outlives the process ([UnderWay]); the judgement over
/// what a dead process left ([Suspects]); the list of who is set aside ([AccountQuarantine]); and the engine that keeps
/// everybody from the rows of such an account ([GuardedEngine]).
/// Promises: nothing of an account set aside is read, changed or lost; mail for it waits in the queue.
/// Never: judges after a clean stop or a power loss, or sets more than a few accounts aside by itself.
/// Start reading at [AccountQuarantine]; the format page is docs/formats/quarantine.md.
@NullMarked
package casella.store.quarantine;

import org.jspecify.annotations.NullMarked;
