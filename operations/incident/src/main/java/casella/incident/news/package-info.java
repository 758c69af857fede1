/// News for owners who cannot open their mailbox, at an address elsewhere that they confirmed before.
///
/// Lives here: the addresses ([Addresses]), what is written to them ([News]), and the page on which it is asked for ([NewsPages]).
/// Promises: the page answers the same, at once, whether or not there is such a mailbox or address; nobody is written to who did not
/// confirm it; an address gets news at most every half hour; nothing of it waits for the store.
/// Never: mails a link, a password, or anything out of a mailbox.
/// Start reading at [News].
@NullMarked
package casella.incident.news;

import org.jspecify.annotations.NullMarked;
