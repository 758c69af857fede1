package casella.store.standby;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.store.Accounts;
import casella.store.Journal;
import casella.store.archive.Branch;
import casella.store.archive.Comparison;
import casella.store.archive.Holdings;
import casella.store.archive.JournalRows;
import casella.store.archive.Reconciliation;
import casella.store.archive.Restorer;
import casella.store.disk.Disk;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Standing;
import casella.store.standby.Claim.Place;
import casella.store.standby.Claim.Reason;
import casella.store.standby.Claim.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The way of an account out of its engine and back.
///
/// *Opening* needs the tail and a vault, and nothing of the live engine: it waits until no change is under
/// way, settles one of unknown outcome by what the tail has, lays the journal over the newest checkpoint,
/// claims the next epoch, and serves. Where the tail is in doubt as well it opens over a hole.
///
/// *Return* claims an epoch for the live engine, brings its view to the journal and compares every row while
/// the standby serves on; then, with the account's changes held back, it writes the last few, raises the
/// epoch in the live head row and flips the registry. What the live view alone has is kept in a file before
/// the view is erased, and merged afterwards.
public final class Standby implements AutoCloseable {
    /// How long a change under way is waited for.
    private static final Duration LOCK = Duration.ofSeconds(10);

    private static final Duration TIME = Duration.ofSeconds(10);
    /// How long an opening over a hole may take, which looks for mails in every vault.
    private static final Duration OPENING = Duration.ofMinutes(1);
    private static final int ROUNDS_MAX = 10;

    private final Accounts accounts;
    private final Engine live;
    private final Journal journal;
    private final Holdings holdings;
    private final Registry registry;
    private final StandbyViews views;
    private final LostBranches branches;
    private final Leftovers leftovers;
    private final Clock clock;
    private final Metrics metrics;
    private final Restorer restorer;
    private final Set<AccountId> switching = ConcurrentHashMap.newKeySet();

    /// What a standby stands on.
    ///
    /// @param live the engine itself, not the switched one
    /// @param holdings all vaults
    public record Parts(
            Accounts accounts,
            Engine live,
            Journal journal,
            Holdings holdings,
            Reconciliation reconciliation,
            Registry registry,
            StandbyViews views,
            Leftovers leftovers) {}

    /// @param folder the registry's, where kept branches lie too
    public Standby(Parts parts, Disk disk, Path folder, Clock clock, Metrics metrics) {
        this.accounts = parts.accounts();
        this.live = parts.live();
        this.journal = parts.journal();
        this.holdings = parts.holdings();
        this.registry = parts.registry();
        this.views = parts.views();
        this.leftovers = parts.leftovers();
        this.branches = new LostBranches(disk, folder);
        this.clock = clock;
        this.metrics = metrics;
        this.restorer = new Restorer(live, journal, holdings, parts.reconciliation());
        metrics.gauge(Metric.STANDBY_ACCOUNTS, () -> registry.standby().size());
    }

    /// What became of an order.
    public enum Ended {
        OPENED,
        RETURNED,
        /// It was so before.
        ALREADY,
        /// It was switched by itself too often; only for what is automatic.
        TOO_OFTEN
    }

    /// @param epoch under which the account is written now
    /// @param held how long changes were held back
    /// @param merged changes of lost branches
    public record Switched(AccountId account, Ended ended, long epoch, Duration held, Merged merged) {
        private Switched(AccountId account, Ended ended, @Nullable Claim claim) {
            this(account, ended, claim == null ? 0 : claim.epoch(), Duration.ZERO, Merged.NOTHING);
        }
    }

    /// What became of changes that a live engine alone had.
    ///
    /// @param changes merged
    /// @param waiting changes that could not be merged now: kept, and merged with the account's next return or
    ///                after the next start
    public record Merged(int changes, int waiting) {
        public static final Merged NOTHING = new Merged(0, 0);
    }

    /// Returns the claims of the accounts the standby serves, in id order.
    public List<Claim> list() {
        return registry.standby();
    }

    public Registry registry() {
        return registry;
    }

    /// Has the standby serve an account.
    ///
    /// @throws Fault.Unavailable if it cannot now: a change is under way for too long, the tail does not say
    /// whether it has the last one, or the journal cannot be read to its end. The account is as it was, but for
    /// one that is to be opened over a hole: once claimed it is on standby, and opens at its next use, or when this
    /// is called again
    /// @throws Fault.Corrupt if there is no journal, or it does not fit together
    public Switched open(AccountId account, Reason reason) {
        refuseErased(account);
        Claim known = registry.of(account);
        if (known != null && known.onStandby()) {
            // One that was claimed and could not be opened then is opened now.
            head(account);
            return new Switched(account, Ended.ALREADY, registry.of(account));
        }
        if (reason == Reason.AUTOMATIC && !Allowance.allows(registry.automatic(account), clock.now())) {
            return new Switched(account, Ended.TOO_OFTEN, known);
        }
        return alone(account, () -> {
            long start = System.nanoTime();
            boolean open = accounts.frozen(account, LOCK, Accounts.Settling.BY_JOURNAL, newest -> {
                Claim now = registry.of(account);
                return (now != null && now.onStandby()) || opened(account, now, reason, newest);
            });
            if (!open) head(account);
            Claim claim = registry.of(account);
            if (claim == null) throw new IllegalStateException("standby: a claim vanished");
            Duration held = Duration.ofNanos(System.nanoTime() - start);
            metrics.add(Metric.STANDBY_SWITCHES, 1, "opened");
            Log.event(Event.STANDBY_OPENED, "account", account, "epoch", claim.epoch(), "reason", reason,
                    "held", held);
            return new Switched(account, Ended.OPENED, claim.epoch(), held, Merged.NOTHING);
        });
    }

