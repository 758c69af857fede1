package casella.authenticity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import casella.message.HeaderField;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A mail cut into header and body, for as many signatures as it has: fields are found by name, a body is hashed once for each
/// canonicalization. Used by one thread at a time.
final class CutMail {
    private final byte[] raw;
    private final SignedHeader header;
    /// Fields by their name in lower case, from the top.
    private final Map<String, List<HeaderField>> named = new HashMap<>();
    private final Map<Boolean, BodyHash> bodies = new HashMap<>();

    private CutMail(byte[] raw, SignedHeader header) {
        this.raw = raw;
        this.header = header;
        for (HeaderField field : header.fields()) {
            named.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>()).add(field);
        }
    }

    /// Returns the mail; empty if its header can be read in two ways, or if it has none.
    static Optional<CutMail> of(byte[] raw) {
        Optional<SignedHeader> header = SignedHeader.of(raw);
        if (header.isPresent()) return header.map(found -> new CutMail(raw, found));
        // A mail may end with its header. RFC 5322 §3.5
        boolean ended = raw.length > 2 && raw[raw.length - 2] == '\r' && raw[raw.length - 1] == '\n';
        if (!ended) return Optional.empty();
        byte[] whole = Arrays.copyOf(raw, raw.length + 2);
        whole[raw.length] = '\r';
        whole[raw.length + 1] = '\n';
        return SignedHeader.of(whole).map(found -> new CutMail(whole, found));
    }

    /// Returns the fields of this name, from the top.
    List<HeaderField> fields(String name) {
        return named.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /// @param limit how many bytes count; Long.MAX_VALUE for all
    BodyHash body(boolean relaxed, long limit) {
        if (limit < Long.MAX_VALUE) return BodyHash.of(raw, header.body(), relaxed, limit);
        return bodies.computeIfAbsent(relaxed, _ -> BodyHash.of(raw, header.body(), relaxed, limit));
    }

    /// Returns what is signed: the fields `names` names, each name the next one from below, then the signature's own field with
    /// nothing behind `b=`. RFC 6376 §3.7, §5.4.2.
    byte[] hashed(List<String> names, HeaderField own, TagList tags, boolean relaxed) {
        var out = new ByteArrayOutputStream();
        Map<String, Integer> left = new HashMap<>();
        for (String name : names) {
            List<HeaderField> all = named.getOrDefault(name, List.of());
            int at = left.getOrDefault(name, all.size()) - 1;
            // One that is not there signs that it is not there. RFC 6376 §5.4.
            if (at < 0) continue;
            left.put(name, at);
            out.writeBytes(field(all.get(at), relaxed));
        }
        out.writeBytes(own(own, tags, relaxed));
        return out.toByteArray();
    }

    /// Returns a field with its line end.
    byte[] field(HeaderField field, boolean relaxed) {
        if (!relaxed) return Arrays.copyOfRange(raw, field.range().offset(), field.range().end());
        return (Relaxed.field(field.name(), Relaxed.text(field.value())) + "\r\n").getBytes(ISO_8859_1);
    }

    /// Returns a signature's own field with nothing behind `b=` and without its line end.
    byte[] own(HeaderField own, TagList tags, boolean relaxed) {
        if (relaxed) return Relaxed.field(own.name(), tags.withoutSignature()).getBytes(ISO_8859_1);
        int value = own.range().end() - 2 - own.value().length;
        String name = new String(raw, own.range().offset(), value - own.range().offset(), ISO_8859_1);
        return (name + tags.withoutSignature()).getBytes(ISO_8859_1);
    }
}
