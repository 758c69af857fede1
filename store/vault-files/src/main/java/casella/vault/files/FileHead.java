package casella.vault.files;

import casella.base.Fault;
import casella.store.vault.ObjectName;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The text before a file's content, in the form of header fields, so that a mail program opens the file as a mail.
///
/// ```text
/// X-Casella-File: 1
/// X-Casella-Object: <account>/mail/<arrival>-<sha256>
/// X-Casella-Received: 2026-11-22T07:51:25.123Z        these five for people, out of the receipt;
/// X-Casella-Sender: …                                 what is not printable ASCII is ?
/// X-Casella-Recipient: …
/// X-Casella-Mailbox: 7
/// X-Casella-Keywords: $seen work
/// X-Casella-Receipt: <base 64 of the receipt, folded>
/// X-Casella-Chunks: <hashes of 262,144 bytes each, folded; when there are more than one>
/// X-Casella-Content: <length of what follows the last line>
/// X-Casella-End: <CRC-32C of all bytes before this line>
/// ```
///
/// Lines end with CR LF and are at most 998 bytes long. Page: docs/formats/files.md.
///
/// @param bytes length of this text
/// @param chunkHashes 16 bytes for each chunk of [StoredObject#CHUNK_BYTES]
record FileHead(ObjectName name, int bytes, byte[] receipt, int contentLength, byte[][] chunkHashes) {
    /// The number of this form, in the first line. 1: first.
    static final int FORMAT = 1;

    /// A receipt of 65,536 bytes and the hashes of 256 chunks are 100,000 bytes of text.
    static final int BYTES_MAX = 128 << 10;

    private static final String FILE = "X-Casella-File: ";
    private static final String END = "X-Casella-End: ";
    private static final int END_LINE_BYTES = END.length() + 8 + 2;
    private static final int SHOWN_MAX = 500;
    private static final int FOLD = 76;

