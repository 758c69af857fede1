package casella.authenticity;

import casella.dns.Names;
import casella.message.HeaderField;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A field that signs a mail: what DKIM-Signature, ARC-Message-Signature and ARC-Seal have in common. RFC 6376 §3.5, RFC 8617
/// §4.1.2, §4.1.3.
///
/// @param assumed the canonicalization where it names none
record SignatureForm(HeaderField field, TagList tags, String assumed) {
    /// RFC 6376 §3.5 `c=`.
    private static final String SIMPLE = "simple/simple";
    private static final Pattern DIGITS = Pattern.compile("\\d{1,12}");
    private static final Pattern DOMAIN = Pattern.compile("[^\\x00- \"-,/:-@\\[-^`{-\\x7f]+");
    /// Fields that one signature signs; each that is there counts once.
    private static final int NAMES_MAX = 1_000;

    static Optional<SignatureForm> of(HeaderField field) {
        return TagList.of(Relaxed.text(field.value())).map(tags -> new SignatureForm(field, tags, SIMPLE));
    }

    /// Says why it cannot be verified, in a constant sentence; null if it can.
    ///
    /// @param withBody whether it is of body and header fields that it names: all but ARC-Seal
    @Nullable String unfit(boolean withBody) {
        if (DkimAlgorithm.named(tags.tag("a")).isEmpty()) return "The algorithm is not known";
        if (!named(domain(), 2) || !named(selector(), 1)) return "Its domain or selector is no name";
        if (bytes(tags.tag("b")).length == 0) return "It has no signature";
        if (tags.has("t") && !DIGITS.matcher(tags.tag("t")).matches()) return "Its time is no time";
        if (!withBody) return null;
        if (bytes(tags.tag("bh")).length != 32) return "It has no hash of the body";
        if (!tags.has("h") || names().size() > NAMES_MAX) return "It does not say which fields it signs";
        return canonical(0).isEmpty() || canonical(1).isEmpty() ? "Its canonicalization is not known" : null;
    }

    private static boolean named(String name, int labelsMin) {
        boolean fit = DOMAIN.matcher(name).matches() && Names.ascii(name).isPresent();
        return fit && name.split("[.]", -1).length >= labelsMin;
    }

    /// Returns whether the header (0) or the body (1) is read relaxed. RFC 6376 §3.5 `c=`.
    private Optional<Boolean> canonical(int index) {
        String c = tags.has("c") ? tags.tag("c") : assumed;
        String[] both = c.split("/", -1);
        if (both.length > 2) return Optional.empty();
        return switch (index < both.length ? both[index] : "simple") {
            case "relaxed" -> Optional.of(true);
            case "simple" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /// Returns the same, read as relaxed where it says nothing.
    SignatureForm assumedRelaxed() {
        return new SignatureForm(field, tags, "relaxed/relaxed");
    }

    boolean relaxedBody() {
        return canonical(1).orElseThrow();
    }

    /// Returns the signing domain (`d=`), lower case, A-labels where it can be read.
    String domain() {
        String domain = Relaxed.utf8(tags.tag("d"));
        return Names.ascii(domain).orElse(domain.toLowerCase(Locale.ROOT));
    }

    String selector() {
        String selector = Relaxed.utf8(tags.tag("s"));
        return Names.ascii(selector).orElse(selector.toLowerCase(Locale.ROOT));
    }

    /// Returns where the key is. RFC 6376 §3.6.2.1.
    String keyName() {
        return selector() + "._domainkey." + domain();
    }

    /// Returns the names of the fields it signs, lower case.
    List<String> names() {
        return Arrays.stream(tags.tag("h").split(":", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    }

    /// Says whether the body is the one that was signed.
    boolean bodyKept(CutMail mail, long limit) {
        return MessageDigest.isEqual(mail.body(relaxedBody(), limit).hash(), bytes(tags.tag("bh")));
    }

    /// Says whether the header is the one that was signed, and by this key.
    boolean headerKept(CutMail mail, KeyRecord.Known key) {
        return signed(mail.hashed(names(), field, tags, canonical(0).orElseThrow()), key);
    }

    /// Says whether it signs `data`, by this key.
    boolean signed(byte[] data, KeyRecord.Known key) {
        if (!key.algorithm().word().equals(tags.tag("a"))) return false;
        return key.algorithm().verify(key.key(), data, bytes(tags.tag("b")));
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("[ \t\r\n]", ""));
        } catch (IllegalArgumentException e) {
            return new byte[0]; // signs nothing
        }
    }
}
