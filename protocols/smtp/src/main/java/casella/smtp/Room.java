package casella.smtp;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of messages may be in memory at once, over all connections and doors.
public final class Room {
    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    public Room(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Takes `bytes` if there is room; false if not. Never waits: waiting would let slow senders hold up all others.
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= bytesMax) return true;
        taken.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /// Returns the bytes taken now, for the gauge.
    public long taken() {
        return taken.get();
    }
}