    /// Returns the text before `content`.
    static byte[] encode(ObjectName name, byte[] receipt, byte[] content) {
        var out = new StringBuilder(1_024);
        line(out, FILE, Integer.toString(FORMAT));
        line(out, "X-Casella-Object: ", name.toString());
        if (receipt.length > 0) {
            shown(out, receipt);
            folded(out, "X-Casella-Receipt:", Base64.getEncoder().encodeToString(receipt));
        }
        byte[][] hashes = StoredObject.chunkHashes(name, content);
        if (hashes.length > 1) {
            var all = new StringBuilder();
            for (byte[] hash : hashes) all.append(HexFormat.of().formatHex(hash));
            folded(out, "X-Casella-Chunks:", all.toString());
        }
        line(out, "X-Casella-Content: ", Integer.toString(content.length));
        byte[] before = out.toString().getBytes(StandardCharsets.US_ASCII);
        line(out, END, checksum(before, before.length));
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void shown(StringBuilder out, byte[] bytes) {
        try {
            Receipt receipt = Receipt.decode(bytes);
            line(out, "X-Casella-Received: ", receipt.received().toString());
            line(out, "X-Casella-Sender: ", plain(receipt.sender()));
            line(out, "X-Casella-Recipient: ", plain(receipt.recipient()));
            if (receipt.mailbox() != null) {
                line(out, "X-Casella-Mailbox: ", Integer.toUnsignedString(receipt.mailbox().number()));
            }
            if (!receipt.keywords().isEmpty()) {
                line(out, "X-Casella-Keywords: ", plain(String.join(" ", receipt.keywords())));
            }
        } catch (Fault.Corrupt e) {
            // Its bytes are kept all the same; there is nothing to show of them.
        }
    }

    /// What a sender wrote must not end a line, nor make one that looks like ours.
    private static String plain(String text) {
        var out = new StringBuilder();
        text.codePoints().limit(SHOWN_MAX).forEach(c -> out.append(c >= ' ' && c < 0x7F ? (char) c : '?'));
        return out.toString();
    }

    private static void line(StringBuilder out, String field, String value) {
        out.append(field).append(value).append("\r\n");
    }

    private static void folded(StringBuilder out, String field, String text) {
        out.append(field);
        for (int at = 0; at < text.length(); at += FOLD) {
            out.append("\r\n ".substring(at == 0 ? 2 : 0))
                    .append(text, at, Math.min(text.length(), at + FOLD));
        }
        out.append("\r\n");
    }

    private static String checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /// Returns the text at the start of `start`; null if it goes on after it, which a longer start will tell.
    ///
    /// @throws Damaged if it is no such text, or that of another object
    /// @throws Fault.Corrupt if a newer version wrote it
    static @Nullable FileHead parse(ObjectName name, byte[] start, int length) throws Damaged {
        String text = new String(start, 0, length, StandardCharsets.ISO_8859_1);
        int format = format(text);
        if (format > FORMAT) {
            throw new Fault.Corrupt("File was written by a newer version",
                    Map.of("format", format, "read", FORMAT));
        }
        if (format != FORMAT) throw new Damaged("no first line");
        int end = text.indexOf("\r\n" + END) + 2;
        if (end < 2 || text.length() < end + END_LINE_BYTES) {
            if (length >= BYTES_MAX) throw new Damaged("no last line");
            return null;
        }
        if (!text.startsWith(checksum(start, end) + "\r\n", end + END.length())) {
            throw new Damaged("checksum");
        }
        List<String> lines = unfolded(text.substring(0, end));
        if (!value(lines, "X-Casella-Object: ").equals(Optional.of(name.toString()))) {
            throw new Damaged("another object");
        }
        try {
            byte[] receipt = Base64.getDecoder().decode(value(lines, "X-Casella-Receipt: ").orElse(""));
            int content = Integer.parseInt(value(lines, "X-Casella-Content: ").orElse("none"));
            byte[][] hashes = hashes(name, content, value(lines, "X-Casella-Chunks: "));
            boolean sane =
                    receipt.length <= StoredObject.RECEIPT_BYTES_MAX
                            && content >= 0
                            && content <= StoredObject.CONTENT_BYTES_MAX;
            if (!sane) throw new Damaged("limits");
            return new FileHead(name, end + END_LINE_BYTES, receipt, content, hashes);
        } catch (IllegalArgumentException e) {
            throw new Damaged("fields", e);
        }
    }

    private static int format(String text) {
        int end = text.indexOf("\r\n");
        if (!text.startsWith(FILE) || end < 0 || end > FILE.length() + 9) return 0;
        String number = text.substring(FILE.length(), end);
        return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0;
    }

    private static List<String> unfolded(String text) {
        var lines = new ArrayList<String>();
        var one = new StringBuilder();
        for (String line : text.split("\r\n")) {
            if (line.startsWith(" ") && !one.isEmpty()) {
                one.append(line, 1, line.length());
            } else {
                if (!one.isEmpty()) lines.add(one.toString());
                one = new StringBuilder(line);
            }
        }
        lines.add(one.toString());
        return lines;
    }

    private static Optional<String> value(List<String> lines, String field) {
        return lines.stream().filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length())).findFirst();
    }

    private static byte[][] hashes(ObjectName name, int content, Optional<String> told) throws Damaged {
        int count = Math.ceilDiv(content, StoredObject.CHUNK_BYTES);
        byte[] all = told.isPresent() ? HexFormat.of().parseHex(told.get()) : name.hash().bytes();
        int each = StoredObject.CHUNK_HASH_BYTES;
        if (told.isPresent() != (count > 1)) throw new Damaged("chunks");
        if (told.isPresent() && all.length != count * each) throw new Damaged("chunks");
        byte[][] hashes = new byte[count][each];
        for (int i = 0; i < count; i++) System.arraycopy(all, i * each, hashes[i], 0, each);
        return hashes;
    }

    /// Returns the stored object's own header, receipt and chunk table.
    byte[] objectHead() {
        return StoredObject.plainHead(name, receipt, contentLength, chunkHashes);
    }

    /// Returns the length of the stored object.
    long objectBytes() {
        return objectBytes(receipt.length, contentLength);
    }

    static long objectBytes(int receiptLength, int contentLength) {
        long chunks = Math.ceilDiv(contentLength, StoredObject.CHUNK_BYTES);
        return StoredObject.HEADER_BYTES + receiptLength + StoredObject.TABLE_ROW_BYTES * chunks
                + contentLength;
    }

    /// Says that a file is not what was written.
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1L;

        Damaged(String where) {
            super(where);
        }

        Damaged(String where, Throwable cause) {
            super(where, cause);
        }
    }
}
