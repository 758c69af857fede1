package casella.queue;

/// Whether the domain a message claims to come from is proven: by SPF or DKIM, in line with its From.
public enum Proof {
    /// It is.
    ALIGNED,
    /// It was looked for, and is not there.
    NONE,
    /// Nobody had to look: mail of our own users, or of a relay that looks itself.
    UNASKED
}
