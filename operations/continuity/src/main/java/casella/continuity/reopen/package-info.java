/// Letting everybody in again after a fault, a part at a time.
///
/// Promises: nobody who is let in is put out again; who is not in yet is told his place, an estimate made of what is
/// measured, and when to ask again; a step is taken only while everything measured is good, and missing figures are bad
/// ones. The same classes decide in the server and in the simulation (`casella.bench`).
/// Never: waits, reads or writes anything but its own memory; [Doors] alone has a log-in wait for a moment.
/// Start reading at [Reopening].
@NullMarked
package casella.continuity.reopen;

import org.jspecify.annotations.NullMarked;
