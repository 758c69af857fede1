package casella.server.control;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Text with mail addresses and addresses of machines replaced by names that mean nothing elsewhere: the same address has the
/// same name in one bundle, from a key that is thrown away with it.
final class Redacted {
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s<>\"',;:()\\[\\]{}=/]+@[^\\s<>\"',;:()\\[\\]{}=/]+");
    private static final Pattern IP4 = Pattern.compile("(?<![\\w.])\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\w.])");
    /// Two colons in a row, or seven of them between groups.
    private static final Pattern IP6 = Pattern.compile(
            "(?<![\\w:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![\\w:])"
                    + "|(?<![\\w:])(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?::(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?(?![\\w:])");

    private final SecretKeySpec key;

    Redacted() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, "HmacSHA256");
    }

    String text(String text) {
        String out = replaced(ADDRESS, "address-", text);
        return replaced(IP6, "ip-", replaced(IP4, "ip-", out));
    }

    private String replaced(Pattern pattern, String start, String text) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(start
                + name(found.group())));
    }

    private String name(String address) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] hash = mac.doFinal(address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 5);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
