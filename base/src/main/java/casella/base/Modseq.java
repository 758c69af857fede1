package casella.base;

/// A point in an account's history: 0 before the first change, then 1 for each. At most 63 bits (RFC 7162 §3.1).
public record Modseq(long value) implements Comparable<Modseq> {
    public static final Modseq NONE = new Modseq(0);

    public Modseq {
        if (value < 0) throw new IllegalArgumentException("modseq: must be 0 or more");
    }

    public Modseq next() {
        return new Modseq(value + 1);
    }

    public boolean after(Modseq other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Modseq other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
