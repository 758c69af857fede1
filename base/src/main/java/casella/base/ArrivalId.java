package casella.base;

import java.nio.ByteBuffer;

/// One acceptance of a message by an account: 128 bits, ordered by time, the email's id for ever.
///
/// 48 bits of Unix milliseconds, then 80 random bits (the layout of a ULID), made by [Arrivals]. Two acceptances of the
/// same bytes are two arrivals. Written as 26 digits of Crockford base 32: a valid JMAP id (RFC 8620 §1.2) and a valid
/// OBJECTID (RFC 8474 §4).
public record ArrivalId(long high, long low) implements Comparable<ArrivalId> {
    public static final int BYTES = 16;
    private static final int DIGITS = 26;

    /// Returns the id that `bytes` (16, big-endian) hold.
    public static ArrivalId of(byte[] bytes) {
        if (bytes.length != BYTES) throw new IllegalArgumentException("arrival: not 16 bytes");
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new ArrivalId(in.getLong(), in.getLong());
    }

    /// Returns the id of something of which there is one: the same for the same moment and the same `of`.
    ///
    /// @param of what it is; its first 80 bits stand where others have random ones
    public static ArrivalId derived(long unixMillis, Sha256 of) {
        ByteBuffer bytes = ByteBuffer.wrap(of.bytes());
        return new ArrivalId((unixMillis << 16) | (bytes.getShort() & 0xFFFF), bytes.getLong());
    }

    /// Returns the id `text` says.
    ///
    /// @throws IllegalArgumentException if it is not 26 base 32 digits of at most 128 bits
    public static ArrivalId parse(String text) {
        if (text.length() != DIGITS) throw new IllegalArgumentException("arrival: not 26 digits");
        long[] number = Base32.read(text);
        return new ArrivalId(number[0], number[1]);
    }

    /// Returns the 16 bytes, big-endian: byte order is time order.
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    /// Returns when the message was accepted, in Unix milliseconds.
    public long unixMillis() {
        return high >>> 16;
    }

    @Override
    public int compareTo(ArrivalId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return Base32.write(high, low, DIGITS);
    }
}
