package casella.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the holes came to over which this node opened accounts: one sum, at hand without reading any account.
///
/// Each account counts its own in its journal ([Hole#counts]); this sum is kept in a file of its own
/// (docs/formats/care.md) and, where that was lost, mended by a verification of all accounts.
public final class Holes {
    /// @param opened holes
    /// @param possibleDuplicates mails filed over one that may be there twice
    /// @param newest when the newest was opened or filed over; null when there is none or nobody knows
    public record Figures(long opened, long possibleDuplicates, @Nullable Instant newest) {
        public static final Figures NONE = new Figures(0, 0, null);
    }

    private Figures figures = Figures.NONE;
    private long version;

    public synchronized Figures figures() {
        return figures;
    }

    /// Returns a number that grows with every difference in the figures.
    public synchronized long version() {
        return version;
    }

    /// Counts what opening one account came to.
    public synchronized void came(long opened, long possibleDuplicates, Instant at) {
        figures = new Figures(
                figures.opened() + opened, figures.possibleDuplicates() + possibleDuplicates, at);
        version++;
    }

    /// Adds what earlier runs counted.
    public synchronized void before(Figures before) {
        Instant newest = figures.newest() == null ? before.newest() : figures.newest();
        figures = new Figures(
                figures.opened() + before.opened(),
                figures.possibleDuplicates() + before.possibleDuplicates(),
                newest);
    }

    /// Takes note of what all accounts count, read one after the other: there are not fewer.
    public synchronized void atLeast(Hole.Counts all) {
        long opened = Math.max(all.opened(), figures.opened());
        long doubtful = Math.max(all.possibleDuplicates(), figures.possibleDuplicates());
        if (opened == figures.opened() && doubtful == figures.possibleDuplicates()) return;
        figures = new Figures(opened, doubtful, figures.newest());
        version++;
    }
}
