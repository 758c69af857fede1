package casella.imap;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How much memory the large literals of all sessions may take together. A message being appended is held whole.
final class LiteralRoom {
    /// Literals up to this size are not counted.
    private static final int FREE_BYTES = 64 << 10;

    private static final int KIB = 1 << 10;
    private static final int WAIT_SECONDS = 20;

    private final Semaphore kibs;

    private LiteralRoom(int kibs) {
        this.kibs = new Semaphore(kibs, true);
    }

    /// Returns room for a quarter of the heap, and for two of the largest at least.
    static LiteralRoom ofHeap(int largest) {
        long bytes = Math.max(Runtime.getRuntime().maxMemory() / 4, 2L * largest);
        return new LiteralRoom((int) Math.min(bytes / KIB, Integer.MAX_VALUE));
    }

    /// A part of the room in use, given back when closed.
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    private static final Share NOTHING = () -> {};

    /// Waits for room for `bytes`.
    ///
    /// @throws casella.base.Fault.Exhausted if none comes free in 20 s
    Share take(long bytes) {
        if (bytes <= FREE_BYTES) return NOTHING;
        int count = (int) (bytes / KIB) + 1;
        try {
            if (kibs.tryAcquire(count, WAIT_SECONDS, TimeUnit.SECONDS)) return () -> kibs.release(count);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new casella.base.Fault.Exhausted("Too many large messages at once", java.util.Map.of("bytes", bytes));
    }
}
