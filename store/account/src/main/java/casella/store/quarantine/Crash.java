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

    /// Of so many or fewer at the same moment each may well be the one.
    private static final int FEW = 3;
    /// More at once say nothing of any of them.
    private static final int MANY = 16;

    int points() {
        if (!how.equals(DIED)) return 2;
        int accounts = others + 1;
        if (accounts > MANY) return 0;
        return accounts > FEW || seconds > SOON_SECONDS ? 1 : 2;
    }
}
