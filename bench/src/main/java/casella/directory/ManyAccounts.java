package casella.directory;

import casella.base.AccountId;
import java.util.List;

/// Fills a directory with accounts that have a brand, a plan and a cohort and nothing else, for measurements of what goes through all of
/// them. Here for what of it is not public.
public final class ManyAccounts {
    private static final int BATCH = 100_000;

    private final SqliteDirectory directory;

    public ManyAccounts(SqliteDirectory directory) {
        this.directory = directory;
    }

    /// Returns the id of the account of that number: they are spread over all ids, in order.
    public static AccountId id(long number, long count) {
        return new AccountId(Long.MIN_VALUE + 1 + number * (Long.MAX_VALUE / count * 2));
    }

    /// Makes `count` accounts of the brands `posta` and `virgola`, one in ten of the plan `gold`, one in a thousand in a named cohort.
    public void fill(long count) {
        for (String brand : List.of("posta", "virgola")) {
            var _ = directory.registrar().putBrand(new Brand(brand, brand, List.of(), "#000000", List.of("it")));
        }
        var _ = directory.registrar().putPlan(new Plan("gold", 1L << 40, true, Plan.ServiceLevel.of("basic"), 30));
        for (long from = 0; from < count; from += BATCH) fill(from, Math.min(count, from + BATCH), count);
    }

    private void fill(long from, long until, long count) {
        var _ = directory.write(s -> {
            for (long i = from; i < until; i++) {
                long id = id(i, count).value();
                s.change("INSERT INTO accounts VALUES (?, ?, ?, ?, '', 'active', 0, NULL, 'it')", id,
                        "account" + i + "@posta.example", i % 3 == 0 ? "virgola" : "posta", i % 10 == 0 ? "gold" : "free");
                if (i % 1_000 == 0) {
                    s.change("INSERT INTO cohorts VALUES (?, ?)", id, i % 2_000 == 0 ? "staff" : "volunteers");
                }
            }
            return true;
        });
    }
}
