package casella.rocksdb;

import casella.base.Event;
import casella.base.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Looks over a database's logs before RocksDB reads them, for the one kind of damage that keeps it reading for ever.
///
/// A log is 32 KiB blocks of records: masked CRC-32C u32, length u16, type u8 (all little-endian), payload; the CRC is of
/// type and payload. The types of *recycled* logs have a longer header that names the log; RocksDB 11.8 answers a name
/// that does not match by reading the same record again, without end, in every recovery mode. We never recycle logs, so
/// such a type is a flipped bit or garbage. Where another type makes the CRC right it is put back, proven by the CRC;
/// else it is made a type that no one knows, at which RocksDB reports corruption as it should. Decision 0059.
///
/// A record of a manifest that seems to reach beyond the file's end is dropped without a word, as one whose writer died:
/// the database then opens with an older set of files and newer logs, and has a hole where it should have a prefix. A
/// length for which the CRC is right is put back. Where none is, the file is left: it was torn, or damaged twice.
public final class LogGuard {
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    private static final String MANIFEST = "MANIFEST-";
    private static final byte UNKNOWN_TYPE = 0x7F;
    private static final int CRC_MASK_DELTA = 0xa282ead8;

    /// Bytes to set.
    private record Mend(long at, byte[] bytes) {
        static Mend type(long at, byte type) {
            return new Mend(at, new byte[] {type});
        }

        static Mend length(long at, int length) {
            return new Mend(at, new byte[] {(byte) length, (byte) (length >>> 8)});
        }
    }

    private LogGuard() {}

    /// Mends logs and manifests in `folder` that would never be read to their end. The originals are kept as evidence.
    ///
    /// @param where what the database is part of, for logs
    /// @throws IOException if a file cannot be read, or a mended one not be put in its place
    public static void mend(String where, Path folder) throws IOException {
        List<Path> files = new ArrayList<>(Evidence.list(folder, "", ".log"));
        files.addAll(Evidence.list(folder, MANIFEST, ""));
        for (Path file : files) {
            List<Mend> mends = look(file);
            if (mends.isEmpty()) continue;
            Evidence.copy(where, folder, file);
            replace(folder, file, mends);
            Log.event(Event.ROCKSDB_LOG_MENDED, "where", where, "file", file.getFileName(), "records", mends.size());
        }
    }

    private static List<Mend> look(Path file) throws IOException {
        var mends = new ArrayList<Mend>();
        ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            boolean manifest = file.getFileName().toString().startsWith(MANIFEST);
            for (long at = 0; fill(in, block); at += BLOCK) look(block, at, manifest, mends);
        }
        return mends;
    }

    private static boolean fill(FileChannel in, ByteBuffer block) throws IOException {
        block.clear();
        int read = 0;
        while (block.hasRemaining() && read >= 0) read = in.read(block);
        block.flip();
        return block.hasRemaining();
    }

    /// Walks one block as RocksDB does, up to the first record that is not whole: it gives up the rest of the block.
    private static void look(ByteBuffer block, long blockAt, boolean manifest, List<Mend> mends) {
        int at = 0;
        while (at + HEADER <= block.limit()) {
            int length = Short.toUnsignedInt(block.getShort(at + 4));
            byte type = block.get(at + 6);
            boolean inside = at + HEADER + length <= block.limit();
            if (!inside && manifest && block.limit() < BLOCK) {
                int proven = lengthOf(block, at, length);
                if (proven >= 0) {
                    length = proven;
                    mends.add(Mend.length(blockAt + at + 4, length));
                    inside = true;
                }
            }
            if (recycled(type)) {
                byte proven = inside ? proven(block, at, length) : UNKNOWN_TYPE;
                mends.add(Mend.type(blockAt + at + 6, proven));
                type = proven;
            }
            if (!inside || crc(block, at, length, type) != block.getInt(at)) return;
            at += HEADER + length;
        }
    }

    /// Says whether `type` is one of a recycled log: full, first, middle, last, time stamp size, predecessor.
    private static boolean recycled(byte type) {
        int number = Byte.toUnsignedInt(type);
        return (number >= 5 && number <= 8) || number == 11 || number == 131;
    }

    /// Returns the type among those of logs that are not recycled for which the CRC is right.
    private static byte proven(ByteBuffer block, int at, int length) {
        for (int type : new int[] {1, 2, 3, 4, 9, 10, 130}) {
            if (crc(block, at, length, (byte) type) == block.getInt(at)) return (byte) type;
        }
        return UNKNOWN_TYPE;
    }

    /// Returns how long a record is that seems to reach beyond the end, as its CRC proves; -1 if it does not.
    private static int lengthOf(ByteBuffer block, int at, int length) {
        int most = block.limit() - at - HEADER;
        byte type = block.get(at + 6);
        if (crc(block, at, most, type) == block.getInt(at)) return most;
        for (int bit = 0; bit < Short.SIZE; bit++) {
            int other = length ^ 1 << bit;
            if (other <= most && crc(block, at, other, type) == block.getInt(at)) return other;
        }
        return -1;
    }

    private static int crc(ByteBuffer block, int at, int length, byte type) {
        var crc = new CRC32C();
        crc.update(type);
        crc.update(block.slice(at + HEADER, length));
        int value = (int) crc.getValue();
        return Integer.rotateRight(value, 15) + CRC_MASK_DELTA;
    }

    /// Puts a mended copy in the file's place, synced before it is seen.
    private static void replace(Path folder, Path file, List<Mend> mends) throws IOException {
        Path copy = file.resolveSibling(file.getFileName() + ".mending");
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            for (Mend mend : mends) out.write(ByteBuffer.wrap(mend.bytes()), mend.at());
            out.force(true);
        }
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
