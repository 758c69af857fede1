package casella.jmap;

/// What the methods share beside the server's parts: what is remembered between calls, all of it derivable again.
record House(JmapServer.Parts parts, MailboxCounts counts, QueryMemory queries) {
    House(JmapServer.Parts parts) {
        this(parts, new MailboxCounts(), new QueryMemory());
    }
}
