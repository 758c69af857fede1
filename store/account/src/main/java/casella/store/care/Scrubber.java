package casella.store.care;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Shelf;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Reads every object of one vault at a set rate and checks it against its hash; what is wrong or missing is owed, and so
/// healed. One pass after another, at most one a day. For one thread.
///
/// A pass begins with having the vault forget what memory holds of its files, so that it reads the disk (decision 75).
final class Scrubber {
    static final Duration PASS_MIN = Duration.ofDays(1);
    private static final Duration MARK_EVERY = Duration.ofMinutes(1);
    private static final Duration FORGETTING = Duration.ofSeconds(30);
    private static final Duration AWAY = Duration.ofSeconds(10);
    /// How soon a pass that is wanted begins.
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration NO_REST = Duration.ZERO;
    /// A look at a name costs as much as so many bytes.
    private static final long LOOK_BYTES = 256;

    private final Shelf shelf;
    private final Survey survey;
    private final Copies copies;
    private final Debt debt;
    private final Clock clock;
    private final Pace pace;
    private final Metrics metrics;
    private final Scrubbed scrubbed;
    private final Queue<AccountId> next = new ArrayDeque<>();
    private @Nullable AccountId after;
    private @Nullable Instant marked;
    private volatile boolean wanted;
    private volatile boolean ended;

    /// @param scrubbed what earlier passes said
    Scrubber(
            Shelf shelf,
            Survey survey,
            Copies copies,
            Scrubbed scrubbed,
            long bytesPerSecond,
            Clock clock,
            Metrics metrics) {
        this.shelf = shelf;
        this.survey = survey;
        this.copies = copies;
        this.debt = copies.debt();
        this.scrubbed = scrubbed;
        this.clock = clock;
        this.metrics = metrics;
        this.pace = new Pace(bytesPerSecond, clock);
        this.after = scrubbed.going() ? scrubbed.position() : null;
    }

    Scrubbed scrubbed() {
        return scrubbed;
    }

    Shelf shelf() {
        return shelf;
    }

    /// Has the next pass begin now. Any thread.
    void wantNow() {
        wanted = true;
    }

    /// Reads nothing any more: the vault is going.
    void retire() {
        ended = true;
    }

    /// Does a piece of work, one account at most, and returns how long to rest then.
    Duration step() {
        if (ended || !shelf.breaker().closed()) return AWAY;
        if (!scrubbed.going()) {
            @Nullable Instant last = scrubbed.over();
            if (last != null && !wanted) {
                Duration rest = Duration.between(clock.now(), last.plus(PASS_MIN));
                if (rest.isPositive()) return rest.compareTo(IDLE) > 0 ? IDLE : rest;
            }
            wanted = false;
            after = null;
            next.clear();
            marked = clock.now();
            forgetCached();
            scrubbed.begin(marked);
        }
        try {
            if (next.isEmpty()) {
                Survey.Listed listed = survey.accounts(after);
                // What it alone has would be passed over.
                if (listed.leftOut().contains(shelf.name())) return AWAY;
                next.addAll(listed.accounts());
            }
        } catch (Fault e) {
            return AWAY;
        }
        @Nullable AccountId account = next.poll();
        if (account == null) return end();
        long bytes = account(account);
        after = account;
        if (marked == null || !clock.now().isBefore(marked.plus(MARK_EVERY))) {
            marked = clock.now();
            scrubbed.mark(account, marked);
        }
        return pace.spent(bytes);
    }

    /// What a reader has brought into memory after this was on the disk after this, so it is proven by being read there.
    private void forgetCached() {
        try {
            shelf.vault().forgetCached(FORGETTING);
        } catch (Fault e) {
            Log.event(Event.SCRUB_FROM_MEMORY, e, "vault", shelf.name());
        }
    }

    private Duration end() {
        scrubbed.end(clock.now());
        Log.event(
                Event.SCRUB_DONE, "vault", shelf.name(), "notWhole", scrubbed.notWhole(), "since", scrubbed.wholeSince());
        return NO_REST;
    }

    private long account(AccountId account) {
        var bytes = new AtomicLong();
        var whole = new AtomicBoolean(true);
        Survey.Looked looked = survey.account(account, (name, stored, having) -> {
            bytes.addAndGet(LOOK_BYTES);
            if (!having.contains(shelf)) whole.set(false);
            else if (right(name, stored, whole)) bytes.addAndGet(stored);
        });
        if (!whole.get() || looked.unsure().contains(shelf.name())) scrubbed.notWhole(account);
        return bytes.get();
    }

    private boolean right(ObjectName name, long stored, AtomicBoolean whole) {
        try {
            byte @Nullable [] object = shelf.vault().get(name, 0, Integer.MAX_VALUE, copies.policy().read());
            if (object != null) {
                var _ = StoredObject.read(name, object);
                metrics.add(Metric.SCRUB_BYTES, object.length, shelf.name());
                metrics.add(Metric.SCRUB_OBJECTS, 1, shelf.name(), "ok");
                return true;
            }
            wrong(name, stored, "missing");
        } catch (Fault.Corrupt e) {
            wrong(name, stored, "corrupt");
        } catch (Fault e) {
            // Not read is not proven, and not wrong either.
            metrics.add(Metric.SCRUB_OBJECTS, 1, shelf.name(), "unavailable");
        }
        whole.set(false);
        return false;
    }

    private void wrong(ObjectName name, long stored, String how) {
        metrics.add(Metric.SCRUB_OBJECTS, 1, shelf.name(), how);
        if (debt.hasEnded(name) || !debt.owed(name, shelf.name(), stored)) return;
        Log.event(Event.VAULT_COPY_WRONG, "vault", shelf.name(), "object", name, "how", how, "by", "scrub");
    }
}
