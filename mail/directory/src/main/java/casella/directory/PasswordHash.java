package casella.directory;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/// Hashes as they are kept: ours (`$argon2id$…`) and those other systems brought along, with their scheme in braces.
///
/// A foreign hash serves until its owner's next log-in, which replaces it by an argon2id hash and SCRAM keys.
final class PasswordHash {
    /// The schemes that are taken, as Dovecot names them.
    static final List<String> SCHEMES = List.of(
            "ARGON2ID", "ARGON2I", "BLF-CRYPT", "SHA512-CRYPT", "SHA256-CRYPT", "SSHA512", "SSHA256", "SSHA", "CRYPT");

    private static final int HASH_CHARS_MAX = 512;

    private PasswordHash() {}

    /// Says whether `text` begins with a scheme that is taken.
    static boolean hasScheme(String text) {
        int end = text.indexOf('}');
        return text.startsWith("{") && end > 0 && SCHEMES.contains(text.substring(1, end).toUpperCase(Locale.ROOT));
    }

    /// Returns `text`, a foreign hash, as it is kept; empty if it is not one that could ever fit.
    static Optional<String> kept(String text) {
        int end = text.indexOf('}');
        if (!hasScheme(text) || text.length() > HASH_CHARS_MAX) return Optional.empty();
        String scheme = text.substring(1, end).toUpperCase(Locale.ROOT);
        String hash = text.substring(end + 1);
        boolean known = switch (scheme) {
            case "ARGON2ID", "ARGON2I" -> Argon2.readable(hash);
            case "BLF-CRYPT" -> bcrypt(hash);
            case "SHA512-CRYPT", "SHA256-CRYPT" -> ShaCrypt.readable(hash);
            case "CRYPT" -> bcrypt(hash) || ShaCrypt.readable(hash);
            default -> salted(scheme, hash).isPresent();
        };
        if (!known) return Optional.empty();
        return Optional.of(scheme.equals("ARGON2ID") ? hash : "{" + scheme + "}" + hash);
    }

    /// Says whether `stored` is the hash of a password.
    ///
    /// @param raw as the client sent it: what a foreign system hashed
    /// @param prepared by [SaslPrep], in UTF-8: what we hashed; null if it could not be prepared
    static boolean fits(String stored, byte[] raw, byte @Nullable [] prepared) {
        if (!stored.startsWith("{")) {
            return prepared != null && Argon2.fits(stored, prepared).orElse(false);
        }
        int end = stored.indexOf('}');
        String scheme = stored.substring(1, end);
        String hash = stored.substring(end + 1);
        return switch (scheme) {
            case "ARGON2I" -> Argon2.fits(hash, raw).orElse(false);
            case "BLF-CRYPT" -> bcryptFits(hash, raw);
            case "SHA512-CRYPT", "SHA256-CRYPT" -> ShaCrypt.fits(hash, raw);
            case "CRYPT" -> bcrypt(hash) ? bcryptFits(hash, raw) : ShaCrypt.fits(hash, raw);
            default -> salted(scheme, hash).map(salted -> salted.fits(raw)).orElse(false);
        };
    }

    private static boolean bcrypt(String hash) {
        return hash.matches("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");
    }

    private static boolean bcryptFits(String hash, byte[] raw) {
        // bcrypt reads 72 bytes and no more; other systems cut silently, so do we for their hashes
        byte[] cut = raw.length > 72 ? Arrays.copyOf(raw, 72) : raw;
        return OpenBSDBCrypt.checkPassword(hash, cut);
    }

    private record Salted(String algorithm, byte[] digest, byte[] salt) {
        boolean fits(byte[] raw) {
            try {
                MessageDigest sha = MessageDigest.getInstance(algorithm);
                sha.update(raw);
                sha.update(salt);
                return MessageDigest.isEqual(sha.digest(), digest);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }
    }

    private static Optional<Salted> salted(String scheme, String hash) {
        String algorithm = switch (scheme) {
            case "SSHA512" -> "SHA-512";
            case "SSHA256" -> "SHA-256";
            default -> "SHA-1";
        };
        int length = switch (scheme) {
            case "SSHA512" -> 64;
            case "SSHA256" -> 32;
            default -> 20;
        };
        try {
            byte[] bytes = Base64.getDecoder().decode(hash);
            if (bytes.length <= length || bytes.length > length + 64) return Optional.empty();
            byte[] digest = Arrays.copyOf(bytes, length);
            byte[] salt = Arrays.copyOfRange(bytes, length, bytes.length);
            return Optional.of(new Salted(algorithm, digest, salt));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
