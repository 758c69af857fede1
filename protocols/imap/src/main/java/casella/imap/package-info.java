/// IMAP: how mail clients list, read, flag, move and watch an account's mailboxes.
///
/// What lives here: one file a command ([Command]), the grammar ([Arguments]), the states as types ([State]), what a
/// session knows of the mailbox it selected ([Selection]), and the loop that serves one connection ([Session]).
///
/// Promises: one command at a time; never writes to the client while it holds a view or a lock of the store; tells of
/// expunges only where the protocol lets a client renumber (RFC 9051 §5.5, §7.5.1); a folder is whole or not shown.
///
/// Never: keeps mail, decides who may deliver, or holds a whole mailbox in memory beyond 8 bytes a message.
///
/// Start reading at [Session], then [Create] for a command, [Fetch] for the longest.
///
/// Sources: RFC 9051 (IMAP4rev2), RFC 3501 (IMAP4rev1), RFC 4315 (UIDPLUS), RFC 5530 (codes), RFC 6851 (MOVE),
/// RFC 7162 (CONDSTORE, QRESYNC), RFC 7888 (literals), RFC 7889 (APPENDLIMIT), RFC 8474 (OBJECTID), RFC 8514 (SAVEDATE),
/// RFC 8970 (PREVIEW).
@NullMarked
package casella.imap;

import org.jspecify.annotations.NullMarked;
