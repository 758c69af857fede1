/// POP3: how simple clients fetch the inbox and, if they like, empty it.
///
/// What lives here: one file a command ([Command]), the two states ([State]), the inbox as it was at log-in
/// ([Snapshot]), and the loop that serves one connection ([Session]).
///
/// Promises: a session sees the inbox of the moment it logged in, whatever happens meanwhile; nothing is removed before
/// QUIT (RFC 1939 §6); what is sent is byte for byte what was stored. Sessions need no lock: several may be open.
///
/// Never: shows a part of an inbox; marks a message as read; keeps more of an inbox in memory than 28 bytes a message.
///
/// Start reading at [Session], then [Retr].
///
/// Sources: RFC 1939 (POP3), RFC 2449 (CAPA, RESP-CODES, PIPELINING), RFC 2595 (STLS), RFC 3206 (SYS, AUTH),
/// RFC 5034 (AUTH).
@NullMarked
package casella.pop3;

import org.jspecify.annotations.NullMarked;
