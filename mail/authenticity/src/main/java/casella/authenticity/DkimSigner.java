package casella.authenticity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import casella.base.Sha256;
import casella.message.HeaderField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Signs mail. RFC 6376 §5, relaxed/relaxed, the whole body.
public final class DkimSigner {
    static final String FIELD = Dkim.FIELD;

    /// Longest line of the field. RFC 6376 §3.2 lets base64 be folded anywhere.
    private static final int LINE_CHARS = 72;

    private DkimSigner() {}

    /// Returns `mail` with its signature before it, as [#field] makes it.
    public static byte[] sign(byte[] mail, DkimKey key, List<String> names, Instant at) {
        byte[] field = field(mail, key, names, at);
        byte[] out = new byte[field.length + mail.length];
        System.arraycopy(field, 0, out, 0, field.length);
        System.arraycopy(mail, 0, out, field.length, mail.length);
        return out;
    }

    /// Returns the field that signs `mail`, to be put before it.
    ///
    /// Each field is signed as often as it is there and once more, so that none of its name can be added; those that are not there
    /// are signed as missing. RFC 6376 §8.15.
    ///
    /// @param mail lines ended by CR LF, a well-formed header
    /// @param names fields to sign; From must be among them
    /// @throws IllegalArgumentException if the header is not well-formed, or From is missing
    public static byte[] field(byte[] mail, DkimKey key, List<String> names, Instant at) {
        SignedHeader header = SignedHeader.of(mail)
                .orElseThrow(() -> new IllegalArgumentException("mail: its header is not well-formed"));
        if (names.stream().noneMatch("From"::equalsIgnoreCase)) {
            throw new IllegalArgumentException("names: must have From (RFC 6376 §5.4)");
        }
        var signed = new ArrayList<String>();
        for (String name : names) {
            for (HeaderField field : header.fields()) if (field.is(name)) signed.add(name);
            signed.add(name);
        }
        DkimAlgorithm algorithm = DkimAlgorithm.of(key.open());
        byte[] bodyHash = Sha256.digest().digest(Relaxed.body(mail, header.body()));
        String value = " v=1; a=" + algorithm.word() + "; c=relaxed/relaxed; d=" + key.domain() + ";\r\n s=" + key.selector()
                + "; t=" + at.getEpochSecond() + ";\r\n h=" + folded(signed) + ";\r\n bh="
                + Base64.getEncoder().encodeToString(bodyHash) + ";\r\n b=";
        byte[] signature = algorithm.sign(key.secret(), header.hashed(signed, value));
        return (FIELD + ":" + value + folded(Base64.getEncoder().encodeToString(signature)) + "\r\n").getBytes(ISO_8859_1);
    }

    private static String folded(List<String> names) {
        var out = new StringBuilder();
        int column = 3;
        for (String name : names) {
            String next = (out.isEmpty() ? "" : ":") + name;
            if (column + next.length() > LINE_CHARS) {
                out.append("\r\n  ");
                column = 2;
            }
            out.append(next);
            column += next.length();
        }
        return out.toString();
    }

    private static String folded(String base64) {
        var out = new StringBuilder();
        for (int at = 0; at < base64.length(); at += LINE_CHARS) {
            if (at > 0) out.append("\r\n  ");
            out.append(base64, at, Math.min(base64.length(), at + LINE_CHARS));
        }
        return out.toString();
    }
}
