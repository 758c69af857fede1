package casella.server.control;

import casella.base.AccountId;
import casella.base.Fault;
import casella.store.Journal;
import casella.store.archive.Holdings;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on who serves accounts: the engine, or the standby.
final class StandbyOperations {
    private static final Duration LISTING = Duration.ofSeconds(2);
    private static final int PAGE = 1_000;

    private final StoreOperations.Whole whole;
    private final Journal journal;
    private final Holdings holdings;

    StandbyOperations(StoreOperations.Whole whole, Journal journal, Holdings holdings) {
        this.whole = whole;
        this.journal = journal;
        this.holdings = holdings;
    }

    private interface Switching {
        Standby.Switched on(AccountId account);
    }

    /// @param account null for all
    Outcome open(@Nullable AccountId account, Operations.Output out) {
        List<AccountId> those = account == null ? all() : List.of(account);
        return each(those, id -> whole.standby().open(id, Claim.Reason.OPERATOR), out);
    }

    /// @param account null for all that the standby serves
    Outcome giveBack(@Nullable AccountId account, Operations.Output out) {
        List<AccountId> those =
                account == null
                        ? whole.standby().list().stream().map(Claim::account).toList()
                        : List.of(account);
        return each(those, whole.standby()::giveBack, out);
    }

    /// Lists accounts that the standby serves.
    Outcome list(Operations.Output out) {
        List<Claim> claims = whole.standby().list();
        for (Claim claim : claims) {
            out.row(Json.object()
                    .put("account", claim.account().toString())
                    .put("epoch", claim.epoch())
                    .put("since", claim.at().toString())
                    .put("reason", claim.reason().name().toLowerCase(Locale.ROOT))
                    .put("returning", claim.step() == Claim.Step.RETURNING));
        }
        return new Outcome.Done(Json.object().put("accounts", claims.size()));
    }

    private static Outcome each(List<AccountId> accounts, Switching switching, Operations.Output out) {
        var failed = new AtomicLong();
        var switched = new AtomicLong();
        long done = StoreOperations.each(accounts, out, id -> {
            ObjectNode row = Json.object().put("account", id.toString());
            try {
                Standby.Switched now = switching.on(id);
                if (now.ended() != Standby.Ended.ALREADY) switched.incrementAndGet();
                row.put("outcome", now.ended().name().toLowerCase(Locale.ROOT)).put("epoch", now.epoch());
                row.put("heldMillis", now.held().toMillis()).put("merged", now.merged().changes());
                return row.put("waiting", now.merged().waiting());
            } catch (Fault e) {
                failed.incrementAndGet();
                return row.put("outcome", "failed").put("why", e.getMessage() + " " + e.facts());
            }
        });
        ObjectNode facts = Json.object().put("accounts", done).put("switched", switched.get()).put("failed",
                failed.get());
        return failed.get() == 0 ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    /// Everybody that anybody knows. The engine may be what does not answer.
    private List<AccountId> all() {
        var all = new TreeSet<>(journal.newest().keySet());
        for (Claim claim : whole.standby().list()) all.add(claim.account());
        try {
            List<AccountId> page = whole.engine().accounts(null, PAGE, LISTING);
            while (!page.isEmpty()) {
                all.addAll(page);
                page = whole.engine().accounts(page.getLast(), PAGE, LISTING);
            }
        } catch (Fault e) {
            // The vaults name every account with anything archived, the tail the others.
        }
        List<AccountId> page = holdings.accounts(null);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = holdings.accounts(page.getLast());
        }
        // What a vault that was away still has of one is erased when it is back.
        all.removeIf(whole.copies().debt()::hasErased);
        return new ArrayList<>(all);
    }
}
