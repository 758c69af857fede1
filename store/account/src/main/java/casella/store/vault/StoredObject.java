package casella.store.vault;

import casella.base.Fault;
import casella.base.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;

/// The form in which every vault keeps an object: it says itself what it is, and shows when it is damaged.
///
/// ```text
/// offset size
///      0    4  "CSO1"
///      4    1  format, now 1
///      5    1  kind (ObjectName.Kind)
///      6    2  flags, 0
///      8    8  account
///     16   16  order: a mail's arrival
///     32   32  SHA-256 of the content
///     64    4  receipt length r, at most 65,536
///     68    4  content length, at most 64 MiB
///     72    4  chunk size: content bytes in each chunk but the last
///     76    4  chunk count c
///     80    4  CRC-32C of bytes 0 to 79, the receipt and the chunk table
///     84    r  receipt, a protocol buffer (`Receipt` in stored.proto)
///   84+r 20·c  chunk table: stored length:u32, first 16 bytes of the SHA-256 of the chunk's content
///      …    …  chunks: raw if the stored length is the content length, else one zstd frame
/// ```
///
/// Compressed once for all vaults, at level 1. A range is read by its chunks, each checked against its own hash; a whole
/// object is checked against the SHA-256 in its name. All integers big-endian. Page: docs/formats/object.md.
public final class StoredObject {
    public static final int HEADER_BYTES = 84;
    public static final int CONTENT_BYTES_MAX = 64 << 20;
    public static final int CHUNK_BYTES = 256 << 10;
    private static final int MAGIC = 0x43534F31;
    private static final int FORMAT = 1;
    public static final int RECEIPT_BYTES_MAX = 65_536;
    public static final int TABLE_ROW_BYTES = 20;
    public static final int CHUNK_HASH_BYTES = 16;

    private final int contentLength;
    private final int chunkSize;
    private final byte[] receipt;
    private final int[] storedLengths;
    private final byte[][] chunkHashes;
    /// Offset of the first chunk in the stored object.
    private final int chunksAt;

    private StoredObject(
            int contentLength, int chunkSize, byte[] receipt, int[] storedLengths, byte[][] chunkHashes, int chunksAt) {
        this.contentLength = contentLength;
        this.chunkSize = chunkSize;
        this.receipt = receipt;
        this.storedLengths = storedLengths;
        this.chunkHashes = chunkHashes;
        this.chunksAt = chunksAt;
    }

