package casella.continuity.burnin;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Takes everything out of a vault that a burn-in put into it, whichever process that was: it is known by its accounts' ids.
public final class Removal {
    private static final int PAGE = 1_000;
    private static final int CONCURRENCY = 16;
    private static final int PASSES_MAX = 3;

    private final Vault vault;
    private final Duration callTime;
    private final Load load;

    /// @param callTime after which a call counts as not answered
    public Removal(Vault vault, Duration callTime) {
        this.vault = vault;
        this.callTime = callTime;
        this.load = new Load(callTime, new CountDownLatch(1));
    }

    /// What became of it.
    ///
    /// @param removed accounts that are not there any more
    /// @param left accounts that still are; -1 when the vault does not say
    public record Done(long removed, long left) {
        public boolean all() {
            return left == 0;
        }
    }

    /// What the vault says of its accounts.
    ///
    /// @param owners the first account that is not made up; null when there is none
    /// @param made accounts that are
    record Found(@Nullable AccountId owners, List<AccountId> made) {}

    /// @throws Fault if the vault does not list its accounts
    Found look() {
        var made = new ArrayList<AccountId>();
        @Nullable AccountId owners = null;
        @Nullable AccountId after = null;
        while (true) {
            List<AccountId> page = vault.accounts(after, PAGE, callTime);
            for (AccountId account : page) {
                if (account.isSynthetic()) made.add(account);
                else if (owners == null) owners = account;
            }
            if (page.isEmpty()) return new Found(owners, made);
            after = page.getLast();
        }
    }

    /// Removes all there is. Ends soon when the vault does not answer.
    ///
    /// @param progress told how many accounts are gone
    public Done run(LongConsumer progress) {
        var removed = new AtomicLong();
        try {
            for (int pass = 0; pass < PASSES_MAX; pass++) {
                List<AccountId> made = look().made();
                if (made.isEmpty()) return new Done(removed.get(), 0);
                Load.Ended ended = load.run(CONCURRENCY, 0, made.size(), number -> {
                    remove(made.get((int) number));
                    progress.accept(removed.incrementAndGet());
                });
                if (ended.stuck() != null) return new Done(removed.get(), -1);
            }
            return new Done(removed.get(), look().made().size());
        } catch (Fault e) {
            return new Done(removed.get(), -1);
        }
    }

    /// A large account goes by pieces: one call for all of it may take longer than a call may.
    private void remove(AccountId account) {
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            List<Vault.Entry> page = vault.list(account, kind, null, PAGE, callTime);
            while (page.size() == PAGE) {
                var tickets = page.stream().map(entry -> vault.delete(entry.name())).toList();
                Deadline deadline = Deadline.in(callTime);
                for (var ticket : tickets) {
                    var _ = ticket.await(deadline);
                }
                page = vault.list(account, kind, null, PAGE, callTime);
            }
        }
        var _ = vault.erase(account).await(Deadline.in(callTime));
    }
}
