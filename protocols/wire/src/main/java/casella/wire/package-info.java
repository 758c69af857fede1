/// Lines, literals, TLS and limits: what every line protocol needs of a socket, and no protocol.
///
/// Promises: a session is plain blocking code on one virtual thread; every wait has a deadline and every size a limit;
/// plaintext that came before a TLS handshake is never read after it; a client that does not read, does not write or
/// writes a byte a minute costs one virtual thread for a bounded time.
/// Never: knows a command, a mailbox or an account; makes certificates; makes platform threads.
/// Start reading at [Listener], then [Connection].
@NullMarked
package casella.wire;

import org.jspecify.annotations.NullMarked;
