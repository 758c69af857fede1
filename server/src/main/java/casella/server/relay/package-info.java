/// The way out while something is wrong here: a mail server that is not this one, configured under `alerts`.
///
/// Lives here: [Relay], which speaks SMTP to it.
/// Promises: nothing of the store, the queue or the directory is asked; each step ends within ten seconds.
/// Never: writes what it carries, or a password, anywhere.
/// Start reading at [Relay].
@NullMarked
package casella.server.relay;

import org.jspecify.annotations.NullMarked;
