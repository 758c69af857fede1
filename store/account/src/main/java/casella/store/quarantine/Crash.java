package casella.store.quarantine;

import java.time.Instant;

/// Once that work on an account ended the process, or would have.
///
/// @param seconds how long the work had been under way
/// @param others accounts that were being worked on at the same moment
/// @param how `the process died`, or the error that was caught
public record Crash(Instant at, Work work, long seconds, int others, String how) {
    /// Work that ends the process does so soon. Who waits longer may be a victim: of a disk that hangs, and an operator who
    /// ended the process for it.
    private static final long SOON_SECONDS = 10;

    /// What it takes.
    static final int ENOUGH = 4;

    static final String DIED = "the process died";

    int points() {
        return how.equals(DIED) && seconds > SOON_SECONDS ? 1 : 2;
    }
}
