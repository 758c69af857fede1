/// Who is told when something is wrong.
///
/// Lives here: what an alert says ([Alert]), when it is sent ([Alerts]), the queue of one way to send it ([Outbox]), and the
/// two ways there are: a webhook ([Webhook]) and mail over a server that is not this one ([Mailed]).
/// Promises: a way that does not work costs the other nothing; what begins and what ends is told once, what lasts now and
/// then; nothing is told about an account or an address.
/// Never: finds out what is wrong (room `health`), sends through this server's own queue.
/// Start reading at [Alerts].
@NullMarked
package casella.server.alert;

import org.jspecify.annotations.NullMarked;
