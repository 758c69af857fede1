/// Mail for other servers: where names are looked up, how it is sent, and how senders hear of it.
@NullMarked
package casella.server.outgoing;

import org.jspecify.annotations.NullMarked;
