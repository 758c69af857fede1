package casella.store.standby;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.Journal;
import casella.store.archive.Holdings;
import casella.store.archive.JournalRows;
import casella.store.archive.PageCache;
import casella.store.standby.Claim.Place;
import casella.store.standby.Claim.Step;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The accounts the standby has in memory. One that is not is opened when it is used: after a restart, and
/// when it gave way to others.
public final class StandbyViews implements AutoCloseable {
    /// Accounts in memory; beyond it those not used for longest give way.
    private static final int VIEWS_MAX = 10_000;

    /// A view written so lately stays: the tail may not have answered, and it is all there is of a change not
    /// yet there.
    private static final Duration QUIET = Duration.ofMinutes(1);

    private static final Duration CLAIM = Duration.ofSeconds(2);

    private final Registry registry;
    private final Holdings holdings;
    private final Journal journal;
    private final PageCache cache = new PageCache();
    private final Map<AccountId, StandbyView> views = new ConcurrentHashMap<>();
    private final Map<AccountId, Ticket<StandbyView>> opening = new ConcurrentHashMap<>();

    /// @param holdings where checkpoints and segments are read
    public StandbyViews(Registry registry, Holdings holdings, Journal journal) {
        this.registry = registry;
        this.holdings = holdings;
        this.journal = journal;
    }

    /// Reads an account out of its journal, for an opening. Blocks on vaults and tail.
    StandbyView make(AccountId account) {
        return new StandbyView(account, JournalRows.open(account, holdings, journal, cache));
    }

    void put(StandbyView view) {
        views.put(view.account(), view);
        if (views.size() > VIEWS_MAX) giveWay();
    }

    void drop(AccountId account) {
        views.remove(account);
    }

    /// Returns the view of an account that the standby serves, opened again if it must be; callers wait
    /// together.
    ///
    /// @throws Fault.Unavailable if it does not come in time, or cannot be opened now
    StandbyView view(AccountId account, Deadline deadline) {
        StandbyView view = views.get(account);
        if (view != null) return view;
        return opening.computeIfAbsent(account, this::begin).await(deadline);
    }

    @Nullable StandbyView inMemory(AccountId account) {
        return views.get(account);
    }

    private Ticket<StandbyView> begin(AccountId account) {
        var ticket = new Ticket<StandbyView>("standby.open");
        var _ = Thread.ofVirtual().name("standby-open").start(() -> {
            try {
                // Another opening may just have ended: what it has been given since must not be opened over.
                StandbyView there = views.get(account);
                StandbyView view = there != null ? there : reopened(account);
                if (there == null) put(view);
                opening.remove(account);
                ticket.complete(view);
            } catch (Throwable e) {
                opening.remove(account);
                ticket.fail(e);
            }
        });
        return ticket;
    }

    private StandbyView reopened(AccountId account) {
        Claim claim = registry.of(account);
        if (claim == null || !claim.onStandby()) {
            throw new Fault.Unavailable("The account went back meanwhile", Map.of("account", account));
        }
        StandbyView view = make(account);
        view.stop(StandbyView.Epoch.DOUBTED);
        hold(view, claim);
        return view;
    }

    /// Claims an epoch that the live engine cannot have, where it may have the one before.
    void hold(StandbyView view) {
        Claim claim = registry.of(view.account());
        if (claim == null || !claim.onStandby()) {
            throw new Fault.Unavailable("The account went back meanwhile", Map.of("account", view.account()));
        }
        hold(view, claim);
    }

    private void hold(StandbyView view, Claim claim) {
        Claim valid = claim;
        if (claim.step() != Step.NONE) {
            valid = registry.claim(
                    view.account(), claim, view.head().epoch(), Place.STANDBY, Step.NONE, claim.reason(),
                            Deadline.in(CLAIM), _ -> {});
        }
        view.raise(valid.epoch());
    }

    private void giveWay() {
        long now = System.nanoTime();
        views.values().stream()
                .filter(view -> now - view.written() > QUIET.toNanos())
                .filter(view -> !returning(view.account()))
                .sorted(Comparator.comparingLong(view -> view.used() - now))
                .limit(VIEWS_MAX / 10)
                .forEach(view -> views.remove(view.account(), view));
    }

    private boolean returning(AccountId account) {
        Claim claim = registry.of(account);
        return claim != null && claim.step() == Step.RETURNING;
    }

    /// Returns how many accounts are in memory.
    public int size() {
        return views.size();
    }

    /// Returns how many pages were read from vaults since the start.
    public long pagesRead() {
        return cache.reads();
    }

    @Override
    public void close() {
        cache.close();
    }
}
