package casella.testkit.model;

import casella.base.AccountId;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// An engine each of whose calls may fail, by dice.
public final class TroubledEngine implements Engine {
    private final Engine inner;
    private final Calls calls;

    public TroubledEngine(Engine inner, Fates fates) {
        this.inner = inner;
        this.calls = new Calls(fates);
    }

    /// The process dies.
    public void die(Random dice) {
        calls.die(dice);
    }

    /// Lets what is late land.
    public void settle() {
        calls.settle();
    }

    @Override
    public String technology() {
        return inner.technology();
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        return calls.read("engine.read", time, _ -> inner.read(account, time, reading));
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        return calls.write(account, "engine.write", () -> inner.write(account, batch));
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return calls.read("engine.accounts", time, _ -> inner.accounts(after, limit, time));
    }

    @Override
    public Ticket<Outcome> erase(AccountId account) {
        return calls.write(account, "engine.erase", () -> inner.erase(account));
    }

    @Override
    public void probe(Duration time) {
        int _ = calls.read("engine.probe", time, _ -> {
            inner.probe(time);
            return 0;
        });
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
