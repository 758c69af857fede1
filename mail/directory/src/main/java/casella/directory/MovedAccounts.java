package casella.directory;

import casella.base.AccountId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The cohorts that operators put accounts in, all in memory: who asks does not wait, also while the database is gone.
final class MovedAccounts {
    /// About 25 MB of memory.
    static final int ACCOUNTS_MAX = 250_000;

    private static final int PAGE = 10_000;

    private final Map<AccountId, String> cohorts = new ConcurrentHashMap<>();

    /// Reads what was kept: from the snapshot, where the database does not answer.
    void read(SqliteDirectory directory) {
        @Nullable AccountId after = null;
        while (true) {
            @Nullable AccountId from = after;
            List<Rows.Moved> page = directory.read(s -> Rows.moved(s, from, PAGE));
            for (Rows.Moved one : page) put(one.account(), one.cohort());
            if (page.size() < PAGE) return;
            after = page.getLast().account();
        }
    }

    Optional<String> of(AccountId account) {
        return Optional.ofNullable(cohorts.get(account));
    }

    /// @param cohort null for none
    void put(AccountId account, @Nullable String cohort) {
        // There are a hundred names at most: each is kept once.
        if (cohort == null) cohorts.remove(account);
        else cohorts.put(account, cohort.intern());
    }

    boolean full() {
        return cohorts.size() >= ACCOUNTS_MAX;
    }
}
