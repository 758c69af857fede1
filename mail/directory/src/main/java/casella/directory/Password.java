package casella.directory;

/// A password to be set: in clear, or hashed by another system. Never prints itself.
public final class Password {
    private final String text;
    private final boolean hashed;

    private Password(String text, boolean hashed) {
        this.text = text;
        this.hashed = hashed;
    }

    /// A password in clear, 1 to 1,024 bytes of UTF-8.
    public static Password clear(String text) {
        return new Password(text, false);
    }

    /// A hash with its scheme in braces, as Dovecot writes them: `{BLF-CRYPT}$2y$…`; see [PasswordHash] for which.
    public static Password hashed(String text) {
        return new Password(text, true);
    }

    /// Takes `text` as a hash if it begins with a scheme in braces that is known here, else as clear.
    public static Password either(String text) {
        return PasswordHash.hasScheme(text) ? hashed(text) : clear(text);
    }

    String text() {
        return text;
    }

    boolean isHashed() {
        return hashed;
    }

    @Override
    public String toString() {
        return hashed ? "Password[hashed]" : "Password[clear]";
    }
}
