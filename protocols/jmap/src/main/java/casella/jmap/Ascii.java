package casella.jmap;

/// Characters that are the same in every language of the wire.
final class Ascii {
    private Ascii() {}

    static boolean letterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
