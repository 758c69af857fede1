package casella.imap;

/// What a command leaves behind: the next state and its tagged reply.
record Turn(State next, Reply reply) {}
