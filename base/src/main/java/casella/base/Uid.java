package casella.base;

/// A message's place in its mailbox: an unsigned 32-bit number, 1 or more. RFC 9051 §2.3.1.1.
public record Uid(int unsigned) implements Comparable<Uid> {
    public static final Uid FIRST = new Uid(1);
    public static final Uid LAST = new Uid(0xFFFF_FFFF);

    public Uid {
        if (unsigned == 0) throw new IllegalArgumentException("uid: must not be 0 (RFC 9051 §2.3.1.1)");
    }

    /// Returns the UID of `value`, 1 to 4,294,967,295.
    public static Uid of(long value) {
        if (value < 1 || value > 0xFFFF_FFFFL) throw new IllegalArgumentException("uid: must be 1 to 4294967295");
        return new Uid((int) value);
    }

    public long value() {
        return Integer.toUnsignedLong(unsigned);
    }

    @Override
    public int compareTo(Uid other) {
        return Integer.compareUnsigned(unsigned, other.unsigned);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(unsigned);
    }
}
