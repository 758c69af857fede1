package casella.wire;

/// Why a connection ended.
public enum CloseReason {
    /// The session said all it had to say.
    DONE("done"),
    /// The client closed.
    CLIENT_LEFT("client-left"),
    /// The network broke.
    LOST("lost"),
    /// Nothing came for the idle time.
    IDLE("idle"),
    /// A line or a body began and then came too slowly.
    STALLED("stalled"),
    /// The client does not read what it asked for.
    NOT_READING("not-reading"),
    /// The handshake failed, or plaintext stood where it should begin.
    TLS_FAILED("tls-failed"),
    /// The server is stopping.
    STOPPING("stopping"),
    /// A mistake of ours.
    FAILED("failed");

    private final String label;

    CloseReason(String label) {
        this.label = label;
    }

    /// Returns the word for logs and metrics.
    public String label() {
        return label;
    }
}
