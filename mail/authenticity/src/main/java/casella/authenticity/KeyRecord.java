package casella.authenticity;

import casella.dns.Answer;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the DNS says about a signer's key. RFC 6376 §3.6.1, §6.1.2.
sealed interface KeyRecord {
    /// Longer RSA keys cost more than they are worth. RFC 8301 §3.2 wants 4096 to be verified.
    int RSA_BITS_MAX = 8_192;
    /// A public exponent makes a check slow where it is long; nobody has one longer than 65,537.
    int EXPONENT_BITS_MAX = 32;
    /// Records of one name; there ought to be one.
    int RECORDS_MAX = 5;

    /// @param testing the domain says that it only tries (`t=y`)
    /// @param strict the agent must be of the domain itself (`t=s`)
    record Known(DkimAlgorithm algorithm, PublicKey key, boolean testing, boolean strict)
            implements KeyRecord {}

    /// There is none, it was taken back, or it is not fit.
    ///
    /// @param why a constant sentence
    record Unfit(String why) implements KeyRecord {}

    /// Nobody knows now.
    record Later() implements KeyRecord {}

    /// Returns what the answer to a question for a key says: the first record that is one counts.
    static KeyRecord of(Answer<String> answer) {
        return switch (answer) {
            case Answer.TryLater<String> _ -> new Later();
            case Answer.NoData<String> _, Answer.NoSuchName<String> _ -> new Unfit("There is no key");
            case Answer.Found<String> found -> best(found.records());
        };
    }

    private static KeyRecord best(List<String> texts) {
        KeyRecord out = new Unfit("The key's record cannot be read");
        for (String text : texts.subList(0, Math.min(texts.size(), RECORDS_MAX))) {
            KeyRecord one = of(text);
            if (one instanceof Known) return one;
            if (text.contains("p=")) out = one;
        }
        return out;
    }

    /// Returns what one record says.
    static KeyRecord of(String text) {
        Optional<TagList> read = TagList.of(text);
        if (read.isEmpty()) return new Unfit("The key's record cannot be read");
        TagList tags = read.get();
        if (tags.has("v") && !tags.begins("v", "DKIM1")) return new Unfit("The key's record is of another version");
        if (!tags.has("p")) return new Unfit("The key's record has no key");
        String key = tags.tag("p").replaceAll("[ \t\r\n]", "");
        if (key.isEmpty()) return new Unfit("The key was taken back");
        if (tags.has("h") && !listed(tags.tag("h"), "sha256")) return new Unfit("The key is for other hashes");
        if (tags.has("s") && !listed(tags.tag("s"), "email") && !listed(tags.tag("s"), "*")) {
            return new Unfit("The key is not for mail");
        }
        boolean testing = listed(tags.tag("t"), "y");
        boolean strict = listed(tags.tag("t"), "s");
        try {
            byte[] bytes = Base64.getDecoder().decode(key);
            return switch (tags.has("k") ? tags.tag("k").toLowerCase(Locale.ROOT) : "rsa") {
                case "rsa" -> rsa(bytes, testing, strict);
                case "ed25519" -> new Known(DkimAlgorithm.ED25519_SHA256,
                        KeyFactory.getInstance("Ed25519").generatePublic(ed25519(bytes)), testing, strict);
                default -> new Unfit("The key is of an unknown kind");
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return new Unfit("The key's record has no key");
        }
    }

    private static boolean listed(String list, String word) {
        return Arrays.stream(list.split(":", -1)).anyMatch(one -> one.strip().equalsIgnoreCase(word));
    }

    private static KeyRecord rsa(byte[] bytes, boolean testing, boolean strict)
            throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance("RSA");
        PublicKey key;
        try {
            key = keys.generatePublic(new X509EncodedKeySpec(bytes));
        } catch (GeneralSecurityException e) {
            // Some publish the bare key, as RFC 6376 itself has it. RFC 8017 "PKCS #1" A.1.1
            key = keys.generatePublic(new X509EncodedKeySpec(wrapped(bytes)));
        }
        if (!(key instanceof RSAPublicKey rsa)) return new Unfit("The key's record has no key");
        int bits = rsa.getModulus().bitLength();
        if (bits < DkimAlgorithm.RSA_BITS_MIN) return new Unfit("The key is too short");
        BigInteger exponent = rsa.getPublicExponent();
        if (bits > RSA_BITS_MAX || exponent.bitLength() > EXPONENT_BITS_MAX) return new Unfit("The key is too long");
        return new Known(DkimAlgorithm.RSA_SHA256, key, testing, strict);
    }

    private static X509EncodedKeySpec ed25519(byte[] raw) throws GeneralSecurityException {
        if (raw.length != 32) throw new GeneralSecurityException("length");
        byte[] prefix = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
        byte[] out = Arrays.copyOf(prefix, prefix.length + raw.length);
        System.arraycopy(raw, 0, out, prefix.length, raw.length);
        return new X509EncodedKeySpec(out);
    }

    /// Returns `SEQUENCE { SEQUENCE { rsaEncryption, NULL }, BIT STRING { bare } }`.
    private static byte[] wrapped(byte[] bare) {
        byte[] algorithm = {0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d,
            0x01, 0x01, 0x01, 0x05, 0x00};
        byte[] bits = tagged(0x03, new byte[1], bare);
        return tagged(0x30, algorithm, bits);
    }

    private static byte[] tagged(int tag, byte[] one, byte[] two) {
        int length = one.length + two.length;
        byte[] head = {(byte) tag, (byte) 0x82, (byte) (length >>> 8), (byte) length};
        byte[] out = Arrays.copyOf(head, head.length + length);
        System.arraycopy(one, 0, out, head.length, one.length);
        System.arraycopy(two, 0, out, head.length + one.length, two.length);
        return out;
    }
}
