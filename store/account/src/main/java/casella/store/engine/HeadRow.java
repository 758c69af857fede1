package casella.store.engine;

import casella.base.Fault;
import casella.base.Sha256;
import java.nio.ByteBuffer;
import java.util.Map;

/// The fixed beginning of the row [Key.Head], which engines read to decide a conditional write.
///
/// ```text
/// offset size
///      0    1  format, now 1
///      1    8  version: the account's mod-sequence
///      9    8  epoch
///     17   32  hash of the newest journal entry
///     49    …  Counters, a protocol buffer (`stored.proto`)
/// ```
///
/// @param counters the encoded `Counters` message
public record HeadRow(long version, long epoch, Sha256 hash, byte[] counters) {
    public static final int FORMAT = 1;
    private static final int FIXED = 49;

    /// Returns this head under another epoch.
    public HeadRow under(long epoch) {
        return new HeadRow(version, epoch, hash, counters);
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(FIXED + counters.length)
                .put((byte) FORMAT)
                .putLong(version)
                .putLong(epoch)
                .put(hash.bytes())
                .put(counters)
                .array();
    }

    /// Returns the row `value` holds.
    ///
    /// @throws Fault.Corrupt if it is too short or of a format this code does not know
    public static HeadRow of(byte[] value) {
        if (value.length < FIXED || value[0] != FORMAT) {
            throw new Fault.Corrupt("Head row unreadable", Map.of("bytes", value.length));
        }
        ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
        long version = in.getLong();
        long epoch = in.getLong();
        byte[] hash = new byte[Sha256.BYTES];
        in.get(hash);
        byte[] counters = new byte[in.remaining()];
        in.get(counters);
        return new HeadRow(version, epoch, Sha256.wrap(hash), counters);
    }
}
