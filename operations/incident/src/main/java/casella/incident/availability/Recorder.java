package casella.incident.availability;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.incident.Desk;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps the record. Whoever is measured writes to memory; one thread takes that to the desk once a second, with a heartbeat in the
/// same transaction, so that a kill loses what the gap after the last heartbeat covers.
///
/// From [#doorsOpen] on it beats. What a desk that does not answer cannot take is kept in memory and given again, up to a bound; what
/// the record then lacks is told. Safe from any thread.
public final class Recorder implements AutoCloseable {
    /// How long a failed call says that the next one would fail, too.
    static final Duration FADES = Duration.ofSeconds(60);

    private static final Duration EVERY = Duration.ofSeconds(1);
    /// Intervals that are open, or wait for the desk, at a time: about 40 MB. Those of a larger fault are told by its scope.
    private static final int OPEN_MAX = 250_000;
    /// For how long the record is kept: five years.
    private static final Duration KEPT = Duration.ofDays(1_830);

    private final Supplier<Desk> desk;
    private final Clock clock;
    private final int openMax;
    private final Map<Key, Going> open = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Row> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ConcurrentLinkedQueue<Sent> senders = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Conditions.Standing, Long> standing = new HashMap<>();
    private final List<Row> unkept = new ArrayList<>();
    private @Nullable Gap gap;
    private final AtomicBoolean leftOut = new AtomicBoolean();
    private boolean unheard;
    private volatile @Nullable Thread worker;

    private record Key(AccountId account, Cause cause) {}

    /// @param since when it began
    /// @param last when it was last seen to be so
    private record Going(long since, long last) {}

    /// A row to be written. @param until null while it goes on
    private sealed interface Row {
        record OfAccount(AccountId account, Cause cause, long since, @Nullable Long until) implements Row {}

        record OfScope(Scope scope, Cause cause, long since, @Nullable Long until) implements Row {}

        /// All of an account goes that was to be written before.
        record Forgotten(AccountId account) implements Row {}
    }

    /// What became of mail of our own. @param sender its address
    private record Sent(String sender, boolean taken, long at) {}

    /// Between two processes. @param first when this one opened its doors
    private record Gap(AvailabilityTables.@Nullable Beat before, long first) {}

    public Recorder(Desk desk, Clock clock) {
        this(() -> desk, clock, OPEN_MAX);
    }

    /// @param desk asked for at each use
    /// @param openMax intervals in memory
    Recorder(Supplier<Desk> desk, Clock clock, int openMax) {
        this.desk = desk;
        this.clock = clock;
        this.openMax = openMax;
    }

    private long now() {
        return clock.now().toEpochMilli();
    }

    /// A call for `account` did not work. Never waits.
    public void failed(AccountId account, Cause cause) {
        begin(account, cause, now());
    }

    /// As [#failed], since a moment that is known.
    ///
    /// @param since milliseconds since 1970
    public void begin(AccountId account, Cause cause, long since) {
        var key = new Key(account, cause);
        long now = now();
        Going before = open.computeIfPresent(key, (_, going) -> new Going(going.since(), now));
        if (before != null) return;
        if (open.size() >= openMax || waiting.get() >= 2 * openMax) {
            if (leftOut.compareAndSet(false, true)) Log.event(Event.AVAILABILITY_LEFT_OUT, "most", openMax);
            return;
        }
        if (open.putIfAbsent(key, new Going(since, now)) != null) return;
        add(new Row.OfAccount(account, cause, since, null));
    }

    /// A call for `account` worked: what failed of that kind is over. Never waits; a look at memory where nothing failed.
    public void worked(AccountId account, Cause cause) {
        if (open.isEmpty()) return;
        end(new Key(account, cause), now());
    }

    private void end(Key key, long until) {
        Going going = open.remove(key);
        if (going == null) return;
        add(new Row.OfAccount(key.account(), key.cause(), going.since(), Math.max(until, going.since())));
    }

    private void add(Row row) {
        waiting.incrementAndGet();
        changes.add(row);
    }

    /// Mail from `sender`, one of our own addresses, was not taken for now, or was. Never waits: whose address it is is looked up later.
    public void sent(String sender, boolean taken) {
        if (taken && open.isEmpty() && senders.isEmpty()) return;
        if (senders.size() < openMax) senders.add(new Sent(sender, taken, now()));
    }

    /// Returns what is open of an account and a cause, in memory.
    boolean isOpen(AccountId account, Cause cause) {
        return open.containsKey(new Key(account, cause));
    }

