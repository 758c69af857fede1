package casella.base;

/// Crockford base 32: how ids are written for people. No I, L, O, U; lower case; no check digit.
///
/// Source: Douglas Crockford, "Base 32". Reading accepts upper case and takes `i l` as 1 and `o` as 0.
public final class Base32 {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private Base32() {}

    /// Returns `digits` digits of the lowest `5 * digits` bits of `high:low`, most significant first.
    public static String write(long high, long low, int digits) {
        char[] out = new char[digits];
        for (int i = digits - 1; i >= 0; i--) {
            out[i] = DIGITS.charAt((int) (low & 31));
            low = (low >>> 5) | (high << 59);
            high >>>= 5;
        }
        return new String(out);
    }

    /// Returns `{high, low}` of the number `text` says.
    ///
    /// @throws IllegalArgumentException if a character is no digit or the number is longer than 128 bits
    public static long[] read(String text) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < text.length(); i++) {
            if (high >>> 59 != 0) throw new IllegalArgumentException("id: more than 128 bits");
            high = (high << 5) | (low >>> 59);
            low = (low << 5) | digit(text.charAt(i));
        }
        return new long[] {high, low};
    }

    private static int digit(char c) {
        char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
        int value =
                switch (lower) {
                    case 'o' -> 0;
                    case 'i', 'l' -> 1;
                    default -> DIGITS.indexOf(lower);
                };
        if (value < 0) throw new IllegalArgumentException("id: '" + c + "' is not a base 32 digit");
        return value;
    }
}
