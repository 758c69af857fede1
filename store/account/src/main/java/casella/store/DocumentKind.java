package casella.store;

/// What is kept in an account beside mail. The numbers are stored and never change.
public enum DocumentKind {
    SETTING(1),
    IDENTITY(2),
    SUBMISSION(3),
    SIEVE(4),
    CONTACT(5);

    /// Documents of one kind an account may have.
    public static final int COUNT_MAX = 100_000;
    /// Bytes one document may have.
    public static final int BYTES_MAX = 128 << 10;

    private final int number;

    DocumentKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// @throws IllegalArgumentException if no kind has `number`
    public static DocumentKind of(int number) {
        for (DocumentKind kind : values()) if (kind.number == number) return kind;
        throw new IllegalArgumentException("document kind: unknown number " + number);
    }
}
