/// Complaints (*reclami*): what people say was not right, and what became of it.
///
/// Lives here: the case ([Complaint]), what was done in it ([Step]), the register ([Complaints]) in the desk's database, and the
/// form that anybody may fill in ([ComplaintPages]). Promises: what was taken has a number and stays; what comes in twice is one
/// case; a case is answered while every engine and vault is away. Never: shows a case to whoever asks for it by its number; asks
/// whether a mailbox exists. Start reading at [Complaints].
@NullMarked
package casella.incident.complaint;

import org.jspecify.annotations.NullMarked;
