package casella.message;

import java.util.Arrays;

/// A run of bytes inside a mail.
///
/// @param offset of its first byte, from the mail's first byte; at least 0
/// @param length in bytes; at least 0
public record Range(int offset, int length) {
    public Range {
        if (offset < 0 || length < 0) throw new IllegalArgumentException("range: negative");
    }

    /// Returns the index of the first byte after it.
    public int end() {
        return offset + length;
    }

    /// Returns a copy of these bytes of `raw`.
    ///
    /// @throws IndexOutOfBoundsException if `raw` is not the mail this range was made for
    public byte[] in(byte[] raw) {
        if (end() > raw.length) throw new IndexOutOfBoundsException("range: beyond the mail");
        return Arrays.copyOfRange(raw, offset, end());
    }
}
