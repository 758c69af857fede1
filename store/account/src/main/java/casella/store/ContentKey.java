package casella.store;

import casella.base.Sha256;
import casella.store.engine.HeadRow;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The account's key: contents that may have to be forgotten are named by their HMAC-SHA256 under it.
///
/// So a name says nothing to whoever lacks the key, and the chain of changes can stay when a content goes.
public final class ContentKey {
    public static final int BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    private ContentKey(byte[] key) {
        this.key = key;
    }

    static ContentKey of(byte[] key) {
        return new ContentKey(key);
    }

    static byte[] random() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /// Returns the key an account names its contents with.
    public static ContentKey of(HeadRow head) {
        return new ContentKey(RowCodec.counters(head).getContentKey().toByteArray());
    }

    /// Returns the name of `content`.
    Sha256 name(byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return Sha256.wrap(mac.doFinal(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Says whether every content is the one its name says. Without a key nothing can be said, and nothing is doubted.
    public boolean names(Map<Sha256, byte[]> contents) {
        if (key.length == 0) return true;
        for (Map.Entry<Sha256, byte[]> content : contents.entrySet()) {
            if (!name(content.getValue()).equals(content.getKey())) return false;
        }
        return true;
    }
}
