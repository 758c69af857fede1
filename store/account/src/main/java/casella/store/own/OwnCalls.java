package casella.store.own;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.Accounts;
import casella.store.Rescue;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import java.time.Duration;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The live engine, with each account's calls told from the others': how long they wait, and how they end.
///
/// Work that nobody waits for ([Rescue#UNATTENDED]) says nothing of an account. Safe from any thread.
public final class OwnCalls implements Engine {
    private static final int FAILING_MAX = 10_000;
    private static final int STRIPES = 64;
    /// Nobody waits so long for a write: it is one that the engine never answered.
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);

    private final Engine inner;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Map<Kind, Failures> failing = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Failures> eldest) {
            return size() > FAILING_MAX;
        }
    };
    private volatile boolean someFail;

    public OwnCalls(Engine inner) {
        this.inner = inner;
        for (int i = 0; i < STRIPES; i++) stripes[i] = new Stripe();
    }

    /// Reads that are answered say nothing of writes.
    private record Kind(AccountId account, boolean write) {}

    /// @param count in a row, without a success between them
    /// @param lastNanos when the newest was (nanoTime)
    private record Failures(int count, long lastNanos) {}

    /// A call that is not answered.
    ///
    /// @param since when it began (nanoTime)
    /// @param ticket of a write; null for a read
    private record Call(AccountId account, long since, @Nullable Ticket<Outcome> ticket) {}

    /// Calls under way, of accounts that share a lock.
    private static final class Stripe {
        private final IdentityHashMap<Call, Call> calls = new IdentityHashMap<>();

        synchronized void add(Call call) {
            calls.put(call, call);
        }

        synchronized void remove(Call call) {
            calls.remove(call);
        }

        synchronized List<Call> all() {
            return List.copyOf(calls.keySet());
        }
    }

    private Stripe stripe(AccountId account) {
        return stripes[Math.floorMod(Long.hashCode(account.value()), STRIPES)];
    }

    private @Nullable Call begin(AccountId account, @Nullable Ticket<Outcome> ticket) {
        if (Rescue.UNATTENDED.isBound()) return null;
        var call = new Call(account, System.nanoTime(), ticket);
        stripe(account).add(call);
        return call;
    }

    private void end(@Nullable Call call, @Nullable Throwable failure) {
        if (call == null) return;
        stripe(call.account()).remove(call);
        ended(new Kind(call.account(), call.ticket() != null), failure);
    }

    private void ended(Kind kind, @Nullable Throwable failure) {
        if (failure == null) {
            if (someFail) forgive(kind);
        } else if (failure instanceof Fault.Unavailable fault && !Accounts.isNoView(fault)) {
            failed(kind);
        }
    }

    private void failed(Kind kind) {
        synchronized (failing) {
            Failures before = failing.remove(kind);
            int count = before == null ? 1 : before.count() + 1;
            failing.put(kind, new Failures(count, System.nanoTime()));
            someFail = true;
        }
    }

    private void forgive(Kind kind) {
        synchronized (failing) {
            failing.remove(kind);
            someFail = !failing.isEmpty();
        }
    }

    /// Returns accounts with a call that has not been answered for longer than `age`.
    public Set<AccountId> late(Duration age) {
        long now = System.nanoTime();
        var late = new HashSet<AccountId>();
        for (Stripe stripe : stripes) {
            for (Call call : stripe.all()) {
                if (now - call.since() > FORGOTTEN.toNanos()) stripe.remove(call);
                else if (now - call.since() > age.toNanos()) late.add(call.account());
            }
        }
        return late;
    }

    /// Returns how many reads, or how many writes, of an account failed in a row; 0 when the last one was answered, or none
    /// failed `within`.
    int failures(AccountId account, Duration within) {
        if (!someFail) return 0;
        int reads = failures(new Kind(account, false), within);
        return Math.max(reads, failures(new Kind(account, true), within));
    }

    private int failures(Kind kind, Duration within) {
        synchronized (failing) {
            Failures found = failing.get(kind);
            if (found == null || System.nanoTime() - found.lastNanos() > within.toNanos()) return 0;
            return found.count();
        }
    }

    @Override
    public String technology() {
        return inner.technology();
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        Call call = begin(account, null);
        try {
            T found = inner.read(account, time, reading);
            end(call, null);
            return found;
        } catch (Throwable e) {
            end(call, e);
            throw e;
        }
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        Ticket<Outcome> inside = inner.write(account, batch);
        if (inside.answered()) {
            boolean attended = !Rescue.UNATTENDED.isBound();
            inside.whenAnswered((_, failure) -> {
                if (attended) ended(new Kind(account, true), failure);
            });
            return inside;
        }
        // Of its own, so that whoever waits can be answered before the engine is.
        var outside = new Ticket<Outcome>("engine.write");
        Call call = begin(account, outside);
        inside.whenAnswered((outcome, failure) -> {
            end(call, failure);
            if (failure != null) outside.fail(failure);
            else if (outcome != null) outside.complete(outcome);
        });
        return outside;
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return inner.accounts(after, limit, time);
    }

    @Override
    public boolean keeps(AccountId account) {
        return inner.keeps(account);
    }

    @Override
    public Outcome admits(AccountId account, Batch batch) {
        return inner.admits(account, batch);
    }

    @Override
    public Ticket<Outcome> erase(AccountId account) {
        return inner.erase(account);
    }

    @Override
    public void probe(Duration time) {
        inner.probe(time);
    }

    @Override
    public boolean answers(AccountId account, Duration time) {
        return inner.answers(account, time);
    }

    @Override
    public Duration oldestCall() {
        return inner.oldestCall();
    }

    @Override
    public void giveUp() {
        inner.giveUp();
    }

    /// Answers whoever waits for a read or a write of an account. A write stays where it is and may still be done.
    @Override
    public void giveUp(AccountId account) {
        inner.giveUp(account);
        var gone = new Fault.Unavailable("Not answering, given up", Map.of("account", account));
        for (Call call : stripe(account).all()) {
            if (!call.account().equals(account) || call.ticket() == null) continue;
            stripe(account).remove(call);
            call.ticket().fail(gone);
        }
    }

    @Override
    public long syncs() {
        return inner.syncs();
    }

    @Override
    public void close() {
        inner.close();
    }
}
