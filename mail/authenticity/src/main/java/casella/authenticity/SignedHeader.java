package casella.authenticity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.Range;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A mail cut into header and body, as signers and readers both cut it.
///
/// @param body where the body begins
record SignedHeader(List<HeaderField> fields, int body) {
    /// Returns the header of `raw`; empty if a reader could take it for another one than a signer did: lines that are no
    /// fields, or no line between header and body.
    static Optional<SignedHeader> of(byte[] raw) {
        int blank = blankLine(raw);
        if (blank < 0) return Optional.empty();
        List<HeaderField> fields = Headers.of(raw, new Range(0, blank + 2)).all();
        int at = 0;
        for (HeaderField field : fields) {
            boolean begins = field.range().offset() == at;
            at = field.range().end();
            boolean ends = at >= 2 && raw[at - 2] == '\r' && raw[at - 1] == '\n';
            if (!begins || !ends || !oneField(field.value())) return Optional.empty();
        }
        return at == blank ? Optional.of(new SignedHeader(fields, blank + 2)) : Optional.empty();
    }

    /// Returns where the first empty line is; -1 without one.
    private static int blankLine(byte[] raw) {
        for (int i = 0; i + 3 < raw.length; i++) {
            if (raw[i] == '\r' && raw[i + 1] == '\n' && raw[i + 2] == '\r' && raw[i + 3] == '\n') return i
                    + 2;
        }
        return -1;
    }

    /// Says whether every line end of a value is CR LF and begins a fold.
    private static boolean oneField(byte[] value) {
        for (int i = 0; i < value.length; i++) {
            if (value[i] == '\n' && (i == 0 || value[i - 1] != '\r')) return false;
            if (value[i] != '\r') continue;
            boolean fold = i + 2 < value.length && value[i + 1] == '\n'
                    && (value[i + 2] == ' ' || value[i + 2] == '\t');
            if (!fold) return false;
        }
        return true;
    }

    /// Returns what is signed: the fields `names` names, each name the next one from below, then `signature`.
    /// RFC 6376 §3.7, §5.4.2.
    ///
    /// @param signature value of the signature's own field, `b=` emptied
    byte[] hashed(List<String> names, String signature) {
        var out = new StringBuilder();
        Map<String, Integer> from = new HashMap<>();
        for (String each : names) {
            String name = each.strip().toLowerCase(Locale.ROOT);
            int at = from.getOrDefault(name, fields.size()) - 1;
            while (at >= 0 && !fields.get(at).is(name)) at--;
            from.put(name, Math.max(at, 0));
            // One that is not there signs that it is not there. RFC 6376 §5.4.
            if (at < 0) continue;
            out.append(Relaxed.field(name, Relaxed.text(fields.get(at).value()))).append("\r\n");
        }
        out.append(Relaxed.field(DkimSigner.FIELD, signature));
        return out.toString().getBytes(ISO_8859_1);
    }
}
