/// What brands say to owners in their own name, by mail.
///
/// Lives here: the door for every such message ([Voice]), its words ([Words]) and the message that a mailbox is back
/// ([BackAgain]).
/// Promises: plain text without anything to click; signed by the brand; each owner is told each thing once.
/// Never: answers, notices or shows anything: those do not wait for the store, and this does.
/// Start reading at [Voice]. RFC 3834, RFC 6376.
@NullMarked
package casella.incident.voice;

import org.jspecify.annotations.NullMarked;
