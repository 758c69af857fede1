package casella.authenticity;

import casella.message.HeaderField;
import casella.message.Headers;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Authentication-Results of others that claim to be ours. RFC 7601 §5.
public final class AuthenticationResults {
    static final String FIELD = "Authentication-Results";

    private AuthenticationResults() {}

    /// Returns `mail` without the fields that claim `authservId`, or that could be taken to; the same array if it has none.
    public static byte[] withoutClaims(byte[] mail, String authservId) {
        @Nullable ByteArrayOutputStream out = null;
        int kept = 0;
        for (HeaderField field : Headers.of(mail).all()) {
            if (!field.is(FIELD) || !claims(field.unfolded(), authservId)) continue;
            if (out == null) out = new ByteArrayOutputStream(mail.length);
            out.write(mail, kept, field.range().offset() - kept);
            kept = field.range().end();
        }
        if (out == null) return mail;
        out.write(mail, kept, mail.length - kept);
        return out.toByteArray();
    }

    /// Says whether the first word of a value is this id; comments may stand before it, it may be quoted, and a version may follow.
    static boolean claims(String value, String authservId) {
        var word = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escaped = c == '\\' && (quoted || depth > 0) && i + 1 < value.length();
            if (escaped) c = value.charAt(++i);
            if (depth > 0) {
                if (!escaped && c == '(') depth++;
                if (!escaped && c == ')') depth--;
            } else if (quoted) {
                if (!escaped && c == '"') quoted = false;
                else word.append(c);
            } else if (c == '(') {
                depth++;
            } else if (c == '"') {
                quoted = true;
            } else if (c == ';' || Character.isWhitespace(c)) {
                if (!word.isEmpty()) break;
            } else {
                word.append(c);
            }
        }
        String id = word.toString();
        return id.equalsIgnoreCase(authservId) || id.equalsIgnoreCase(authservId + ".")
                || id.regionMatches(true, 0, authservId + "/", 0, authservId.length() + 1);
    }
}
