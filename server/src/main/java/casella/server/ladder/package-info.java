/// Which vaults a machine has, and how one comes into the place of another.
///
/// Promises: what is written down of the vaults outlives any end of the process, in two places; a folder whose record cannot be
/// read is not served with the wrong vaults.
/// Never: decides about gates; that is `casella.continuity.ladder`.
/// Start reading at [Migration], then [VaultsFile].
@NullMarked
package casella.server.ladder;

import org.jspecify.annotations.NullMarked;
