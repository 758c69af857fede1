package casella.store.append;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The bytes of a segment file. All integers big-endian, checksums CRC-32C. Page: docs/formats/append.md.
///
/// ```text
/// file    header batch*
/// batch   mark record*
///
/// header offset size          mark   offset size                     record offset size
///             0    4  "CAL1"              0    4  "CBM1"                         0    4  length n of the body
///             4    2  format, now 1       4    4  number in this file, from 1    4    1  kind
///             6    2  0                   8    8  segment id                     5    4  checksum of the body
///             8    4  content, "TAIL"    16    8  synced up to                   9    4  checksum of bytes 0 to 8
///            12    4  0                  24    4  bytes of its records          13    n  body
///            16    8  segment number     28    4  checksum of bytes 0 to 27
///            24    8  segment id
///            32    8  created, Unix ms
///            40    8  number of the segment before, 0: none known
///            48    8  synced up to, in the segment before
///            56    4  0
///            60    4  checksum of bytes 0 to 59
/// ```
///
/// *Synced up to*: every byte before that offset was on the disk before this mark was written. So a bad byte before the
/// highest such offset is damage; one after it may be the end that a power loss tore.
final class SegmentFormat {
    static final int HEADER_BYTES = 64;
    static final int MARK_BYTES = 32;
    static final int HEAD_BYTES = 13;
    static final int FORMAT = 1;
    private static final int HEADER_MAGIC = 0x43414C31;
    static final int MARK_MAGIC = 0x43424D31;

    private SegmentFormat() {}

    /// @param previous number of the segment before, 0 if none is known
    /// @param previousEnd offset up to which that one is known to be synced
    record Header(
            int format, String content, long number, long id, long createdMillis, long previous, long previousEnd) {
        byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES);
            out.putInt(HEADER_MAGIC).putShort((short) format).putShort((short) 0);
            out.put(content.getBytes(StandardCharsets.US_ASCII)).putInt(0);
            out.putLong(number).putLong(id).putLong(createdMillis).putLong(previous).putLong(previousEnd).putInt(0);
            return out.putInt(checksum(out.array(), 0, HEADER_BYTES - 4)).array();
        }

        /// Returns the header `bytes` start with, of whatever format, or null if they are none.
        static @Nullable Header of(byte[] bytes) {
            if (bytes.length < HEADER_BYTES) return null;
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (in.getInt(0) != HEADER_MAGIC || in.getInt(60) != checksum(bytes, 0, 60)) return null;
            String content = new String(bytes, 8, 4, StandardCharsets.US_ASCII);
            return new Header(
                    in.getShort(4), content, in.getLong(16), in.getLong(24), in.getLong(32), in.getLong(40),
                    in.getLong(48));
        }
    }

    /// @param length bytes of the batch's records; 0 for a mark that only claims
    record Mark(int number, long id, long synced, int length) {
        byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(MARK_BYTES);
            out.putInt(MARK_MAGIC).putInt(number).putLong(id).putLong(synced).putInt(length);
            return out.putInt(checksum(out.array(), 0, MARK_BYTES - 4)).array();
        }

        /// Returns the mark of segment `id` at `at` in `bytes`, or null if there is none.
        static @Nullable Mark of(long id, byte[] bytes, int at) {
            if (bytes.length - at < MARK_BYTES) return null;
            ByteBuffer in = ByteBuffer.wrap(bytes, at, MARK_BYTES).slice();
            if (in.getInt(0) != MARK_MAGIC || in.getLong(8) != id) return null;
            if (in.getInt(28) != checksum(bytes, at, MARK_BYTES - 4)) return null;
            return new Mark(in.getInt(4), id, in.getLong(16), in.getInt(24));
        }
    }

    /// What stands before a record's body. It has a checksum of its own, so that a damaged body costs one record only.
    record Head(int length, int kind, int bodyChecksum) {
        static void put(ByteBuffer out, int length, int kind, int checksum) {
            byte[] head = new byte[HEAD_BYTES];
            ByteBuffer in = ByteBuffer.wrap(head).putInt(length).put((byte) kind).putInt(checksum);
            in.putInt(checksum(head, 0, HEAD_BYTES - 4));
            out.put(head);
        }

        /// Returns the head at `at` in `bytes`, or null if there is none.
        static @Nullable Head of(byte[] bytes, int at) {
            if (bytes.length - at < HEAD_BYTES) return null;
            ByteBuffer in = ByteBuffer.wrap(bytes, at, HEAD_BYTES).slice();
            if (in.getInt(9) != checksum(bytes, at, HEAD_BYTES - 4) || in.getInt(0) < 0) return null;
            return new Head(in.getInt(0), in.get(4), in.getInt(5));
        }
    }

    static int checksum(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    static int checksum(byte[] head, byte[] body) {
        var crc = new CRC32C();
        crc.update(head);
        crc.update(body);
        return (int) crc.getValue();
    }
}
