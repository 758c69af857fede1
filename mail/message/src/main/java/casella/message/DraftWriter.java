package casella.message;

import casella.base.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Writes a [Draft]. Each leaf gets the plainest transfer encoding that keeps it whole on any path:
/// 7bit, else quoted-printable, else base64.
final class DraftWriter {
    private static final byte[] CRLF = {'\r', '\n'};

    /// Longest line of a 7bit part we write; well below 998, since some hops prefix lines.
    private static final int PLAIN_LINE_BYTES_MAX = 900;

    /// Longest quoted-printable line with its `=`. RFC 2045 §6.7 (5).
    private static final int QP_LINE_BYTES_MAX = 76;

    /// Percent-encoded bytes in one piece of a long parameter. RFC 2231 §3.
    private static final int PIECE_CHARS_MAX = 54;

    private DraftWriter() {}

    static byte[] write(Draft draft) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (DraftField field : draft.fields()) out.writeBytes(field.bytes());
        out.writeBytes(new DraftField("MIME-Version", "1.0").bytes());
        part(out, draft.body(), 1);
        return out.toByteArray();
    }

    private static void part(ByteArrayOutputStream out, DraftPart part, int depth) {
        if (depth > Structure.DEPTH_MAX)
            throw new IllegalArgumentException("draft: parts lie too deep");
        switch (part) {
            case DraftPart.Text text -> text(out, text);
            case DraftPart.Content content -> content(out, content);
            case DraftPart.Message message -> {
                header(
                        out,
                        "message/rfc822",
                        List.of(),
                        isAscii(message.raw()) ? "7bit" : "8bit",
                        part.labels());
                out.writeBytes(message.raw());
            }
            case DraftPart.Multipart multipart -> multipart(out, multipart, depth);
        }
    }

    private static void content(ByteArrayOutputStream out, DraftPart.Content part) {
        String type =
                Parameters.isMediaType(part.mediaType())
                        ? part.mediaType()
                        : "application/octet-stream";
        // RFC 2046 §5.2: message/delivery-status and its like may not be encoded.
        boolean plain = Octets.lower(type).startsWith("message/") && isPlain(part.bytes());
        header(out, type, part.parameters(), plain ? "7bit" : "base64", part.labels());
        out.writeBytes(plain ? part.bytes() : Base64.getMimeEncoder(76, CRLF).encode(part.bytes()));
        if (!plain) out.writeBytes(CRLF);
    }

    private static void multipart(
            ByteArrayOutputStream out, DraftPart.Multipart multipart, int depth) {
        List<byte[]> parts = new ArrayList<>();
        var digest = Sha256.digest();
        for (DraftPart child : multipart.parts()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            part(bytes, child, depth + 1);
            parts.add(bytes.toByteArray());
            digest.update(parts.getLast());
        }
        // No line of the parts can hold the hash of the parts; "=_" appears in no encoded text.
        // RFC 2045 §6.7.
        String boundary = "=_" + Sha256.wrap(digest.digest()).toString().substring(0, 32);
        List<Parameter> parameters = new ArrayList<>(multipart.parameters());
        parameters.add(new Parameter("boundary", boundary));
        header(out, "multipart/" + multipart.subtype(), parameters, "", multipart.labels());
        byte[] line = ("--" + boundary).getBytes(StandardCharsets.US_ASCII);
        for (byte[] part : parts) {
            out.writeBytes(line);
            out.writeBytes(CRLF);
            out.writeBytes(part);
            out.writeBytes(CRLF);
        }
        out.writeBytes(line);
        out.writeBytes("--\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void text(ByteArrayOutputStream out, DraftPart.Text part) {
        byte[] bytes =
                part.text().replaceAll("\r\n|\r|\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        String type =
                "text/"
                        + (Parameters.isMediaType("text/" + part.subtype())
                                ? part.subtype()
                                : "plain");
        List<Parameter> charset = List.of(new Parameter("charset", "utf-8"));
        if (isPlain(bytes)) {
            header(out, type, charset, "7bit", part.labels());
            out.writeBytes(bytes);
        } else if (odd(bytes) * 4L <= bytes.length + 64L) {
            header(out, type, charset, "quoted-printable", part.labels());
            quotedPrintable(out, bytes);
        } else {
            header(out, type, charset, "base64", part.labels());
            out.writeBytes(Base64.getMimeEncoder(76, CRLF).encode(bytes));
            out.writeBytes(CRLF);
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b <= 0) return false;
        }
        return true;
    }

    private static boolean isPlain(byte[] bytes) {
        int line = 0;
        for (byte b : bytes) {
            line = b == '\n' ? 0 : line + 1;
            if (line > PLAIN_LINE_BYTES_MAX
                    || (b < ' ' && b != '\t' && b != '\r' && b != '\n')
                    || b == 127) return false;
        }
        return true;
    }

    private static int odd(byte[] bytes) {
        int n = 0;
        for (byte b : bytes) {
            if (b < ' ' && b != '\r' && b != '\n' && b != '\t') n++;
        }
        return n;
    }

    private static void quotedPrintable(ByteArrayOutputStream out, byte[] bytes) {
        int column = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
                out.writeBytes(CRLF);
                column = 0;
                i++;
                continue;
            }
            boolean lineEnds = i + 1 == bytes.length || bytes[i + 1] == '\r';
            boolean literal = (b > ' ' && b < 127 && b != '=') || (Octets.isSpace(b) && !lineEnds);
            int width = literal ? 1 : 3;
            if (column + width > QP_LINE_BYTES_MAX - 1) {
                out.writeBytes("=\r\n".getBytes(StandardCharsets.US_ASCII));
                column = 0;
            }
            if (literal) out.write(b);
            else out.writeBytes("=%02X".formatted(b & 0xFF).getBytes(StandardCharsets.US_ASCII));
            column += width;
        }
    }

    private static void header(
            ByteArrayOutputStream out,
            String type,
            List<Parameter> parameters,
            String encoding,
            DraftPart.Labels labels) {
        StringBuilder value = new StringBuilder(type);
        for (Parameter p : parameters) parameter(value, p.name(), p.value());
        out.writeBytes(new DraftField("Content-Type", value.toString()).bytes());
        if (!encoding.isEmpty())
            out.writeBytes(new DraftField("Content-Transfer-Encoding", encoding).bytes());
        String disposition = labels.disposition();
        String name = labels.name();
        if (disposition != null || name != null) {
            String kind =
                    disposition != null && Parameters.isToken(disposition)
                            ? disposition
                            : "attachment";
            StringBuilder text = new StringBuilder(kind);
            if (name != null) parameter(text, "filename", name);
            out.writeBytes(new DraftField("Content-Disposition", text.toString()).bytes());
        }
        String cid = labels.cid();
        if (cid != null) out.writeBytes(new DraftField("Content-ID", "<" + cid + ">").bytes());
        if (!labels.language().isEmpty()) {
            out.writeBytes(
                    new DraftField("Content-Language", String.join(", ", labels.language()))
                            .bytes());
        }
        String location = labels.location();
        if (location != null) out.writeBytes(new DraftField("Content-Location", location).bytes());
        for (DraftField field : labels.fields()) out.writeBytes(field.bytes());
        out.writeBytes(CRLF);
    }

    /// Appends a parameter: quoted where short ASCII will do, else RFC 2231 in as many pieces as it
    /// takes.
    private static void parameter(StringBuilder out, String name, String value) {
        if (!Parameters.isToken(name)) return;
        boolean plain =
                value.length() <= PIECE_CHARS_MAX
                        && value.chars().allMatch(c -> c >= ' ' && c < 127);
        if (plain && !value.contains("=?")) {
            out.append("; ").append(name).append('=');
            out.append(Parameters.isToken(value) ? value : Addresses.quoted(value));
            return;
        }
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            String text =
                    isAttributeChar(b) ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xFF);
            if (piece.length() + text.length() > PIECE_CHARS_MAX) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
            piece.append(text);
        }
        pieces.add(piece.toString());
        for (int i = 0; i < pieces.size(); i++) {
            out.append("; ").append(name).append('*');
            if (pieces.size() > 1) out.append(i).append('*');
            out.append('=').append(i == 0 ? "utf-8''" : "").append(pieces.get(i));
        }
    }

    /// RFC 2231 §7 (`attribute-char`).
    private static boolean isAttributeChar(byte b) {
        return b > ' ' && b < 127 && "*'%()<>@,;:\\\"/[]?=".indexOf(b) < 0;
    }
}
