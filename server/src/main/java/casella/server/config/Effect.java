package casella.server.config;

/// When a changed value holds.
public enum Effect {
    /// From the next start.
    RESTART("restart"),
    /// From the next start, for what is made from then on.
    NEW_ONLY("restart, for what is new"),
    /// Moving it means moving files while the server is stopped.
    MOVE("restart, after moving the files");

    private final String words;

    Effect(String words) {
        this.words = words;
    }

    /// Returns how the reference says it.
    public String words() {
        return words;
    }
}
