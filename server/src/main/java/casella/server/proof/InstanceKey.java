package casella.server.proof;

import casella.base.Fault;
import casella.base.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;

/// The Ed25519 key pair of a data folder, made once.
///
/// ```text
/// instance.key   0600: the first line, then the private half (PKCS #8) and the public one, both PEM
/// instance.pub   the first line and the public half, for people; made again where it is missing
/// ```
///
/// The first line is `Casella instance key, format 1`; tools that read PEM pass over it.
public final class InstanceKey {
    /// The number in the first line. 1: first.
    private static final int FORMAT = 1;

    private static final String ALGORITHM = "Ed25519";
    private static final String FIRST = "Casella instance key, format ";
    /// An Ed25519 public key in X.509's form is these 12 bytes and the 32 of the key.
    private static final int RAW_AT = 12;

    private final PrivateKey secret;
    private final Public open;

    private InstanceKey(PrivateKey secret, Public open) {
        this.secret = secret;
        this.open = open;
    }

    /// The half that everybody may have.
    public record Public(PublicKey key) {
        /// Returns the name of the key: the SHA-256 of its 32 bytes, in hexadecimal.
        public String id() {
            return Sha256.of(raw()).toString();
        }

        /// Returns its 32 bytes.
        public byte[] raw() {
            byte[] encoded = key.getEncoded();
            return Arrays.copyOfRange(encoded, RAW_AT, encoded.length);
        }

        /// Returns the text of `instance.pub`.
        public String text() {
            return FIRST + FORMAT + "\n" + KeyFile.pem("PUBLIC KEY", key.getEncoded());
        }

        /// Returns the key that `text` holds.
        ///
        /// @throws Fault.Corrupt if it holds none, or a newer version wrote it
        public static Public parse(String text) {
            KeyFile.check(text, FIRST, FORMAT);
            try {
                var spec = new X509EncodedKeySpec(KeyFile.block(text, "PUBLIC KEY"));
                return new Public(KeyFactory.getInstance(ALGORITHM).generatePublic(spec));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new Fault.Corrupt("Public key unreadable", Map.of(), e);
            }
        }

        /// Says whether `signature` is this key's over `bytes`.
        public boolean signed(byte[] bytes, byte[] signature) {
            try {
                Signature check = Signature.getInstance(ALGORITHM);
                check.initVerify(key);
                check.update(bytes);
                return check.verify(signature);
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    }

    /// Returns the key of `folder`, made now if there is none. Blocks on files.
    ///
    /// @throws Fault.Corrupt if there is one that cannot be read, that others may read, or that a newer version wrote: it is
    ///         never replaced
    /// @throws IOException if it cannot be made or read
    public static InstanceKey open(Path folder) throws IOException {
        Path file = folder.resolve("instance.key");
        InstanceKey key;
        try {
            key = parse(KeyFile.read(file));
        } catch (NoSuchFileException e) {
            key = make(file);
        }
        Path told = folder.resolve("instance.pub");
        if (!Files.exists(told)) {
            KeyFile.write(told, key.open.text(), KeyFile.EVERYBODY);
        }
        return key;
    }

    private static InstanceKey make(Path file) throws IOException {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            var key = new InstanceKey(pair.getPrivate(), new Public(pair.getPublic()));
            String text = FIRST + FORMAT + "\n" + KeyFile.pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                    + KeyFile.pem("PUBLIC KEY", pair.getPublic().getEncoded());
            KeyFile.write(file, text, KeyFile.OWNER_ALONE);
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has Ed25519
        }
    }

    private static InstanceKey parse(String text) {
        Public open = Public.parse(text);
        try {
            var spec = new PKCS8EncodedKeySpec(KeyFile.block(text, "PRIVATE KEY"));
            var key = new InstanceKey(KeyFactory.getInstance(ALGORITHM).generatePrivate(spec), open);
            byte[] trial = FIRST.getBytes(StandardCharsets.US_ASCII);
            if (!open.signed(trial, key.sign(trial))) {
                throw new Fault.Corrupt("Instance key: halves differ", Map.of());
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Instance key unreadable", Map.of(), e);
        }
    }

    /// Returns the half that everybody may have.
    public Public published() {
        return open;
    }

    /// Returns the signature over `bytes`, 64 bytes.
    public byte[] sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // the key is Ed25519's
        }
    }

    @Override
    public String toString() {
        return "InstanceKey " + open.id();
    }
}
