package casella.jmap;

import casella.base.Arrivals;

/// What the methods share beside the server's parts: what is remembered between calls, all of it
/// derivable again.
///
/// @param names makes ids that nobody has: of submissions, in Message-ID
record House(JmapServer.Parts parts, MailboxCounts counts, QueryMemory queries, Arrivals names) {
    House(JmapServer.Parts parts) {
        this(parts, new MailboxCounts(), new QueryMemory(), new Arrivals(parts.clock()));
    }
}
