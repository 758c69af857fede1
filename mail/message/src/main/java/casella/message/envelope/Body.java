package casella.message.envelope;

import java.util.Optional;

/// What the lines of a message hold, as MAIL says it. The numbers are in the queue's files and never change.
public enum Body {
    /// ASCII, in lines. RFC 6152 §2
    SEVEN_BIT(0, "7BIT"),
    /// Any bytes, in lines. RFC 6152 §2
    EIGHT_BIT_MIME(1, "8BITMIME"),
    /// Any bytes, no lines: only by BDAT. RFC 3030 §3
    BINARY_MIME(2, "BINARYMIME");

    private final int number;
    private final String word;

    Body(int number, String word) {
        this.number = number;
        this.word = word;
    }

    public int number() {
        return number;
    }

    /// Returns the value of `BODY=`.
    public String word() {
        return word;
    }

    /// Returns the body type a `BODY=` says, whatever its case; empty for none there is.
    public static Optional<Body> parse(String value) {
        for (Body body : values()) if (body.word.equalsIgnoreCase(value)) return Optional.of(body);
        return Optional.empty();
    }

    /// Returns the body type with this number; empty for none there is.
    public static Optional<Body> of(int number) {
        for (Body body : values()) if (body.number == number) return Optional.of(body);
        return Optional.empty();
    }
}
