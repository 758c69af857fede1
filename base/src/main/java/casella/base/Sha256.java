package casella.base;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// The SHA-256 of some bytes: 32 bytes, compared by content. FIPS 180-4.
public final class Sha256 implements Comparable<Sha256> {
    public static final int BYTES = 32;
    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Returns the hash of `content`.
    public static Sha256 of(byte[] content) {
        return new Sha256(digest().digest(content));
    }

    /// Returns the hash whose 32 bytes are `hash`.
    public static Sha256 wrap(byte[] hash) {
        if (hash.length != BYTES) throw new IllegalArgumentException("sha256: not 32 bytes");
        return new Sha256(hash.clone());
    }

    /// Returns the hash that 64 hexadecimal digits say.
    public static Sha256 parse(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    /// Returns a digest to feed; every JDK has it.
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(Sha256 other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
