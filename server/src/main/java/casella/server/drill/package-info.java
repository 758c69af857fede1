/// Drills: real trouble in the running server, on purpose, for a while, measured.
///
/// Lives here: the parts that can be made to suffer ([DrilledEngine], [DrilledVault]), what happens in a drill ([Run]), what
/// is measured meanwhile ([Owner], [Sender], [OpenClient]) and what is said of it afterwards ([Findings], [Report]).
/// Promises: one drill at a time; its fault ends at its time whatever becomes of whoever asked for it, at once when
/// something goes that the drill did not touch, when owners are in the dark, and with the process. Nothing of a fault is
/// ever written anywhere. Without a drill a call costs one volatile read more.
/// Never: makes up owners, writes into anybody's account but its own, says what it did not measure.
/// January 2023 is re-enacted beside the running server, in [casella.server.drill.january].
///
/// Start reading at [Drills]. Page: docs/operations/drills.md.
@NullMarked
package casella.server.drill;

import org.jspecify.annotations.NullMarked;
