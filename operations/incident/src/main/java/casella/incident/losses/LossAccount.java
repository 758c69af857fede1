package casella.incident.losses;

import casella.base.ArrivalId;
import casella.incident.availability.Span;
import casella.store.archive.Reckoning.Fate;
import java.util.List;

/// What became of the mail of one account, or of many together.
///
/// @param filed the journal has it, and a vault
/// @param deleted it was filed, and deleted since
/// @param pending it waits in the queue
/// @param lost it was acknowledged, and no vault has it
/// @param unreachable the journal has it, and only vaults that do not answer now may have it
/// @param unclaimed a vault has it and neither journal nor queue knows it; it is no part of what was accepted
/// @param meanwhile of what was accepted, what came while its owner could not get at the mailbox
/// @param meanwhileFirst when the first of these came, in milliseconds since 1970; 0 where none did
/// @param meanwhileLast when the last of these came
public record LossAccount(
        long filed, long deleted, long pending, long lost, long unreachable, long unclaimed, long meanwhile,
        long meanwhileFirst, long meanwhileLast) {
    public static final LossAccount NOTHING = new LossAccount(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// Returns how much was accepted: filed, waiting or lost.
    public long accepted() {
        return filed + deleted + pending + lost + unreachable;
    }

    /// Says whether all that was accepted is filed or waits, and nothing lies about that nobody knows.
    public boolean even() {
        return lost == 0 && unreachable == 0 && unclaimed == 0;
    }

    public LossAccount plus(LossAccount other) {
        boolean others = meanwhile == 0 || (other.meanwhile != 0 && other.meanwhileFirst < meanwhileFirst);
        return new LossAccount(filed + other.filed, deleted + other.deleted, pending + other.pending,
                lost + other.lost, unreachable + other.unreachable, unclaimed + other.unclaimed,
                meanwhile + other.meanwhile, others ? other.meanwhileFirst : meanwhileFirst,
                Math.max(meanwhileLast, other.meanwhileLast));
    }

    /// Adds up what it is told of one account. For one thread.
    public static final class Sum {
        private final List<Span> away;
        private LossAccount so = NOTHING;

        /// @param away when the owner could not get at the mailbox: disjoint and in order
        public Sum(List<Span> away) {
            this.away = List.copyOf(away);
        }

        public void add(ArrivalId arrival, Fate fate) {
            LossAccount one = switch (fate) {
                case FILED -> new LossAccount(1, 0, 0, 0, 0, 0, 0, 0, 0);
                case DELETED -> new LossAccount(0, 1, 0, 0, 0, 0, 0, 0, 0);
                case PENDING -> new LossAccount(0, 0, 1, 0, 0, 0, 0, 0, 0);
                case LOST -> new LossAccount(0, 0, 0, 1, 0, 0, 0, 0, 0);
                case UNREACHABLE -> new LossAccount(0, 0, 0, 0, 1, 0, 0, 0, 0);
                case UNCLAIMED -> new LossAccount(0, 0, 0, 0, 0, 1, 0, 0, 0);
            };
            so = so.plus(one);
            long at = arrival.unixMillis();
            if (fate != Fate.UNCLAIMED && away.stream()
                    .anyMatch(span -> at >= span.from() && at < span.until())) {
                so = so.plus(new LossAccount(0, 0, 0, 0, 0, 0, 1, at, at));
            }
        }

        public LossAccount sum() {
            return so;
        }
    }
}
