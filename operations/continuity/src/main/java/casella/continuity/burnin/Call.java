package casella.continuity.burnin;

/// What is asked of a vault.
public enum Call {
    PUT("put"),
    GET("get"),
    /// Up to 100 objects of an account.
    LIST("list"),
    DELETE("delete");

    private final String word;

    Call(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
