package casella.delivery;

/// Counts `Received` fields, to end mail loops. RFC 5321 §6.3.
public final class Hops {
    /// "A large rejection threshold, normally at least 100 Received entries."
    public static final int MAX = 100;

    private static final byte[] NAME = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd', ':'};

    private int count;
    private boolean inHeader = true;
    /// Bytes of the current line that matched so far; -1 when it cannot match any more.
    private int matched;
    private int lineBytes;

    /// Looks at more bytes of the message. Costs nothing after the header.
    public void see(byte[] bytes, int from, int until) {
        for (int i = from; i < until && inHeader; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                inHeader = lineBytes > 0;
                lineBytes = 0;
                matched = 0;
            } else if (b != '\r') {
                lineBytes++;
                if (matched >= 0) match(b);
            }
        }
    }

    private void match(byte b) {
        if (Character.toLowerCase(b) != NAME[matched]) {
            matched = -1;
        } else if (++matched == NAME.length) {
            count++;
            matched = -1;
        }
    }

    /// Says whether the message has gone in circles.
    public boolean tooMany() {
        return count > MAX;
    }
}
