/// What happens between "the message is complete" and "the account has it".
///
/// Promises: synchronous; an outcome for each recipient, and `Kept` only when the store said so; trace fields are put
/// before what came, nothing else of it is changed; a message kept for some recipients and sent again for the others is
/// not kept twice for the first.
/// Never: opens a socket, speaks a protocol, decides what the client is told.
/// Start reading at [Delivery]. RFCs: 5321 §4.4 (trace), 3848 and 6531 (how it came), 5233 (details).
@NullMarked
package casella.delivery;

import org.jspecify.annotations.NullMarked;
