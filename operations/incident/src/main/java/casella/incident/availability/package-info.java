/// The availability record: when each capability did not work for each account, as it was measured.
///
/// Lives here: what counts as not working and where that is measured ([Cause], the one place that defines it), the intervals by scope
/// and by account in the desk's database, the [Recorder] that writes them, one account's record ([AccountRecord], a pure function),
/// and the pass over all accounts ([Pass]).
/// Promises: nothing is declared, everything is measured; writing costs whoever is measured a look at memory; what a `kill -9` takes
/// of the last second lies in the gap that the heartbeat leaves.
/// Never: waits for engine or vaults, or says why an owner should be compensated.
/// Start reading at [Cause], then [AccountRecord]. The tables: docs/formats/availability.md.
@NullMarked
package casella.incident.availability;

import org.jspecify.annotations.NullMarked;
