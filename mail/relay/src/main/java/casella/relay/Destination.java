package casella.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What is going on with one domain, and how many connections it bears. Guarded by whoever holds it.
///
/// The width begins at one, grows by one with each message that went well and halves when the domain fails: one that hangs
/// holds one connection, and one that takes what comes gets what it can take.
final class Destination {
    /// A connection that is kept for what comes next.
    record Kept(SmtpClient client, long sinceNanos) {}

    final String domain;
    private final int widthMax;
    private int width = 1;
    private int active;
    private boolean proven;
    private boolean failed;
    private boolean passedOver;
    private final Deque<Kept> kept = new ArrayDeque<>();

    Destination(String domain, int widthMax) {
        this.domain = domain;
        this.widthMax = widthMax;
    }

    /// Says whether its last attempt worked.
    boolean proven() {
        return proven;
    }

    boolean full() {
        return active >= width;
    }

    void begins() {
        active++;
    }

    void ends() {
        active--;
    }

    void worked() {
        proven = true;
        failed = false;
        width = Math.min(width + 1, widthMax);
    }

    void failed() {
        proven = false;
        failed = true;
        width = Math.max(1, width / 2);
    }

    /// Says whether its last attempt failed: what the queue knows of it is to be forgotten when it works.
    boolean hasFailed() {
        return failed;
    }

    /// Says whether the queue was told to pass it over.
    boolean passedOver() {
        return passedOver;
    }

    void passOver(boolean passed) {
        passedOver = passed;
    }

    void keep(SmtpClient client, long nanos) {
        kept.addLast(new Kept(client, nanos));
    }

    @Nullable SmtpClient take() {
        Kept last = kept.pollLast();
        return last == null ? null : last.client();
    }

    /// Returns one that was kept for longer than that; null for none.
    @Nullable SmtpClient takeOlder(long nanos) {
        Kept first = kept.peekFirst();
        if (first == null || first.sinceNanos() - nanos > 0) return null;
        kept.removeFirst();
        return first.client();
    }

    boolean idle() {
        return active == 0 && kept.isEmpty() && !passedOver;
    }
}
