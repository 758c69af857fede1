package casella.server.drill;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The engine, with a door that a drill can shut: calls of a cohort hang in front of it, or are refused. Decision 0123.
///
/// Hung for everybody, listings and the probe lane hang too, and so the engine counts as gone, as it does when its own
/// threads hang. Hung for some, only their calls do: nobody else's wait behind them.
public final class DrilledEngine implements Engine {
    private final Engine inner;
    private final Door door = new Door("engine");
    private volatile @Nullable Hold hold;

    public DrilledEngine(Engine inner) {
        this.inner = inner;
    }

    /// Has calls of `cohort` hang from now on.
    ///
    /// @param until readers are let go then, also if [#release] never comes
    synchronized void hang(Cohort cohort, Deadline until) {
        release();
        hold = new Hold(cohort, until);
    }

    /// Has every call hang from now on.
    ///
    /// @param until as above
    public void hang(Deadline until) {
        hang(new Cohort.All(), until);
    }

    Door door() {
        return door;
    }

    /// Opens the door and lets everything go that hangs. Harmless when nothing does.
    public synchronized void release() {
        door.open();
        Hold held = hold;
        if (held == null) return;
        held.release();
        hold = null;
    }

    private @Nullable Hold over(AccountId account) {
        Hold held = hold;
        return held != null && held.covers(account) ? held : null;
    }

    private @Nullable Hold overAll() {
        Hold held = hold;
        return held != null && held.coversAll() ? held : null;
    }

    @Override
    public String technology() {
        return inner.technology();
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        Hold held = over(account);
        Duration left = held == null ? time : held.pass(account, "engine.read", time);
        return inner.read(account, door.pass(account, left), reading);
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        Hold held = over(account);
        return held == null
                ? door.write(account, () -> inner.write(account, batch))
                : held.write("engine.write", batch.bytes(), () -> inner.write(account, batch));
    }

    @Override
    public Ticket<Outcome> erase(AccountId account) {
        Hold held = over(account);
        return held == null
                ? door.removal(account, () -> inner.erase(account))
                : held.write("engine.write", 0, () -> inner.erase(account));
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        Hold held = overAll();
        Duration left = held == null ? time : held.pass("engine.read", time);
        return inner.accounts(after, limit, door.pass(null, left));
    }

    @Override
    public void probe(Duration time) {
        Hold held = overAll();
        inner.probe(door.probe(held == null ? time : held.pass("engine.probe", time)));
    }

    @Override
    public boolean answers(AccountId account, Duration time) {
        Hold held = over(account);
        try {
            Duration left = held == null ? time : held.pass("engine.probe", time);
            return inner.answers(account, door.pass(account, left));
        } catch (Fault.Unavailable e) {
            if (held == null && !door.meets(account)) throw e;
            return false;
        }
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
    public Duration oldestCall() {
        Hold held = hold;
        Duration within = inner.oldestCall();
        if (held == null) return within;
        Duration outside = held.oldest();
        return outside.compareTo(within) > 0 ? outside : within;
    }

    @Override
    public void giveUp() {
        Hold held = hold;
        if (held != null) held.giveUp();
        inner.giveUp();
    }

    @Override
    public void giveUp(AccountId account) {
        Hold held = over(account);
        if (held != null) held.giveUp(account);
        inner.giveUp(account);
    }

    @Override
    public long syncs() {
        return inner.syncs();
    }

    @Override
    public void close() {
        release();
        inner.close();
    }
}
