package casella.store.archive;

import casella.base.Event;
import casella.base.Log;
import java.time.Duration;

/// The archiver at work: rounds for as long as it is open, and at the end all that is left.
public final class Archiving implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration REST = Duration.ofSeconds(5);

    private final Archiver archiver;
    private final Thread thread;
    private volatile boolean closed;

    private Archiving(Archiver archiver) {
        this.archiver = archiver;
        this.thread = Thread.ofVirtual().name("archive").start(this::work);
    }

    public static Archiving start(Archiver archiver) {
        return new Archiving(archiver);
    }

    private void work() {
        archiver.begin();
        while (!closed) {
            try {
                archiver.backlog().awaitFull(LOOK_EVERY);
                archiver.round();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // A mistake of ours must not end the archive; the next round tries again.
                Log.event(Event.ARCHIVE_FAILED, e);
            }
        }
    }

    /// Archives what waits, for at most 5 s: so that after a stop the vaults alone have all.
    @Override
    public void close() {
        closed = true;
        try {
            if (thread.join(REST)) archiver.rest(REST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
