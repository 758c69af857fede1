package casella.store.continuation;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.Accounts;
import casella.store.Service;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Has an account be served as well as can be: by the standby where its journal can be read, by a continuation
/// where not even that can; and the way back. Orders can be given again and again, whatever broke off.
public final class DialTone {
    private static final Duration TIME = Duration.ofSeconds(2);
    private static final int PAGE = 1_000;

    private final Accounts accounts;
    private final Engine engine;
    private final Standby standby;
    private final Continuations continuations;
    private final Set<AccountId> turning = ConcurrentHashMap.newKeySet();

    /// @param engine what accounts are served from: live or standby
    public DialTone(Accounts accounts, Engine engine, Standby standby, Continuations continuations) {
        this.accounts = accounts;
        this.engine = engine;
        this.standby = standby;
        this.continuations = continuations;
    }

    /// What became of an order.
    public enum Ended {
        /// The standby serves it.
        OPENED,
        /// A continuation serves it: folders are named and closed, new mail can be read.
        CONTINUED,
        /// The engine serves it.
        RETURNED,
        /// It was so before.
        ALREADY,
        /// It was switched by itself too often; only for what is automatic.
        TOO_OFTEN
    }

    /// @param epoch under which the account is written now; 0 where it cannot be written
    /// @param held how long changes were held back
    /// @param merged what became of lost branches
    /// @param continued whether a continuation serves it now
    public record Turned(
            AccountId account, Ended ended, long epoch, Duration held, Standby.Merged merged,
                    boolean continued) {}

    public Standby standby() {
        return standby;
    }

    public Continuations continuations() {
        return continuations;
    }

    /// Has the standby serve an account; or, where neither engine nor journal answers, a continuation.
    ///
    /// @throws Fault.Unavailable if the standby cannot be opened and the engine answers, or nobody has named
    ///         the account's folders: the account is as it was
    /// @throws Fault.Corrupt if its journal does not fit together and the engine answers
    public Turned open(AccountId account, Claim.Reason reason) {
        return alone(account, () -> {
            Standby.Switched now;
            try {
                now = standby.open(account, reason);
            } catch (Fault why) {
                return withoutStandby(account, why);
            }
            if (now.ended() == Standby.Ended.TOO_OFTEN) return turned(now, Ended.TOO_OFTEN);
            boolean ended = end(account);
            boolean already = now.ended() == Standby.Ended.ALREADY && !ended;
            return turned(now, already ? Ended.ALREADY : Ended.OPENED);
        });
    }

    private Turned withoutStandby(AccountId account, Fault why) {
        // A journal that does not fit together may be one of which a silent vault has the rest.
        if (!answers(account)) return continued(account, why);
        if (!(why instanceof Fault.Unavailable) || !continuations.has(account)) throw why;
        returned(account);
        return new Turned(account, Ended.RETURNED, 0, Duration.ZERO, Standby.Merged.NOTHING, false);
    }

    /// What it had when it went away is compared with its journal, as after a start.
    private void returned(AccountId account) {
        accounts.doubt(account);
        var _ = accounts.prove(account);
        var _ = end(account);
    }

    private Turned continued(AccountId account, Fault why) {
        Ended ended = Ended.ALREADY;
        if (!continuations.has(account)) {
            if (continuations.names().known(account) == null) {
                throw why;
            }
            var _ = continuations.begin(account);
            Log.event(Event.CONTINUATION_OPENED, "account", account, "why", String.valueOf(why.getMessage()));
            accounts.look(account);
            ended = Ended.CONTINUED;
        }
        return new Turned(account, ended, 0, Duration.ZERO, Standby.Merged.NOTHING, true);
    }

    /// Returns what serves an account that is not continued; at once.
    public Service service(AccountId account) {
        Claim claim = standby.registry().of(account);
        if (claim == null || claim.place() == Claim.Place.LIVE) return Service.ALWAYS;
        boolean back = claim.step() == Claim.Step.RETURNING && turning.contains(account);
        return new Service(back ? Service.State.RETURNING : Service.State.STANDBY, claim.at());
    }

    /// Has the live engine serve an account again.
    ///
    /// @throws Fault.Unavailable if it cannot now; the account is served as before
    public Turned giveBack(AccountId account) {
        try {
            return back(account);
        } finally {
            // On its way back no more.
            if (standby.registry().onStandby(account)) accounts.look(account);
        }
    }

    private Turned back(AccountId account) {
        return alone(account, () -> {
            boolean on = standby.registry().onStandby(account);
            if (!continuations.has(account)) {
                Standby.Switched now = standby.giveBack(account);
                return turned(now, now.ended() == Standby.Ended.RETURNED ? Ended.RETURNED : Ended.ALREADY);
            }
            if (!on) {
                if (!answers(account)) {
                    throw new Fault.Unavailable("The engine does not answer", Map.of("account", account));
                }
                returned(account);
                return new Turned(account, Ended.RETURNED, 0, Duration.ZERO, Standby.Merged.NOTHING, false);
            }
            Standby.Switched now = standby.giveBack(account);
            var _ = end(account);
            // What could not be merged while nothing could be changed.
            Standby.Merged after = standby.giveBack(account).merged();
            var merged = new Standby.Merged(now.merged().changes() + after.changes(), after.waiting());
            return new Turned(account, Ended.RETURNED, now.epoch(), now.held(), merged, false);
        });
    }

    private boolean answers(AccountId account) {
        try {
            return engine.read(account, TIME, rows -> rows.get(new Key.Head()) != null);
        } catch (Fault e) {
            return false;
        }
    }

    /// Ends a continuation, if there is one: the special folder goes, and what waits is filed.
    private boolean end(AccountId account) {
        for (Opening opening : continuations.list()) {
            if (!opening.account().equals(account)) continue;
            continuations.end(opening, () -> {
                Log.event(Event.CONTINUATION_ENDED, "account", account, "since", opening.at());
                accounts.look(account);
            });
            return true;
        }
        return false;
    }

    /// Ends the continuation of an account that is erased, if it has one.
    public void forget(AccountId account) {
        var _ = end(account);
    }

    private static Turned turned(Standby.Switched now, Ended ended) {
        return new Turned(now.account(), ended, now.epoch(), now.held(), now.merged(), false);
    }

    private interface Work {
        Turned run();
    }

    private Turned alone(AccountId account, Work work) {
        if (!turning.add(account)) {
            throw new Fault.Unavailable("The account is being switched", Map.of("account", account));
        }
        try {
            return work.run();
        } finally {
            turning.remove(account);
        }
    }

    /// Returns accounts whose folders are known; they need no store to be told.
    public List<AccountId> named() {
        var all = new ArrayList<AccountId>();
        List<AccountId> page = continuations.names().accounts(null, PAGE);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = continuations.names().accounts(page.getLast(), PAGE);
        }
        return all;
    }
}
