package casella.imap;

/// What a command leaves behind: the next state and its tagged reply.
///
/// @param highest whether the reply is to carry the mailbox's last mod-sequence, once all up to it is told.
///                RFC 7162 §3.2.7
record Turn(State next, Reply reply, boolean highest) {
    Turn(State next, Reply reply) {
        this(next, reply, false);
    }

    /// Returns the turn with the mod-sequence up to which the client knows everything.
    Turn told(Selection selection) {
        return new Turn(next, Reply.ok(new Code.Counter("HIGHESTMODSEQ", selection.seen().value()), reply.text()));
    }
}
