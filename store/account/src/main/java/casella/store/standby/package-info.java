/// Standby and epochs: an account goes on without its engine, and comes back to it.
///
/// Lives here: who serves an account ([Registry], [Claim]), what serves it while its engine does not
/// ([StandbyViews], [StandbyView]: rows made of checkpoint, segments and tail as they are asked for), the
/// engine that everybody else sees ([SwitchedEngine]), and the way out and back ([Standby]).
/// Promises: an epoch is claimed and synced before anything is written under it; a late write of an older
/// epoch is refused; over a whole tail UIDs and mod-sequences go on without a gap; an opening or a return
/// that broke off anywhere is begun again with nothing lost.
/// Never: gives out an epoch twice, serves an account whose journal does not lead to its newest entry, or
/// erases a live view before what it alone has is kept.
/// Start reading at [Standby]; the registry's format is docs/formats/registry.md.
@NullMarked
package casella.store.standby;

import org.jspecify.annotations.NullMarked;
