package casella.queue;

import casella.message.Summary;

/// Files queued mail into accounts. Called on virtual threads, several at a time.
public interface Filing {
    /// What came of it.
    enum Filed {
        /// The account has it now.
        FILED,
        /// The account had it: an earlier attempt of unknown outcome had worked.
        KNOWN,
        /// There is no such account any more.
        NOBODY
    }

    /// Files `message` for one of its recipients, under that recipient's arrival and no other.
    ///
    /// @param summary of the message
    /// @throws casella.base.Fault if the account cannot be written now: it is tried again later
    Filed file(QueuedMessage message, Summary summary, QueueItem item);
}