    /// Says whether an account may be given back by itself now.
    public boolean mayGoBack(AccountId account) {
        return Allowance.allowsBack(registry.automatic(account), clock.now());
    }

    /// Serves an account whose view the live engine cannot keep, until the engine was set aside and an operator gives it
    /// back. Not more often by itself than [Allowance] has it.
    public boolean takes(AccountId account, Fault.Corrupt why) {
        try {
            return open(account, Reason.AUTOMATIC).ended() != Ended.TOO_OFTEN;
        } catch (Fault e) {
            Log.event(Event.STANDBY_NO_REFUGE, e, "account", account, "of", String.valueOf(why.getMessage()));
            return false;
        }
    }

    /// Claims the account, and returns whether it is served: over a hole it is opened only after the claim, since
    /// whoever serves it must know of the hole.
    private boolean opened(AccountId account, @Nullable Claim now, Reason reason, Modseq newest) {
        var known = new JournalRows.Known(newest, accounts.compared(account));
        JournalRows.Opening opening = views.begin(account, known);
        HeadRow head = opening.head();
        if (opening.overHole()) {
            opening.tryHole();
            registry.claim(account, now, head.epoch(), Place.STANDBY, Step.NONE, reason, Deadline.in(TIME),
                    _ -> {});
            accounts.switched(account);
            return false;
        }
        StandbyView view = views.make(account, opening, head.epoch());
        views.put(view);
        try {
            registry.claim(account, now, head.epoch(), Place.STANDBY, Step.NONE, reason, Deadline.in(TIME),
                    made -> view.raise(made.epoch()));
            accounts.switched(account);
            return true;
        } catch (RuntimeException e) {
            views.drop(account);
            throw e;
        }
    }

    private void refuseErased(AccountId account) {
        if (!accounts.copies().debt().hasErased(account)) return;
        throw new Fault.Unavailable("The account is erased", Map.of("account", account));
    }

    private interface Work<T> {
        T run();
    }

    /// One switch of an account at a time.
    private <T> T alone(AccountId account, Work<T> work) {
        if (!switching.add(account)) {
            throw new Fault.Unavailable("The account is being switched", Map.of("account", account));
        }
        try {
            return work.run();
        } catch (RuntimeException e) {
            metrics.add(Metric.STANDBY_SWITCHES, 1, "failed");
            Log.event(Event.STANDBY_FAILED, "account", account, "why", e);
            throw e;
        } finally {
            switching.remove(account);
        }
    }

    /// Has the live engine serve an account again, and merges what it alone had. Can be given again whenever
    /// it broke off.
    ///
    /// @throws Fault.Unavailable if it cannot now; the account is served as before
    public Switched giveBack(AccountId account) {
        refuseErased(account);
        return alone(account, () -> {
            Claim now = registry.of(account);
            if (now == null || !now.onStandby()) {
                long epoch = now == null ? 0 : now.epoch();
                return new Switched(account, Ended.ALREADY, epoch, Duration.ZERO, merge(account));
            }
            // Opened first, if it is not: an opening that finds a return begun claims an epoch of its own.
            long epoch = head(account).epoch();
            Claim known = registry.of(account);
            if (known == null) throw new IllegalStateException("standby: a claim vanished");
            Claim claim = registry.claim(
                    account, known, epoch, Place.STANDBY, Step.RETURNING, known.reason(), Deadline.in(TIME),
                            _ -> {});
            accounts.look(account);
            bring(account);
            compare(account);
            Duration held = handOver(account, claim);
            metrics.add(Metric.STANDBY_SWITCHES, 1, "returned");
            Log.event(Event.STANDBY_RETURNED, "account", account, "epoch", claim.epoch(), "held", held);
            return new Switched(account, Ended.RETURNED, claim.epoch(), held, merge(account));
        });
    }

    private HeadRow head(AccountId account) {
        return views.view(account, Deadline.in(OPENING)).head();
    }

