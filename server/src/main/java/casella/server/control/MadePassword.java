package casella.server.control;

import java.security.SecureRandom;

/// Passwords that are made for somebody, told once, and can be read out.
public final class MadePassword {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private MadePassword() {}

    /// Returns groups of four letters and digits, nearly 20 bits each: `h7kc-…`.
    public static String of(int groups) {
        var out = new StringBuilder();
        for (int i = 0; i < 4 * groups; i++) {
            if (i > 0 && i % 4 == 0) out.append('-');
            out.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return out.toString();
    }
}
