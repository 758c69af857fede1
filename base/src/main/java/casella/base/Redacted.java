package casella.base;

/// A value that must not leave the house: it prints as a short keyless mark of its own, equal for equal values within
/// one process only.
///
/// @param value an address, a subject; never printed
public record Redacted(String value) {
    private static final int SALT = new java.security.SecureRandom().nextInt();

    @Override
    public String toString() {
        return "redacted-" + Integer.toHexString(value.hashCode() * 31 + SALT);
    }
}
