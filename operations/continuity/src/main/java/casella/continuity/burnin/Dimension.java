package casella.continuity.burnin;

/// What a vault can have too much of.
public enum Dimension {
    OBJECTS("objects", "objects"),
    BYTES("bytes", "bytes"),
    ACCOUNTS("accounts", "accounts"),
    PER_ACCOUNT("objects of one account", "perAccount"),
    FAN_OUT("accounts whose ids begin alike", "fanOut"),
    CONCURRENCY("calls at the same time", "concurrency");

    private final String words;
    private final String key;

    Dimension(String words, String key) {
        this.words = words;
        this.key = key;
    }

    /// Returns what people call it.
    public String words() {
        return words;
    }

    /// Returns its name in JSON.
    public String key() {
        return key;
    }
}
