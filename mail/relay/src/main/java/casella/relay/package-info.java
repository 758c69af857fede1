/// Brings queued mail to other servers: where to, how protected, how often, and what senders are told.
///
/// `Relay` takes what is ready from `RemoteQueue`, one domain at a time; `Routes` finds its servers, `SmtpClient` speaks
/// with one, `Fate` is what became of a recipient, `Report` tells the sender. Plain blocking code on virtual threads.
@NullMarked
package casella.relay;

import org.jspecify.annotations.NullMarked;
