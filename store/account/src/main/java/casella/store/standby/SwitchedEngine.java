package casella.store.standby;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The engine that everybody sees: each account's calls go to what the registry says serves it, the live
/// engine or the standby. Whoever calls knows nothing of it.
///
/// The standby runs on its callers' threads: in memory nothing blocks, and a page that must be fetched is
/// waited for with the caller's deadline while other threads fetch it.
public final class SwitchedEngine implements Engine {
    private static final byte[] HEAD = new Key.Head().bytes();
    private static final Duration WRITE = Duration.ofSeconds(2);

    private final Engine live;
    private final Registry registry;
    private final StandbyViews views;

    public SwitchedEngine(Engine live, Registry registry, StandbyViews views) {
        this.live = live;
        this.registry = registry;
        this.views = views;
    }

    /// Returns the live engine's: the standby is over its journal, whatever that is made of.
    @Override
    public String technology() {
        return live.technology();
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        Claim claim = registry.of(account);
        if (claim == null) return live.read(account, time, reading);
        if (!claim.onStandby()) {
            return live.read(account, time, rows -> reading.read(new Fenced(rows, claim.epoch())));
        }
        Deadline deadline = Deadline.in(time);
        return StandbyView.read(views.view(account, deadline).rows(deadline), reading);
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        if (!registry.onStandby(account)) return live.write(account, batch);
        try {
            return writable(account).write(batch);
        } catch (Fault e) {
            return Ticket.failed("standby.write", e);
        }
    }

    private StandbyView writable(AccountId account) {
        StandbyView view = views.view(account, Deadline.in(WRITE));
        if (view.epoch() == StandbyView.Epoch.DOUBTED) views.hold(view);
        return view;
    }

    @Override
    public Outcome admits(AccountId account, Batch batch) {
        if (!registry.onStandby(account)) return live.admits(account, batch);
        return writable(account).admits(batch);
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        List<AccountId> page = live.accounts(after, limit, time);
        var all = new TreeSet<>(page);
        boolean last = page.size() < limit;
        for (Claim claim : registry.standby()) {
            AccountId account = claim.account();
            boolean here = after == null || account.compareTo(after) > 0;
            if (here && (last || account.compareTo(page.getLast()) <= 0)) all.add(account);
        }
        return all.stream().limit(limit).toList();
    }

    @Override
    public boolean keeps(AccountId account) {
        return !registry.onStandby(account) && live.keeps(account);
    }

    /// Removes an account's rows from the live engine. Of one on standby only when the account is erased for good, and then
    /// from the standby's memory too: it is the live engine's from then on, its rows are made of a journal that goes as well, and could never be seen to be gone.
    @Override
    public Ticket<Outcome> erase(AccountId account) {
        try {
            Claim claim = registry.of(account);
            if (claim != null && claim.onStandby()) {
                if (!views.erased(account)) {
                    // Whoever makes its view anew began before the standby took it, and would take it back.
                    return Ticket.done("standby.erase", new Outcome.Refused(views.head(account), claim.epoch()));
                }
                var _ = registry.claim(account, claim, claim.epoch(), Claim.Place.LIVE, Claim.Step.NONE,
                        claim.reason(), Deadline.in(WRITE), _ -> {});
            }
        } catch (Fault e) {
            return Ticket.failed("standby.erase", e);
        }
        views.drop(account);
        return live.erase(account);
    }

    @Override
    public void probe(Duration time) {
        live.probe(time);
    }

    @Override
    public long syncs() {
        return live.syncs();
    }

    @Override
    public void close() {
        live.close();
    }

    /// Rows of the live engine under the epoch that was claimed for it: a view that was made anew of its
    /// journal has the epoch of its last change, and the next one is written under the claimed one.
    private record Fenced(Rows rows, long epoch) implements Rows {
        @Override
        public byte @Nullable [] get(byte[] key) {
            byte[] value = rows.get(key);
            if (value == null || !Arrays.equals(key, HEAD)) return value;
            HeadRow head = HeadRow.of(value);
            return head.epoch() >= epoch ? value : head.under(epoch).bytes();
        }

        @Override
        public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
            rows.scan(from, until, backwards, visitor);
        }
    }
}
