package casella.store.archive;

import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Change;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Up to where an account's entries are in segments: the engine's row [casella.store.engine.Key.Archived].
///
/// ```text
/// format:u8 = 1  modseq:u64  hash:32  checkpoint:u64  bytes:u64
/// ```
///
/// @param hash of the entry at `upTo`; what the next entry names as its previous
/// @param checkpoint mod-sequence of the newest checkpoint
/// @param bytes of segments and contents put since that checkpoint
public record Archived(Modseq upTo, Sha256 hash, Modseq checkpoint, long bytes) {
    /// Nothing is archived.
    public static final Archived NOTHING = new Archived(Modseq.NONE, Change.NO_PREVIOUS, Modseq.NONE, 0);

    private static final byte FORMAT = 1;
    private static final int BYTES = 25 + Sha256.BYTES;

    /// Returns what a row says; [#NOTHING] for none.
    public static Archived of(byte @Nullable [] row) {
        if (row == null) return NOTHING;
        if (row.length != BYTES || row[0] != FORMAT) {
            throw new Fault.Corrupt("Archived row unreadable", Map.of("bytes", row.length));
        }
        ByteBuffer in = ByteBuffer.wrap(row, 1, BYTES - 1);
        var upTo = new Modseq(in.getLong());
        byte[] hash = new byte[Sha256.BYTES];
        in.get(hash);
        return new Archived(upTo, Sha256.wrap(hash), new Modseq(in.getLong()), in.getLong());
    }

    public byte[] row() {
        return ByteBuffer.allocate(BYTES)
                .put(FORMAT)
                .putLong(upTo.value())
                .put(hash.bytes())
                .putLong(checkpoint.value())
                .putLong(bytes)
                .array();
    }
}