    /// Returns the stored form of `content` under `name`.
    ///
    /// @param name with the SHA-256 of `content`
    /// @param receipt empty for kinds that have none
    /// @throws Fault.Exhausted if content or receipt are over their limits
    public static byte[] encode(ObjectName name, byte[] receipt, byte[] content) {
        if (content.length > CONTENT_BYTES_MAX || receipt.length > RECEIPT_BYTES_MAX) {
            throw new Fault.Exhausted(
                    "Object too large", Map.of("content", content.length, "receipt", receipt.length));
        }
        int count = Math.ceilDiv(content.length, CHUNK_BYTES);
        byte[][] chunks = new byte[count][];
        byte[][] hashes = chunkHashes(name, content);
        ByteBuffer table = ByteBuffer.allocate(count * TABLE_ROW_BYTES);
        int stored = 0;
        for (int i = 0; i < count; i++) {
            int from = i * CHUNK_BYTES;
            chunks[i] = Compression.compress(content, from, Math.min(content.length, from + CHUNK_BYTES));
            table.putInt(chunks[i].length).put(hashes[i]);
            stored += chunks[i].length;
        }
        byte[] out = head(name, receipt, content.length, table.array(), stored);
        int at = out.length - stored;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, 0, out, at, chunk.length);
            at += chunk.length;
        }
        return out;
    }

    /// Returns header, receipt and chunk table of an object whose chunks are not compressed: with the content after them
    /// they are the object, for a vault that keeps contents plain.
    ///
    /// @param chunkHashes as [#chunkHashes] returns them
    public static byte[] plainHead(ObjectName name, byte[] receipt, int contentLength, byte[][] chunkHashes) {
        ByteBuffer table = ByteBuffer.allocate(chunkHashes.length * TABLE_ROW_BYTES);
        for (int i = 0; i < chunkHashes.length; i++) {
            table.putInt(Math.min(CHUNK_BYTES, contentLength - i * CHUNK_BYTES)).put(chunkHashes[i]);
        }
        return head(name, receipt, contentLength, table.array(), 0);
    }

    /// Returns the first 16 bytes of the SHA-256 of each [#CHUNK_BYTES] of `content`.
    public static byte[][] chunkHashes(ObjectName name, byte[] content) {
        byte[][] hashes = new byte[Math.ceilDiv(content.length, CHUNK_BYTES)][];
        for (int i = 0; i < hashes.length; i++) {
            int from = i * CHUNK_BYTES;
            // The only chunk is the content, and most mails have one.
            byte[] hash = hashes.length == 1
                    ? name.hash().bytes()
                    : hash(content, from, Math.min(content.length, from + CHUNK_BYTES));
            hashes[i] = Arrays.copyOf(hash, CHUNK_HASH_BYTES);
        }
        return hashes;
    }

    /// @param room bytes left free after the table
    private static byte[] head(ObjectName name, byte[] receipt, int contentLength, byte[] table, int room) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + receipt.length + table.length + room);
        out.putInt(MAGIC).put((byte) FORMAT).put((byte) name.kind().number()).putShort((short) 0);
        out.putLong(name.account().value()).putLong(name.high()).putLong(name.low()).put(name.hash().bytes());
        out.putInt(receipt.length).putInt(contentLength).putInt(CHUNK_BYTES)
                .putInt(table.length / TABLE_ROW_BYTES);
        out.putInt(checksum(out.array(), receipt, table));
        return out.put(receipt).put(table).array();
    }

    private static byte[] hash(byte[] content, int from, int until) {
        MessageDigest digest = Sha256.digest();
        digest.update(content, from, until - from);
        return digest.digest();
    }

    private static int checksum(byte[] header, byte[] receipt, byte[] table) {
        var crc = new CRC32C();
        crc.update(header, 0, HEADER_BYTES - 4);
        crc.update(receipt);
        crc.update(table);
        return (int) crc.getValue();
    }

    /// Returns how many bytes from the start [#open] needs, told by the first [#HEADER_BYTES] of them.
    ///
    /// @throws Fault.Corrupt if they are no header
    public static int headLength(byte[] start) {
        ByteBuffer in = header(start);
        int receiptLength = in.getInt(64);
        int count = in.getInt(76);
        return HEADER_BYTES + receiptLength + count * TABLE_ROW_BYTES;
    }

    /// Reads header, receipt and chunk table.
    ///
    /// @param start at least [#headLength] bytes
    /// @param name what the object should be
    /// @throws Fault.Corrupt if it is damaged or another object
    public static StoredObject open(ObjectName name, byte[] start) {
        int length = headLength(start);
        if (start.length < length) throw corrupt("Object shorter than its header says");
        ByteBuffer in = header(start);
        byte[] receipt = Arrays.copyOfRange(start, HEADER_BYTES, HEADER_BYTES + in.getInt(64));
        byte[] table = Arrays.copyOfRange(start, HEADER_BYTES + receipt.length, length);
        if (checksum(start, receipt, table) != in.getInt(80)) throw corrupt("Object header fails its checksum");
        boolean same =
                in.get(5) == name.kind().number()
                        && in.getLong(8) == name.account().value()
                        && in.getLong(16) == name.high()
                        && in.getLong(24) == name.low()
                        && name.hash().equals(Sha256.wrap(Arrays.copyOfRange(start, 32, 64)));
        if (!same) throw corrupt("Object is another than its name says");
        int count = in.getInt(76);
        int[] lengths = new int[count];
        byte[][] hashes = new byte[count][];
        ByteBuffer rows = ByteBuffer.wrap(table);
        for (int i = 0; i < count; i++) {
            lengths[i] = rows.getInt();
            hashes[i] = new byte[CHUNK_HASH_BYTES];
            rows.get(hashes[i]);
        }
        return new StoredObject(in.getInt(68), in.getInt(72), receipt, lengths, hashes, length);
    }

    private static ByteBuffer header(byte[] start) {
        if (start.length < HEADER_BYTES) throw corrupt("Object shorter than a header");
        ByteBuffer in = ByteBuffer.wrap(start);
        if (in.getInt(0) == MAGIC && in.get(4) > FORMAT) {
            throw new Fault.Corrupt("Object was written by a newer version", Map.of("format", in.get(4)));
        }
        boolean sane =
                in.getInt(0) == MAGIC
                        && in.get(4) == FORMAT
                        && in.getInt(64) >= 0
                        && in.getInt(64) <= RECEIPT_BYTES_MAX
                        && in.getInt(68) >= 0
                        && in.getInt(68) <= CONTENT_BYTES_MAX
                        && in.getInt(72) > 0
                        && in.getInt(76) == Math.ceilDiv(in.getInt(68), in.getInt(72));
        if (!sane) throw corrupt("Object has no readable header");
        return in;
    }

    /// Returns the length of the content.
    public int contentLength() {
        return contentLength;
    }

    /// Returns the length of the whole stored object.
    public long length() {
        long length = chunksAt;
        for (int one : storedLengths) length += one;
        return length;
    }

    /// Returns the encoded receipt, empty for kinds that have none.
    public byte[] receipt() {
        return receipt.clone();
    }

    /// A stretch of the stored object.
    public record Stretch(long from, int length) {}

    /// Returns which stored bytes hold content `from` (inclusive) until `until` (exclusive).
    public Stretch stretch(int from, int until) {
        if (until <= from) return new Stretch(chunksAt, 0);
        long at = chunksAt;
        long start = at;
        long end = at;
        for (int i = 0; i < storedLengths.length; i++) {
            if (i == from / chunkSize) start = at;
            at += storedLengths[i];
            if (i == (until - 1) / chunkSize) end = at;
        }
        return new Stretch(start, (int) (end - start));
    }

    /// Returns content `from` until `until`, out of the stored bytes that [#stretch] named.
    ///
    /// @throws Fault.Corrupt if any byte is not what was stored
    public byte[] content(int from, int until, byte[] stored) {
        byte[] out = new byte[Math.max(0, until - from)];
        if (out.length == 0) return out;
        int at = 0;
        for (int i = from / chunkSize; i <= (until - 1) / chunkSize; i++) {
            if (at + storedLengths[i] > stored.length) throw corrupt("Object shorter than its chunks");
            byte[] chunk = chunk(i, stored, at);
            at += storedLengths[i];
            int chunkFrom = Math.max(from, i * chunkSize);
            int chunkUntil = Math.min(until, i * chunkSize + chunk.length);
            System.arraycopy(chunk, chunkFrom - i * chunkSize, out, chunkFrom - from, chunkUntil - chunkFrom);
        }
        return out;
    }

    private byte[] chunk(int index, byte[] stored, int at) {
        byte[] chunk = new byte[plainLength(index)];
        unpack(index, stored, at, chunk, 0);
        byte[] hash = hash(chunk, 0, chunk.length);
        if (!Arrays.equals(hash, 0, CHUNK_HASH_BYTES, chunkHashes[index], 0, CHUNK_HASH_BYTES)) {
            throw corrupt("Chunk fails its hash");
        }
        return chunk;
    }

    private int plainLength(int index) {
        return Math.min(chunkSize, contentLength - index * chunkSize);
    }

    /// Puts the content of a chunk, unchecked, into `into` at `to`.
    private void unpack(int index, byte[] stored, int at, byte[] into, int to) {
        int plain = plainLength(index);
        if (storedLengths[index] == plain) {
            System.arraycopy(stored, at, into, to, plain);
        } else if (Compression.decompress(into, to, plain, stored, at, storedLengths[index]) != plain) {
            throw corrupt("Chunk does not decompress");
        }
    }

    /// Returns the whole content of the whole stored object, checked against the hash in `name`.
    ///
    /// @throws Fault.Corrupt if any byte is not what was stored
    public static byte[] read(ObjectName name, byte[] object) {
        StoredObject opened = open(name, object);
        byte[] content = new byte[opened.contentLength];
        int at = opened.chunksAt;
        for (int i = 0; i < opened.storedLengths.length; i++) {
            int length = opened.storedLengths[i];
            if (length < 0 || length > object.length - at) throw corrupt("Object shorter than its chunks");
            opened.unpack(i, object, at, content, i * opened.chunkSize);
            at += length;
        }
        // The hash of all of it says all that those of the chunks would.
        if (!Sha256.of(content).equals(name.hash())) throw corrupt("Content fails its hash");
        return content;
    }

    private static Fault.Corrupt corrupt(String sentence) {
        return new Fault.Corrupt(sentence, Map.of());
    }
}
