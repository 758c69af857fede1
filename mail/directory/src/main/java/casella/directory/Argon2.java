package casella.directory;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// The cost of an argon2id hash, and the hash itself as text: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. RFC 9106 §3.1.
///
/// @param memoryKib 8 to 1,048,576
/// @param passes 1 to 64
/// @param lanes 1 to 16
public record Argon2(int memoryKib, int passes, int lanes) {
    /// 19 MiB, two passes, one lane: the least OWASP advises, and what keeps hundreds of log-ins at once within memory.
    public static final Argon2 OWASP = new Argon2(19_456, 2, 1);

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern TEXT = Pattern.compile(
            "\\$argon2(id|i|d)\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

    public Argon2 {
        if (memoryKib < 8
                || memoryKib > 1 << 20) throw new IllegalArgumentException("argon2 memory: must be 8 to 1048576 KiB");
        if (passes < 1 || passes > 64) throw new IllegalArgumentException("argon2 passes: must be 1 to 64");
        if (lanes < 1 || lanes > 16) throw new IllegalArgumentException("argon2 lanes: must be 1 to 16");
        if (memoryKib < 8 * lanes) throw new IllegalArgumentException("argon2 memory: must be 8 KiB a lane or more");
    }

    /// Returns the text of a hash of `password` under a new salt. Takes the whole cost: call it on the cores' bulkhead.
    public String hash(byte[] password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        byte[] hash = compute(Argon2Parameters.ARGON2_id, salt, password, HASH_BYTES);
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return prefix() + encoder.encodeToString(salt) + "$" + encoder.encodeToString(hash);
    }

    /// Returns the text of a hash of this cost whose password nobody knows.
    public String nobody() {
        return prefix() + "A".repeat(22) + "$" + "A".repeat(43);
    }

    /// Says whether `text` was made with this cost.
    boolean made(String text) {
        return text.startsWith(prefix());
    }

    private String prefix() {
        return "$argon2id$v=19$m=" + memoryKib + ",t=" + passes + ",p=" + lanes + "$";
    }

    /// Says whether `text` is the hash of `password`; empty if it is no argon2 hash.
    public static Optional<Boolean> fits(String text, byte[] password) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) return Optional.empty();
        int type = switch (matcher.group(1)) {
            case "id" -> Argon2Parameters.ARGON2_id;
            case "i" -> Argon2Parameters.ARGON2_i;
            default -> Argon2Parameters.ARGON2_d;
        };
        try {
            var cost = new Argon2(number(matcher, 2), number(matcher, 3), number(matcher, 4));
            byte[] salt = Base64.getDecoder().decode(matcher.group(5));
            byte[] hash = Base64.getDecoder().decode(matcher.group(6));
            return Optional.of(MessageDigest.isEqual(hash, cost.compute(type, salt, password, hash.length)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Says whether `text` is an argon2 hash whose cost is within the limits.
    static boolean readable(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) return false;
        try {
            var _ = new Argon2(number(matcher, 2), number(matcher, 3), number(matcher, 4));
            Base64.getDecoder().decode(matcher.group(5));
            Base64.getDecoder().decode(matcher.group(6));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private byte[] compute(int type, byte[] salt, byte[] password, int hashBytes) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(type)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] out = new byte[hashBytes];
        generator.generateBytes(password, out);
        return out;
    }
}
