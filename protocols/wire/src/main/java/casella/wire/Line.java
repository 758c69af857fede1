package casella.wire;

/// What [Connection#readLine(int)] read. A line feed always ends a line; how it was ended is told, so that one protocol
/// may refuse what another forgives.
public sealed interface Line {
    /// A line ended by CRLF, with no other CR in it.
    ///
    /// @param bytes without the line end; may hold NUL and anything above 127
    record Whole(byte[] bytes) implements Line {}

    /// A line with a flaw in its line end: the stuff of smuggling (RFC 5321 §2.3.8). SMTP refuses it; IMAP and POP3 may
    /// take `bytes` as they are.
    ///
    /// @param bytes without the line end
    /// @param lfAlone the line was ended by LF without CR
    /// @param crAlone a CR that is not part of the line end stands in `bytes`
    record Flawed(byte[] bytes, boolean lfAlone, boolean crAlone) implements Line {}

    /// A line longer than allowed. What followed was thrown away up to its end.
    ///
    /// @param start the first bytes of it, at most 256: enough to find an IMAP tag
    /// @param ended false if even what was thrown away reached its limit: the session must close
    record TooLong(byte[] start, boolean ended) implements Line {}

    /// The client closed its side. What it had begun is dropped.
    record Ended() implements Line {}
}
