package casella.store.standby;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Ticket;
import casella.store.Copies;
import casella.store.Journal;
import casella.store.archive.Holdings;
import casella.store.archive.JournalEnd;
import casella.store.archive.JournalRows;
import casella.store.archive.PageCache;
import casella.store.archive.Reconciliation;
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

    /// How long a vault may take to say which segments it has.
    private static final Duration LISTING = Duration.ofSeconds(2);

    /// How long a vault may take to list a page of names.
    private static final Duration NAMES = Duration.ofSeconds(30);

    private final Registry registry;
    private final Copies copies;
    private final JournalRows.Sources sources;
    private final PageCache cache = new PageCache();
    private final Map<AccountId, StandbyView> views = new ConcurrentHashMap<>();
    private final Map<AccountId, Ticket<StandbyView>> opening = new ConcurrentHashMap<>();

    /// What accounts gave way with: less is never served again.
    private final Map<AccountId, Modseq> left = new ConcurrentHashMap<>();

    /// @param copies the vaults under their policy
    /// @param reconciliation opens an account over a hole
    public StandbyViews(Registry registry, Journal journal, Copies copies, Reconciliation reconciliation) {
        this.registry = registry;
        this.copies = copies;
        // An owner waits: what is listed may be short, and whether it is is asked of the journal's end.
        this.sources = new JournalRows.Sources(Holdings.prompt(copies, NAMES), journal, new JournalEnd(copies,
                LISTING),
                reconciliation);
    }

    /// Says whether an account is erased for good.
    boolean erased(AccountId account) {
        return copies.debt().hasErased(account);
    }

    /// Returns the newest change of an account as far as it is known here; 0 if it is not.
    long head(AccountId account) {
        StandbyView view = views.get(account);
        return view == null ? 0 : view.head().version();
    }

    /// Reads an account out of its journal, for an opening. Blocks on vaults and tail.
    JournalRows.Opening begin(AccountId account, JournalRows.Known known) {
        return JournalRows.open(account, sources, known);
    }

    /// @param epoch see [JournalRows.Opening#rows]
    StandbyView make(AccountId account, JournalRows.Opening opening, long epoch) {
        return new StandbyView(account, opening.rows(cache, epoch));
    }

    void put(StandbyView view) {
        views.put(view.account(), view);
        left.remove(view.account());
        if (views.size() > VIEWS_MAX) giveWay();
    }

    void drop(AccountId account) {
        views.remove(account);
        left.remove(account);
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
        Modseq before = left.getOrDefault(account, Modseq.NONE);
        JournalRows.Opening opening = begin(account, new JournalRows.Known(before, false));
        if (opening.needsEpoch()) {
            opening.tryHole();
            claim = registry.claim(account, claim, opening.head().epoch(), Place.STANDBY, claim.step(),
                    claim.reason(), Deadline.in(CLAIM), _ -> {});
        }
        StandbyView view = make(account, opening, claim.epoch());
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
                .forEach(view -> {
                    left.put(view.account(), new Modseq(view.head().version()));
                    views.remove(view.account(), view);
                });
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
