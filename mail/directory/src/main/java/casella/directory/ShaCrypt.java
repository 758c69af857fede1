package casella.directory;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `$5$` and `$6$` hashes, which mail systems on Linux keep most: checked here, never made.
///
/// Source: Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", 2007; the step numbers are his.
final class ShaCrypt {
    private static final Pattern TEXT = Pattern.compile(
            "\\$([56])\\$(?:rounds=(\\d{4,6})\\$)?([^$:\\n]{0,16})\\$([./0-9A-Za-z]{43}|[./0-9A-Za-z]{86})");
    private static final String DIGITS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ROUNDS_DEFAULT = 5_000;

    /// A password longer than this is refused before: the first steps grow with its square.
    private static final int PASSWORD_BYTES_MAX = 1_024;

    private ShaCrypt() {}

    static boolean readable(String hash) {
        Matcher matcher = TEXT.matcher(hash);
        return matcher.matches() && matcher.group(4).length() == (matcher.group(1).equals("6") ? 86 : 43);
    }

    static boolean fits(String hash, byte[] password) {
        Matcher matcher = TEXT.matcher(hash);
        if (!readable(hash) || !matcher.matches() || password.length > PASSWORD_BYTES_MAX) return false;
        boolean wide = matcher.group(1).equals("6");
        int rounds = matcher.group(2) == null ? ROUNDS_DEFAULT : Math.max(1_000, Integer.parseInt(matcher.group(2)));
        byte[] salt = matcher.group(3).getBytes(StandardCharsets.UTF_8);
        String again = encode(digest(wide ? "SHA-512" : "SHA-256", password, salt, rounds));
        return MessageDigest.isEqual(
                again.getBytes(StandardCharsets.US_ASCII), matcher.group(4).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] digest(String algorithm, byte[] key, byte[] salt, int rounds) {
        MessageDigest sha = sha(algorithm);
        byte[] b = all(sha, key, salt, key); // 4 to 8
        sha.update(key); // 2
        sha.update(salt); // 3
        sha.update(stretched(b, key.length)); // 9, 10
        for (int length = key.length; length > 0; length >>= 1) { // 11
            sha.update((length & 1) != 0 ? b : key);
        }
        byte[] a = sha.digest(); // 12
        for (int i = 0; i < key.length; i++) sha.update(key); // 13, 14
        byte[] p = stretched(sha.digest(), key.length); // 15, 16
        for (int i = 0; i < 16 + (a[0] & 0xFF); i++) sha.update(salt); // 17, 18
        byte[] s = stretched(sha.digest(), salt.length); // 19, 20
        for (int round = 0; round < rounds; round++) { // 21
            boolean odd = (round & 1) != 0;
            sha.update(odd ? p : a);
            if (round % 3 != 0) sha.update(s);
            if (round % 7 != 0) sha.update(p);
            sha.update(odd ? a : p);
            a = sha.digest();
        }
        return a;
    }

    private static byte[] all(MessageDigest sha, byte[]... parts) {
        for (byte[] part : parts) sha.update(part);
        return sha.digest();
    }

    private static byte[] stretched(byte[] digest, int length) {
        byte[] out = new byte[length];
        for (int from = 0; from < length; from += digest.length) {
            System.arraycopy(digest, 0, out, from, Math.min(digest.length, length - from));
        }
        return out;
    }

    /// 22: three bytes at a time, in an order of his own, lowest six bits first.
    private static String encode(byte[] digest) {
        var out = new StringBuilder();
        int third = digest.length / 3;
        boolean wide = digest.length == 64;
        int[] place = {0, third, 2 * third};
        for (int i = 0; i < third; i++) {
            group(out, digest[place[0]], digest[place[1]], digest[place[2]], 4);
            place = wide
                    ? new int[] {place[1] + 1, place[2] + 1, place[0] + 1}
                    : new int[] {place[2] + 1, place[0] + 1, place[1] + 1};
        }
        if (wide) group(out, (byte) 0, (byte) 0, digest[63], 2);
        else group(out, (byte) 0, digest[31], digest[30], 3);
        return out.toString();
    }

    private static void group(StringBuilder out, byte high, byte middle, byte low, int digits) {
        int bits = (high & 0xFF) << 16 | (middle & 0xFF) << 8 | (low & 0xFF);
        for (int i = 0; i < digits; i++, bits >>= 6) out.append(DIGITS.charAt(bits & 63));
    }

    private static MessageDigest sha(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
