package casella.directory;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// What is kept of a password for SCRAM-SHA-256: enough to check a client, too little to be one. RFC 5802 §3.
///
/// @param salt random, 16 bytes when made here
/// @param iterations at least 4,096 (RFC 7677 §4)
/// @param storedKey H(ClientKey), 32 bytes
/// @param serverKey HMAC(SaltedPassword, "Server Key"), 32 bytes
public record ScramKeys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    /// The fewest iterations that are taken. RFC 7677 §4.
    public static final int ITERATIONS_MIN = 4_096;

    private static final int SALT_BYTES = 16;
    private static final int KEY_BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Returns keys for `password` under a new salt.
    ///
    /// @param password prepared by [SaslPrep]
    static ScramKeys of(String password, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return of(password, salt, iterations);
    }

    static ScramKeys of(String password, byte[] salt, int iterations) {
        byte[] salted = salted(password, salt, iterations);
        byte[] stored = sha256(hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII)));
        byte[] server = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
        return new ScramKeys(salt, iterations, stored, server);
    }

    /// Returns what the client knows and we do not keep.
    static byte[] clientKey(String password, byte[] salt, int iterations) {
        return hmac(salted(password, salt, iterations), "Client Key".getBytes(StandardCharsets.US_ASCII));
    }

    /// Says whether `password`, prepared by [SaslPrep], is the one these keys were made of. Takes the whole derivation.
    boolean fits(String password) {
        return MessageDigest.isEqual(of(password, salt, iterations).storedKey, storedKey);
    }

    /// Says whether `proof` shows the client key, for an exchange whose messages were `authMessage`. RFC 5802 §3.
    boolean proves(byte[] proof, byte[] authMessage) {
        byte[] clientKey = hmac(storedKey, authMessage);
        if (proof.length != clientKey.length) return false;
        for (int i = 0; i < clientKey.length; i++) clientKey[i] ^= proof[i];
        return MessageDigest.isEqual(sha256(clientKey), storedKey);
    }

    /// Returns the base64 of the server's own proof. RFC 5802 §3.
    String signature(byte[] authMessage) {
        return Base64.getEncoder().encodeToString(hmac(serverKey, authMessage));
    }

    static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Hi() is PBKDF2 with HMAC as its function and one block of output. RFC 5802 §2.2.
    private static byte[] salted(String password, byte[] salt, int iterations) {
        var spec = new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScramKeys that
                && iterations == that.iterations
                && Arrays.equals(salt, that.salt)
                && MessageDigest.isEqual(storedKey, that.storedKey)
                && MessageDigest.isEqual(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    /// Names no key.
    @Override
    public String toString() {
        return "ScramKeys[iterations=" + iterations + "]";
    }
}
