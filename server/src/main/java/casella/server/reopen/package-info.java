/// The reopening of one server: what is measured for it, what is kept of it, what operators order.
///
/// Promises: a step is on the disk before anybody is let in by it; a kill -9 goes on with it where it was.
/// Never: decides who is let in; `casella.continuity.reopen` does.
/// Start reading at [Reopenings].
@NullMarked
package casella.server.reopen;

import org.jspecify.annotations.NullMarked;
