package casella.vault.rocksdb;

import casella.base.Fault;
import casella.store.vault.ObjectName;
import java.nio.ByteBuffer;
import java.util.Map;

/// What the column family `names` says of an object, and where its bytes lie in the column family `objects`.
///
/// ```text
/// column family  key                 value
/// names          name (57 bytes)     offset size
///                                         0    1  1: an object; 0: gone (hides an older generation's object)
///                                         1    4  stored length
///                                         5    4  piece length: bytes in each piece but the last
///                                         9    …  receipt
/// objects        name piece:u16      the piece's bytes
/// own            "figures"           objects:u64 bytes:u64
/// own            "erased" account    empty (hides an older generation's account)
/// own            "probe"             what the last probe wrote
/// ```
///
/// Names have a column family of their own because iterating keys of a blob database reads every blob. An object is cut
/// into pieces because RocksDB reads blobs whole: a range of a large object costs its pieces only.
///
/// @param gone whether the name is only here to hide an older generation's object
/// @param length stored length of the object
/// @param pieceLength bytes in each piece but the last
/// @param receipt as in the object's header
record ObjectRow(boolean gone, int length, int pieceLength, byte[] receipt) {
    private static final int PIECE_BYTES = 1 << 20;
    private static final int FIXED = 9;

    static final ObjectRow GONE = new ObjectRow(true, 0, PIECE_BYTES, new byte[0]);

    static ObjectRow of(int length, byte[] receipt) {
        return new ObjectRow(false, length, PIECE_BYTES, receipt);
    }

    /// Returns the row that `value` holds.
    ///
    /// @throws Fault.Corrupt if it holds none
    static ObjectRow decode(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (value.length < FIXED || value[0] < 0 || value[0] > 1 || in.getInt(1) < 0 || in.getInt(5) < 1) {
            throw new Fault.Corrupt("Row of a name unreadable", Map.of("bytes", value.length));
        }
        byte[] receipt = new byte[value.length - FIXED];
        in.get(FIXED, receipt);
        return new ObjectRow(value[0] == 0, in.getInt(1), in.getInt(5), receipt);
    }

    byte[] encode() {
        return ByteBuffer.allocate(FIXED + receipt.length)
                .put((byte) (gone ? 0 : 1))
                .putInt(length)
                .putInt(pieceLength)
                .put(receipt)
                .array();
    }

    int pieces() {
        return Math.ceilDiv(length, pieceLength);
    }

    /// Returns the key of a piece.
    static byte[] pieceKey(ObjectName name, int piece) {
        return ByteBuffer.allocate(ObjectName.BYTES + 2)
                .put(name.bytes())
                .putShort((short) piece)
                .array();
    }
}
