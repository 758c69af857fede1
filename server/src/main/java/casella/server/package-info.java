/// The program: what starts, wires and runs everything else.
///
/// Promises: everything is wired by hand in one readable place; this is the only module that names concrete engines and
/// vaults; the process ends cleanly within 10 s of being asked.
/// Never: reads mail, decides what a protocol answers.
/// Start reading at [Main], then [Launch].
@NullMarked
package casella.server;

import org.jspecify.annotations.NullMarked;