    /// All doors are open: the gap since the last heartbeat is over, and heartbeats begin. To be called once.
    ///
    /// @param conditions looked at once a second
    public Recorder doorsOpen(Conditions conditions, Owners owners) {
        takeUp();
        worker = Thread.ofVirtual().name("availability").start(() -> {
            try {
                step(conditions, owners);
                boolean last;
                do {
                    last = closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS);
                    step(conditions, owners);
                } while (!last);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /// What the directory knows. May wait.
    public interface Owners {
        /// Returns whose an address is.
        Optional<AccountId> of(String address);

        /// Says whether there is such an account: an unknown login is asked about under an id that is nobody's.
        boolean exists(AccountId account);
    }

    /// Takes up where the process before ended. Who waited at the door waits until he is let in, or everybody is.
    void takeUp() {
        long first = now();
        AvailabilityTables.Beat before = null;
        try {
            before = desk.get().read(AvailabilityTables::beat).orElse(null);
            for (var own : desk.get().read(s -> AvailabilityTables.open(s, Cause.HELD, openMax))) {
                begin(own.account(), Cause.HELD, own.interval().span().from());
            }
        } catch (Fault e) {
            Log.event(Event.AVAILABILITY_NOT_KEPT, e);
        }
        gap = new Gap(before, first);
    }

    /// Looks, and writes what there is to write. One thread at a time.
    void step(Conditions conditions, Owners owners) {
        try {
            look(conditions);
            fade();
            for (Sent sent; (sent = senders.poll()) != null; ) sender(sent, owners);
            take(owners);
            write(false);
        } catch (RuntimeException e) {
            // A figure, or the desk, that cannot be had must not end the looking.
            if (!unheard) Log.event(Event.AVAILABILITY_NOT_KEPT, e);
            unheard = true;
        }
    }

    private void look(Conditions conditions) {
        long now = now();
        Conditions.Now seen = conditions.look(now);
        seen.standing().forEach((one, since) -> {
            if (standing.putIfAbsent(one, since) == null) {
                add(new Row.OfScope(one.scope(), one.cause(), since, null));
            }
        });
        standing.entrySet().removeIf(entry -> {
            Conditions.Standing one = entry.getKey();
            if (seen.standing().containsKey(one)) return false;
            add(new Row.OfScope(one.scope(), one.cause(), entry.getValue(), Math.max(now, entry.getValue())));
            return true;
        });
        if (seen.doorsFree()) {
            for (Key key : open.keySet()) if (key.cause() == Cause.HELD) end(key, now);
        }
    }

    /// Ends what nobody saw fail for so long.
    private void fade() {
        long now = now();
        open.forEach((key, going) -> {
            long until = going.last() + FADES.toMillis();
            if (key.cause().fades() && until <= now && open.remove(key, going)) {
                add(new Row.OfAccount(key.account(), key.cause(), going.since(), until));
            }
        });
    }

    private void sender(Sent sent, Owners owners) {
        Optional<AccountId> account;
        try {
            account = owners.of(sent.sender());
        } catch (Fault e) {
            return; // a directory that does not tell whose it is now: this one call is not attributed
        }
        if (account.isEmpty()) return;
        if (sent.taken()) end(new Key(account.get(), Cause.NOT_SENT), sent.at());
        else begin(account.get(), Cause.NOT_SENT, sent.at());
    }

    private void take(Owners owners) {
        for (Row row; unkept.size() < openMax && (row = changes.poll()) != null; ) {
            waiting.decrementAndGet();
            AccountId nobody = nobody(row, owners);
            if (nobody == null) unkept.add(row);
            else open.remove(new Key(nobody, Cause.HELD));
        }
    }

    /// Returns the account of a row where there is no such account, else null.
    private static @Nullable AccountId nobody(Row row, Owners owners) {
        if (!(row instanceof Row.OfAccount one) || one.cause() != Cause.HELD) return null;
        try {
            return owners.exists(one.account()) ? null : one.account();
        } catch (Fault e) {
            return null; // nobody's is harmless here, an owner left out is not
        }
    }

    private void write(boolean last) {
        List<Row> rows = List.copyOf(unkept);
        Gap before = gap;
        var _ = desk.get().write(s -> {
            long now = now();
            if (before != null) gap(s, before);
            for (Row row : rows) {
                switch (row) {
                    case Row.OfAccount(var account, var cause, var since, var until) ->
                            AvailabilityTables.account(s, account, cause, since, until);
                    case Row.OfScope(var scope, var cause, var since, var until) ->
                            AvailabilityTables.scope(s, scope, cause, since, until);
                    case Row.Forgotten(var account) -> AvailabilityTables.forget(s, account);
                }
            }
            AvailabilityTables.beat(s, now, last);
            return true;
        });
        gap = null;
        unkept.clear();
        if (unheard) Log.event(Event.AVAILABILITY_KEPT_AGAIN);
        unheard = false;
        if (open.size() < openMax / 2) leftOut.set(false);
    }

    private static void gap(Statements s, Gap gap) throws SQLException {
        AvailabilityTables.forgetBefore(s, gap.first() - KEPT.toMillis());
        if (gap.before() == null) return;
        long from = gap.before().at();
        AvailabilityTables.endOpen(s, from);
        // The wall clock may have gone back meanwhile: then there is nothing to tell.
        if (from >= gap.first()) return;
        Cause cause = gap.before().clean() ? Cause.STOPPED : Cause.KILLED;
        AvailabilityTables.scope(s, new Scope.Everybody(), cause, from, gap.first());
    }

    /// Forgets what was measured of an account that is erased; waits for the desk.
    public void forget(AccountId account) {
        for (Cause cause : Cause.values()) open.remove(new Key(account, cause));
        add(new Row.Forgotten(account));
        var _ = desk.get().write(s -> {
            AvailabilityTables.forget(s, account);
            return true;
        });
    }

    /// Says that the process ends in order. To be called when the doors are shut.
    @Override
    public void close() {
        closed.countDown();
        Thread beating = worker;
        if (beating == null) return;
        try {
            if (beating.join(Duration.ofSeconds(10))) write(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Fault e) {
            Log.event(Event.AVAILABILITY_NOT_KEPT, e);
        }
    }
}
