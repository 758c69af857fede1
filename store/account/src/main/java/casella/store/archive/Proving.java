package casella.store.archive;

import casella.base.AccountId;
import casella.base.Fault;
import casella.store.Accounts;
import casella.store.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Proves every account after the tail was lost or damaged, one after another and in the background: views give the tail
/// what it lacks, accounts without a view are opened, over a hole. Then nothing is in doubt any more.
///
/// Without it a loss of the engine long afterwards would open holes where nothing is missing.
public final class Proving implements AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Duration REST = Duration.ofMillis(1);
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int PAGE = 1_000;

    private final Accounts accounts;
    private final Holdings holdings;
    private final Journal journal;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Proving(Accounts accounts, Holdings holdings, Journal journal) {
        this.accounts = accounts;
        this.holdings = holdings;
        this.journal = journal;
    }

    /// @param holdings all vaults
    public static Proving start(Accounts accounts, Holdings holdings, Journal journal) {
        var proving = new Proving(accounts, holdings, journal);
        if (journal.doubtedSince() != null) Thread.ofVirtual().name("prove-all").start(proving::work);
        return proving;
    }

    private void work() {
        try {
            for (@Nullable Instant doubted; (doubted = journal.doubtedSince()) != null; ) {
                if (all(doubted) || closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Returns whether nothing is left to do.
    private boolean all(Instant doubted) throws InterruptedException {
        boolean proven = true;
        try {
            for (List<AccountId> page = accounts.list(null, PAGE); !page.isEmpty();
                    page = accounts.list(page.getLast(), PAGE)) {
                for (AccountId account : page) proven &= one(account);
            }
            for (List<AccountId> page = holdings.accounts(null); !page.isEmpty();
                    page = holdings.accounts(page.getLast())) {
                for (AccountId account : page) proven &= one(account);
            }
            // One that is younger than its first segment may be nowhere but among these.
            for (List<AccountId> page = accounts.faced(null, PAGE); !page.isEmpty();
                    page = accounts.faced(page.getLast(), PAGE)) {
                for (AccountId account : page) proven &= one(account);
            }
            if (proven && closed.getCount() > 0) journal.proven(doubted, TIME);
        } catch (Fault e) {
            return false; // engine or vaults do not answer: again later
        }
        return proven;
    }

    /// Returns whether an account is proven, or closed and named in the log.
    private boolean one(AccountId account) throws InterruptedException {
        if (closed.await(REST.toNanos(), TimeUnit.NANOSECONDS)) return false;
        // What is left of it goes too: there is nothing to prove.
        if (accounts.copies().debt().hasErased(account)) return true;
        try {
            var _ = accounts.prove(account);
            return true;
        } catch (Fault.Corrupt e) {
            return true;
        } catch (Fault e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
