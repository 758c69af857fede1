package casella.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The fields of one header in the order they stand.
public final class Headers {
    /// Fields kept of one header; those after are not listed ([#filtered] sees all).
    public static final int FIELDS_MAX = 10_000;

    private final List<HeaderField> fields;

    private Headers(List<HeaderField> fields) {
        this.fields = List.copyOf(fields);
    }

    /// Returns the header at the start of `raw`; never throws.
    public static Headers of(byte[] raw) {
        return of(raw, new Range(0, raw.length));
    }

    /// Returns the header that `header` holds ([Part#header()]); never throws.
    public static Headers of(byte[] raw, Range header) {
        List<HeaderField> fields = new ArrayList<>();
        HeaderScan.scan(
                raw,
                header.offset(),
                header.end(),
                _ -> false,
                (name, colon, end) -> {
                    if (fields.size() >= FIELDS_MAX) return;
                    byte[] value = Arrays.copyOfRange(raw, colon + 1, end);
                    int next = Octets.lineEnd(raw, end, header.end());
                    fields.add(
                            new HeaderField(
                                    nameOf(raw, name, colon), value, new Range(name, next - name)));
                });
        return new Headers(fields);
    }

    private static String nameOf(byte[] raw, int from, int colon) {
        return new String(raw, from, colon - from, StandardCharsets.UTF_8).strip();
    }

    public List<HeaderField> all() {
        return fields;
    }

    /// Returns all fields of this name, in order.
    public List<HeaderField> all(String name) {
        return fields.stream().filter(f -> f.is(name)).toList();
    }

    /// Returns the last field of this name, which is the one JMAP means (RFC 8621 §4.1.3), or null.
    public @Nullable HeaderField last(String name) {
        List<HeaderField> found = all(name);
        return found.isEmpty() ? null : found.getLast();
    }

    /// Returns the first field of this name, or null.
    public @Nullable HeaderField first(String name) {
        List<HeaderField> found = all(name);
        return found.isEmpty() ? null : found.getFirst();
    }

    /// Returns the header with only the fields in `names`, or with all but these, and the blank
    /// line where the header has one: IMAP's `HEADER.FIELDS` and `HEADER.FIELDS.NOT`. RFC 9051
    /// §6.4.5. Bytes are as they were.
    public static byte[] filtered(byte[] raw, Range header, Set<String> names, boolean without) {
        Set<String> wanted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        wanted.addAll(names);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int end = header.end();
        HeaderScan.scan(
                raw,
                header.offset(),
                end,
                _ -> false,
                (name, colon, stop) -> {
                    if (wanted.contains(nameOf(raw, name, colon)) == without) return;
                    out.write(raw, name, Octets.lineEnd(raw, stop, end) - name);
                });
        int blank = blankLine(raw, header);
        out.write(raw, blank, end - blank);
        return out.toByteArray();
    }

    /// Returns where the blank line at the end of a header starts; the end when there is none.
    private static int blankLine(byte[] raw, Range header) {
        int end = header.end();
        int text = Octets.textEnd(raw, header.offset(), end);
        boolean blank = text < end && (text == header.offset() || raw[text - 1] == '\n');
        return blank ? text : end;
    }
}
