/// The trial of a new vault before anybody's mail is in it: filled past what it shall hold, read back, emptied.
///
/// Promises: nothing is said to be good that was not tried; a vault that hangs ends the trial with a verdict; what is put
/// in bears ids that are nobody's, and is removed.
/// Never: knows a server, a technology, or an owner's mail.
/// Start reading at [BurnIn].
@NullMarked
package casella.continuity.burnin;

import org.jspecify.annotations.NullMarked;