    /// Brings the live view to the journal as it is now.
    private void bring(AccountId account) {
        HeadRow target = head(account);
        try {
            if (restorer.follow(account, new Modseq(target.version()), target.hash())) return;
        } catch (Fault.Corrupt e) {
            // Rows that cannot be read, or not be written over: as one that has none.
            Log.event(Event.STORE_ACCOUNT_BROKEN, "account", account, "why", e);
        }
        load(account);
    }

    /// Loads the live view anew. What it alone has is kept first, as far as it can be read.
    private void load(AccountId account) {
        Branch branch = Branch.find(account, live, journal, holdings, new Modseq(head(account).version()));
        if (!branch.lost().isEmpty()) {
            Log.event(Event.STANDBY_BRANCH_KEPT, "account", account, "changes", branch.lost().size(),
                    "after", branch.point());
            branches.keep(account, branch);
        }
        var _ = restorer.rebuild(account, holdings, new Modseq(head(account).version()));
    }

    private void compare(AccountId account) {
        try {
            if (Comparison.same(account, live, journal, holdings)) return;
            Log.event(Event.STORE_VIEW_DIFFERS, "account", account);
        } catch (Fault.Corrupt e) {
            Log.event(Event.STORE_ACCOUNT_BROKEN, "account", account, "why", e);
        }
        load(account);
        if (!Comparison.same(account, live, journal, holdings)) {
            throw new Fault.Corrupt("The live engine does not hold what it is given",
                    Map.of("account", account));
        }
    }

    /// Freezes the account's changes, writes the last ones and flips; while too many came meanwhile it thaws
    /// and follows.
    private Duration handOver(AccountId account, Claim claim) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            bring(account);
            long[] start = new long[1];
            boolean done = accounts.frozen(account, LOCK, Accounts.Settling.BOTH, _ -> {
                start[0] = System.nanoTime();
                StandbyView view = views.view(account, Deadline.in(TIME));
                HeadRow target = view.head();
                if (!restorer.followTail(account, new Modseq(target.version()), target.hash())) return false;
                flip(account, claim, view);
                return true;
            });
            if (done) return Duration.ofNanos(System.nanoTime() - start[0]);
        }
        throw new Fault.Unavailable("The account changes too fast to be handed over",
                Map.of("account", account));
    }

    private void flip(AccountId account, Claim claim, StandbyView view) {
        // From here on the live head may be of the new epoch: the standby writes no more under its own.
        view.stop(StandbyView.Epoch.GIVEN);
        try {
            raise(account, claim.epoch());
            registry.settle(claim, Place.LIVE, Deadline.in(TIME));
        } catch (RuntimeException e) {
            resume(view, e);
            throw e;
        }
        views.drop(account);
        accounts.switched(account);
    }

    /// Goes on with the standby, under an epoch above the one that was for the live engine.
    private void resume(StandbyView view, RuntimeException why) {
        view.stop(StandbyView.Epoch.DOUBTED);
        try {
            views.hold(view);
        } catch (Fault e) {
            // Its next change tries again.
            why.addSuppressed(e);
        }
    }

    private void raise(AccountId account, long epoch) {
        byte[] key = new Key.Head().bytes();
        byte[] row = live.read(account, TIME, rows -> {
            byte[] value = rows.get(key);
            return value == null ? new byte[0] : value;
        });
        Standing standing = Standing.of(row);
        if (standing.epoch() == epoch) return;
        var head = new Batch.Row(key, HeadRow.of(row).under(epoch).bytes());
        var batch = new Batch(standing.version(), standing.epoch(), List.of(head), List.of());
        switch (live.write(account, batch).await(Deadline.in(TIME))) {
            case Engine.Outcome.Written() -> {}
            case Engine.Outcome.Refused(long version, long higher) ->
                throw new Fault.Unavailable(
                        "Another writer has the live view", Map.of("account", account, "version", version,
                                "epoch", higher));
        }
    }

    /// Merges what was kept of lost branches.
    private Merged merge(AccountId account) {
        int merged = 0;
        int waiting = 0;
        try {
            for (LostBranches.Kept kept : branches.kept(account)) {
                try {
                    leftovers.merge(account, kept.lost(), kept.point());
                    branches.merged(kept);
                    merged += kept.lost().size();
                } catch (RuntimeException e) {
                    // The file stays: the next return of the account, or the next start, merges it.
                    waiting += kept.lost().size();
                    Log.event(Event.STANDBY_FAILED, "account", account, "why", e);
                }
            }
        } catch (Fault e) {
            Log.event(Event.STANDBY_FAILED, "account", account, "why", e);
        }
        return new Merged(merged, waiting);
    }

    /// Merges what earlier runs kept and could not merge. Once, after a start.
    public void resumeMerges() {
        try {
            for (AccountId account : branches.accounts()) {
                if (!registry.onStandby(account)) merge(account);
            }
        } catch (RuntimeException e) {
            // A file of a name that is not ours must not keep anybody from starting.
            Log.event(Event.STANDBY_FAILED, "why", e);
        }
    }

    @Override
    public void close() {
        branches.close();
    }
}
