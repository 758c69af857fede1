package casella.store.archive;

import casella.base.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/// The hash of a set of rows, whatever their order: the sum of the SHA-256 of each, in four lanes of 64 bits.
///
/// So it is kept as rows come and go, and two views are compared without putting their rows in one order. It finds what
/// went wrong by accident; against a forger there is the chain of changes, which the rows follow from.
final class StateSum {
    static final int BYTES = 32;
    private static final int LANES = 4;

    private final long[] lanes = new long[LANES];
    private long rows;

    /// Returns the sum that `bytes` hold.
    static StateSum of(byte[] bytes, long rows) {
        var sum = new StateSum();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        for (int i = 0; i < LANES; i++) sum.lanes[i] = in.getLong();
        sum.rows = rows;
        return sum;
    }

    StateSum copy() {
        return of(bytes(), rows);
    }

    void add(byte[] key, byte[] value) {
        count(key, value, 1);
        rows++;
    }

    void remove(byte[] key, byte[] value) {
        count(key, value, -1);
        rows--;
    }

    private void count(byte[] key, byte[] value, int sign) {
        MessageDigest digest = Sha256.digest();
        digest.update(ByteBuffer.allocate(4).putInt(key.length).array());
        digest.update(key);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(value));
        for (int i = 0; i < LANES; i++) lanes[i] += sign * hash.getLong();
    }

    long rows() {
        return rows;
    }

    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        for (long lane : lanes) out.putLong(lane);
        return out.array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StateSum that && rows == that.rows && Arrays.equals(lanes, that.lanes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lanes);
    }

    @Override
    public String toString() {
        return Sha256.wrap(bytes()).toString();
    }
}
