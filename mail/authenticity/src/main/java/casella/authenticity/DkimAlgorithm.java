package casella.authenticity;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Optional;

/// How a hash is signed. RFC 6376 §3.3, RFC 8463 §3. SHA-1 is no algorithm any more (RFC 8301 §3.1).
enum DkimAlgorithm {
    RSA_SHA256("rsa-sha256", "rsa", "SHA256withRSA"),
    /// The hash itself is what is signed, so it is hashed before. RFC 8463 §3.
    ED25519_SHA256("ed25519-sha256", "ed25519", "Ed25519");

    /// Shorter RSA keys are no keys. RFC 8301 §3.2.
    static final int RSA_BITS_MIN = 1_024;
    /// An Ed25519 public key in X.509's form is these 12 bytes and the 32 of the key.
    private static final int RAW_AT = 12;

    private final String word;
    private final String keyType;
    private final String jdk;

    DkimAlgorithm(String word, String keyType, String jdk) {
        this.word = word;
        this.keyType = keyType;
        this.jdk = jdk;
    }

    /// @throws IllegalArgumentException if no algorithm uses such a key
    static DkimAlgorithm of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() >= RSA_BITS_MIN) return RSA_SHA256;
        if (key instanceof EdECPublicKey && key.getEncoded().length == RAW_AT + 32) return ED25519_SHA256;
        throw new IllegalArgumentException("key: must be RSA of at least 1024 bits, or Ed25519");
    }

    /// Returns the one that `a=` names. RFC 6376 §3.5: its case counts.
    static Optional<DkimAlgorithm> named(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findAny();
    }

    String word() {
        return word;
    }

    /// Returns what `k=` of the key's record says.
    String keyType() {
        return keyType;
    }

    /// Returns what `p=` of the key's record holds.
    byte[] published(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return switch (this) {
            case RSA_SHA256 -> encoded;
            case ED25519_SHA256 -> Arrays.copyOfRange(encoded, RAW_AT, encoded.length);
        };
    }

    byte[] sign(PrivateKey key, byte[] header) {
        try {
            Signature signature = Signature.getInstance(jdk);
            signature.initSign(key);
            signature.update(signed(header));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // the halves are of one kind, and every JDK has these
        }
    }

    boolean verify(PublicKey key, byte[] header, byte[] signature) {
        try {
            Signature check = Signature.getInstance(jdk);
            check.initVerify(key);
            check.update(signed(header));
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private byte[] signed(byte[] header) {
        return switch (this) {
            case RSA_SHA256 -> header;
            case ED25519_SHA256 -> casella.base.Sha256.digest().digest(header);
        };
    }
}
