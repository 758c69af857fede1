package casella.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the parts of a mail in one pass over its lines. RFC 2046 §5.1.
///
/// A line that is `--`, a boundary, perhaps `--`, and spaces ends what is open inside that
/// multipart; inner boundaries are looked at first, so an unclosed inner multipart ends at the
/// outer's next line. The line break before a boundary line belongs to the boundary. Beyond a limit
/// the rest becomes one opaque part.
final class Structure {
    /// How deep multiparts and messages may lie in each other before a part is opaque.
    static final int DEPTH_MAX = 50;

    /// How many parts a mail may have; the last one swallows the rest and is opaque.
    static final int PARTS_MAX = 1_000;

    /// Bytes read of one envelope field.
    static final int FIELD_BYTES_MAX = 65_536;

    /// Bytes read of one MIME field.
    static final int MIME_FIELD_BYTES_MAX = 8_192;

    /// Bytes of fields read for the whole summary; later fields count as absent. Bounds the stored
    /// form.
    static final int TEXT_BYTES_MAX = 1_048_576;

    /// Longest boundary in bytes; RFC 2046 §5.1.1 allows 70.
    static final int BOUNDARY_BYTES_MAX = 1_000;

    /// What a mail is made of.
    record Outline(Envelope envelope, Part root) {}

    private static final int NONE = -1;

    private final byte[] raw;
    private final List<Node> open = new ArrayList<>();
    private int parts;
    private int textLeft = TEXT_BYTES_MAX;
    private int lineFeeds;
    private boolean full;

    private Structure(byte[] raw) {
        this.raw = raw;
    }

    /// Returns the outline of `raw`; never throws.
    static Outline of(byte[] raw) {
        Structure structure = new Structure(raw);
        Node root = new Node(1);
        structure.scan(structure.enter(root, 0, false, true));
        structure.close(0, raw.length, 0);
        Envelope envelope = root.envelope;
        return new Outline(
                envelope == null ? Envelope.EMPTY : envelope, root.freeze(raw, "", true, false));
    }

    /// Opens the part whose header is at `from` and, where it is a message, what is inside; returns
    /// where text starts.
    private int enter(Node first, int from, boolean inDigest, boolean isRoot) {
        Node node = first;
        int at = from;
        boolean digest = inDigest;
        boolean root = isRoot;
        while (true) {
            FieldIndex fields = new FieldIndex(raw);
            node.headerOffset = at;
            int body = HeaderScan.scan(raw, at, raw.length, this::isBoundary, fields);
            lineFeeds += Octets.lineFeeds(raw, at, body);
            node.bodyOffset = body;
            node.lineFeedsBefore = lineFeeds;
            if (root)
                node.envelope =
                        EnvelopeFields.read(name -> text(fields.last(name), FIELD_BYTES_MAX));
            readContent(node, fields, digest);
            open.add(node);
            parts++;
            full = parts >= PARTS_MAX;
            if (full || (node.depth >= DEPTH_MAX && node.content.nests())) node.makeOpaque();
            if (!node.isMessage()) return body;
            Node nested = new Node(node.depth + 1);
            node.nested = nested;
            node = nested;
            at = body;
            digest = false;
            root = true;
        }
    }

    private @Nullable String text(@Nullable Range value, int max) {
        if (value == null || textLeft <= 0) return null;
        int length = Math.min(value.length(), Math.min(max, textLeft));
        textLeft -= length + 16;
        return Octets.unfolded(raw, value.offset(), value.offset() + length, length);
    }

    private @Nullable String mime(FieldIndex fields, String name) {
        return text(fields.first(name), MIME_FIELD_BYTES_MAX);
    }

    private void readContent(Node node, FieldIndex fields, boolean inDigest) {
        node.content = Parameters.content(mime(fields, "content-type"), inDigest);
        node.encoding = Parameters.token(mime(fields, "content-transfer-encoding"), "7bit");
        node.contentId = mime(fields, "content-id");
        node.description = mime(fields, "content-description");
        node.disposition = Parameters.disposition(mime(fields, "content-disposition"));
        node.language = Parameters.tags(mime(fields, "content-language"));
        node.location = mime(fields, "content-location");
        node.md5 = mime(fields, "content-md5");
        if (!node.content.isMultipart()) return;
        byte[] boundary = Parameters.boundary(node.content.parameters());
        if (boundary.length > 0 && boundary.length <= BOUNDARY_BYTES_MAX) node.boundary = boundary;
    }

    private void scan(int from) {
        int at = from;
        while (at < raw.length && !full) {
            int level = raw[at] == '-' ? match(at) : NONE;
            int next = Octets.lineEnd(raw, at, raw.length);
            int lineFeed = raw[next - 1] == '\n' ? 1 : 0;
            if (level == NONE) {
                lineFeeds += lineFeed;
                at = next;
                continue;
            }
            Node multipart = open.get(level);
            close(level + 1, beforeBreak(at), 1);
            lineFeeds += lineFeed;
            if (isClose(at, multipart)) {
                multipart.boundary = null;
                at = next;
            } else {
                Node child = new Node(multipart.depth + 1);
                multipart.children.add(child);
                at = enter(child, next, multipart.content.subtype().equals("digest"), false);
            }
        }
        lineFeeds += Octets.lineFeeds(raw, at, raw.length);
    }

    private int beforeBreak(int at) {
        if (at > 0 && raw[at - 1] == '\n') return at > 1 && raw[at - 2] == '\r' ? at - 2 : at - 1;
        return at;
    }

    private boolean isBoundary(int at) {
        return raw[at] == '-' && match(at) != NONE;
    }

    /// Returns the index in `open` of the innermost multipart whose boundary the line at `at` is.
    private int match(int at) {
        if (at + 2 >= raw.length || raw[at + 1] != '-') return NONE;
        for (int i = open.size() - 1; i >= 0; i--) {
            byte[] boundary = open.get(i).boundary;
            if (boundary == null || !startsWith(at + 2, boundary)) continue;
            int after = at + 2 + boundary.length;
            if (restIsBlank(after) || (isDashes(after) && restIsBlank(after + 2))) return i;
        }
        return NONE;
    }

    private boolean isClose(int at, Node multipart) {
        byte[] boundary = multipart.boundary;
        return boundary != null && !restIsBlank(at + 2 + boundary.length);
    }

    private boolean startsWith(int at, byte[] prefix) {
        int end = at + prefix.length;
        return end <= raw.length && Arrays.equals(raw, at, end, prefix, 0, prefix.length);
    }

    private boolean isDashes(int at) {
        return at + 2 <= raw.length && raw[at] == '-' && raw[at + 1] == '-';
    }

    private boolean restIsBlank(int at) {
        int i = at;
        while (i < raw.length && (Octets.isSpace(raw[i]) || raw[i] == '\r')) i++;
        return i >= raw.length || raw[i] == '\n';
    }

    /// Ends every open part from index `level` on before byte `end`, which lies `breaks` line ends
    /// back.
    private void close(int level, int end, int breaks) {
        for (int i = open.size() - 1; i >= level; i--) {
            Node node = open.remove(i);
            // Without a body the break before the boundary is the header's blank line; it belongs
            // to the boundary.
            node.headerOffset = Math.min(node.headerOffset, end);
            node.bodyOffset = Math.min(node.bodyOffset, end);
            node.bodyEnd = end;
            if (node.bodyEnd == node.bodyOffset) continue;
            int whole = Math.max(lineFeeds - node.lineFeedsBefore - breaks, 0);
            node.lines = whole + (raw[node.bodyEnd - 1] == '\n' ? 0 : 1);
        }
    }
}
