/// The re-enactment of January 2023: mailboxes are moved to a new storage that blocks all access past a number of objects
/// which nobody knows of. Once over a system that has one storage, and three times over Casella.
///
/// Begin at `January`.
@NullMarked
package casella.server.drill.january;

import org.jspecify.annotations.NullMarked;
