package casella.store.archive;

import casella.base.Fault;
import casella.base.Sha256;
import casella.store.engine.Rows;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows of an account that follow one another, as a checkpoint keeps them.
///
/// ```text
/// offset size
///      0    1  format, now 1
///      1    …  each row, in key order: key length:u16, key, value length:u32, value
/// ```
///
/// Page: docs/formats/checkpoint.md.
record Page(List<byte[]> keys, List<byte[]> values) implements FollowingRows.Index {
    static final byte FORMAT = 1;

    byte[] encode() {
        int length = 1;
        for (int i = 0; i < keys.size(); i++) length += weight(keys.get(i), values.get(i));
        ByteBuffer out = ByteBuffer.allocate(length).put(FORMAT);
        for (int i = 0; i < keys.size(); i++) {
            byte[] key = keys.get(i);
            byte[] value = values.get(i);
            out.putShort((short) key.length).put(key).putInt(value.length).put(value);
        }
        return out.array();
    }

    /// Returns the bytes a row takes in a page.
    static int weight(byte[] key, byte[] value) {
        return 2 + key.length + 4 + value.length;
    }

    /// @throws Fault.Corrupt if `content` is no page, or its rows are out of order
    static Page decode(byte[] content) {
        try {
            ByteBuffer in = ByteBuffer.wrap(content);
            if (in.get() != FORMAT) throw new Fault.Corrupt("Page of an unknown format", Map.of());
            var keys = new ArrayList<byte[]>();
            var values = new ArrayList<byte[]>();
            while (in.hasRemaining()) {
                byte[] key = new byte[Short.toUnsignedInt(in.getShort())];
                in.get(key);
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
                byte[] value = new byte[length];
                in.get(value);
                if (!keys.isEmpty() && Arrays.compareUnsigned(keys.getLast(), key) >= 0) {
                    throw new Fault.Corrupt("Page's rows are out of order", Map.of());
                }
                keys.add(key);
                values.add(value);
            }
            return new Page(keys, values);
        } catch (BufferUnderflowException e) {
            throw new Fault.Corrupt("Page unreadable", Map.of("bytes", content.length), e);
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        int at = at(key);
        return at < keys.size() && Arrays.equals(keys.get(at), key) ? values.get(at) : null;
    }

    /// Returns the index of the first key that is not before `key`.
    private int at(byte[] key) {
        int low = 0;
        int high = keys.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(keys.get(middle), key) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// Visits rows from `from` until `until`; returns whether the visitor wants more.
    @Override
    public boolean scan(byte[] from, byte[] until, boolean backwards, Rows.Visitor visitor) {
        int start = at(from);
        int end = at(until);
        for (int i = 0; i < end - start; i++) {
            int at = backwards ? end - 1 - i : start + i;
            if (!visitor.row(keys.get(at), values.get(at))) return false;
        }
        return true;
    }

    /// Where a page is in a checkpoint.
    ///
    /// @param first its first key
    /// @param hash SHA-256 of the page's content: the same rows are the same object in every checkpoint
    record Place(byte[] first, int rows, int bytes, Sha256 hash) {}
}
