package casella.server.control;

import casella.base.AccountId;
import casella.base.Fault;
import casella.store.Journal;
import casella.store.archive.Holdings;
import casella.store.continuation.DialTone;
import casella.store.continuation.Opening;
import casella.store.standby.Claim;
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
    private static final String NOT_READABLE = "neither engine nor journal can be read: a continuation serves it,"
            + " folders are named and closed, what waits can be read";

    private final StoreOperations.Whole whole;
    private final Journal journal;
    private final Holdings holdings;

    StandbyOperations(StoreOperations.Whole whole, Journal journal, Holdings holdings) {
        this.whole = whole;
        this.journal = journal;
        this.holdings = holdings;
    }

    private interface Switching {
        DialTone.Turned on(AccountId account);
    }

    /// @param account null for all
    Outcome open(@Nullable AccountId account, Operations.Output out) {
        List<AccountId> those = account == null ? all() : List.of(account);
        return each(those, id -> whole.dialTone().open(id, Claim.Reason.OPERATOR), out);
    }

    /// @param account null for all that the standby serves
    Outcome giveBack(@Nullable AccountId account, Operations.Output out) {
        List<AccountId> those =
                account == null
                        ? switched()
                        : List.of(account);
        return each(those, whole.dialTone()::giveBack, out);
    }

    private List<AccountId> switched() {
        var all = new TreeSet<AccountId>();
        for (Claim claim : whole.dialTone().standby().list()) all.add(claim.account());
        for (Opening one : whole.dialTone().continuations().list()) all.add(one.account());
        return List.copyOf(all);
    }

    /// Lists accounts that the standby serves, and those that a continuation does.
    Outcome list(Operations.Output out) {
        List<Claim> claims = whole.dialTone().standby().list();
        List<Opening> continued = whole.dialTone().continuations().list();
        for (Opening one : continued) {
            out.row(Json.object()
                    .put("account", one.account().toString())
                    .put("place", "continuation")
                    .put("since", one.at().toString()));
        }
        for (Claim claim : claims) {
            out.row(Json.object()
                    .put("account", claim.account().toString())
                    .put("epoch", claim.epoch())
                    .put("since", claim.at().toString())
                    .put("reason", claim.reason().name().toLowerCase(Locale.ROOT))
                    .put("returning", claim.step() == Claim.Step.RETURNING));
        }
        return new Outcome.Done(Json.object().put("accounts", claims.size()).put("continued", continued.size()));
    }

    private static Outcome each(List<AccountId> accounts, Switching switching, Operations.Output out) {
        var failed = new AtomicLong();
        var switched = new AtomicLong();
        var continued = new AtomicLong();
        long done = StoreOperations.each(accounts, out, id -> {
            ObjectNode row = Json.object().put("account", id.toString());
            try {
                DialTone.Turned now = switching.on(id);
                if (now.ended() != DialTone.Ended.ALREADY) switched.incrementAndGet();
                if (now.continued()) {
                    continued.incrementAndGet();
                    row.put("why", NOT_READABLE);
                }
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
        facts.put("continued", continued.get());
        return failed.get() == 0 ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    /// Everybody that anybody knows. The engine may be what does not answer.
    private List<AccountId> all() {
        var all = new TreeSet<>(journal.newest().keySet());
        all.addAll(switched());
        all.addAll(whole.dialTone().named());
        try {
            List<AccountId> page = whole.engine().accounts(null, PAGE, LISTING);
            while (!page.isEmpty()) {
                all.addAll(page);
                page = whole.engine().accounts(page.getLast(), PAGE, LISTING);
            }
        } catch (Fault e) {
            // The vaults name every account with anything archived, the tail the others.
        }
        try {
            List<AccountId> page = holdings.accounts(null);
            while (!page.isEmpty()) {
                all.addAll(page);
                page = holdings.accounts(page.getLast());
            }
        } catch (Fault e) {
            // The faces beside the directory name every account that was ever used.
        }
        // What a vault that was away still has of one is erased when it is back.
        all.removeIf(whole.copies().debt()::hasErased);
        return new ArrayList<>(all);
    }
}
