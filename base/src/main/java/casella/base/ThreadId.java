package casella.base;

/// A conversation: the arrival of its first email. Never changes, never merged. RFC 8621 §3, RFC 8474 §5.2.
public record ThreadId(ArrivalId first) implements Comparable<ThreadId> {
    /// Returns the id `text` says: `t` and 26 base 32 digits.
    public static ThreadId parse(String text) {
        if (!text.startsWith("t")) throw new IllegalArgumentException("thread: must start with t");
        return new ThreadId(ArrivalId.parse(text.substring(1)));
    }

    @Override
    public int compareTo(ThreadId other) {
        return first.compareTo(other.first);
    }

    @Override
    public String toString() {
        return "t" + first;
    }
}
