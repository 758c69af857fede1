package casella.incident.availability;

import casella.base.AccountId;
import casella.continuity.cohort.Cohort;
import casella.incident.Desk;
import java.util.Random;
import java.util.function.LongFunction;

/// Fills the availability record as a fault of three days with a reopening would. Here for what of it is not public.
public final class SyntheticRecord {
    private static final int BATCH = 50_000;

    private final Desk desk;
    private final Random random;
    private final Span window;

    public SyntheticRecord(Desk desk, long seed, Span window) {
        this.desk = desk;
        this.random = new Random(seed);
        this.window = window;
    }

    private Span span(long atMost) {
        long length = 1 + random.nextLong(atMost);
        long from = window.from() + random.nextLong(Math.max(1, window.millis() - length));
        return new Span(from, from + length);
    }

    /// Adds `count` intervals of scopes: half of them cohorts that were not let in, the others everybody, a brand, a protocol.
    public void scopes(int count) {
        var _ = desk.write(s -> {
            AvailabilityTables.beat(s, window.until(), false);
            for (int i = 0; i < count; i++) {
                Span span = span(3_600_000);
                var slice = new Cohort.Slice(i / 2 % Cohort.SLICES);
                Scope scope = switch (i % 8) {
                    case 0, 1, 2, 3 -> new Scope.OfCohort(slice, i % 2 == 0);
                    case 4, 5 -> new Scope.Everybody();
                    case 6 -> new Scope.OfBrand(i % 16 == 6 ? "posta" : "virgola");
                    default -> new Scope.OfProtocol("imap");
                };
                Cause cause = switch (i % 8) {
                    case 0, 1, 2, 3 -> Cause.NOT_LET_IN;
                    case 4 -> Cause.KILLED;
                    case 5, 6 -> Cause.VAULTS;
                    default -> Cause.DIRECTORY;
                };
                AvailabilityTables.scope(s, scope, cause, span.from(), span.until());
            }
            return true;
        });
    }

    /// Adds two intervals to each of `count` accounts.
    ///
    /// @param account by number
    public void accounts(long count, LongFunction<AccountId> account) {
        for (long from = 0; from < count; from += BATCH) {
            long first = from;
            long until = Math.min(count, from + BATCH);
            var _ = desk.write(s -> {
                for (long i = first; i < until; i++) {
                    Span call = span(60_000);
                    Span held = span(20_000_000);
                    AvailabilityTables.account(s, account.apply(i), Cause.CALL, call.from(), call.until());
                    AvailabilityTables.account(s, account.apply(i), Cause.HELD, held.from(), held.until());
                }
                return true;
            });
        }
    }
}
