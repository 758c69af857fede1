package casella.testkit;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// An engine that fails on command: slow, hung, away, damaged, done but reported failed, reported done but not done.
///
/// Calls go through platform threads of its own (4 for reads, 1 for writes, 1 for probes), so that a hang looks to the
/// rest of the program like the hang of a native library: the callers' deadlines pass and the breaker opens.
public final class FaultyEngine implements Engine {
    private final Engine inner;
    private final Lane reads = new Lane("faulty-engine.read", 4);
    private final Lane writes = new Lane("faulty-engine.write", 1);
    private final Lane probes = new Lane("faulty-engine.probe", 1);
    private final Map<AccountId, Lane> readsAlone = new ConcurrentHashMap<>();
    private final Map<AccountId, Lane> writesAlone = new ConcurrentHashMap<>();

    public FaultyEngine(Engine inner) {
        this.inner = inner;
    }

    /// Makes every call suffer `trouble` from now on, probes too.
    public FaultyEngine all(Trouble trouble) {
        return reads(trouble).writes(trouble).probes(trouble);
    }

    public FaultyEngine reads(Trouble trouble) {
        reads.command(trouble, Integer.MAX_VALUE);
        return this;
    }

    public FaultyEngine writes(Trouble trouble) {
        writes.command(trouble, Integer.MAX_VALUE);
        return this;
    }

    /// Makes only the next `times` writes suffer `trouble`.
    public FaultyEngine writes(Trouble trouble, int times) {
        writes.command(trouble, times);
        return this;
    }

    public FaultyEngine probes(Trouble trouble) {
        probes.command(trouble, Integer.MAX_VALUE);
        return this;
    }

    /// Makes calls of one account alone suffer `trouble`: nobody else's wait behind them.
    public FaultyEngine only(AccountId account, Trouble trouble) {
        command(readsAlone, account, 4, trouble);
        return onlyWrites(account, trouble);
    }

    /// As [#only], its writes alone.
    public FaultyEngine onlyWrites(AccountId account, Trouble trouble) {
        command(writesAlone, account, 1, trouble);
        return this;
    }

    private static void command(Map<AccountId, Lane> lanes, AccountId account, int threads, Trouble trouble) {
        lanes.computeIfAbsent(account, _ -> new Lane("faulty-engine.account", threads))
                .command(trouble, Integer.MAX_VALUE);
    }

    /// Ends all trouble and lets go what hangs: a hung write is done now, however late.
    public FaultyEngine heal() {
        readsAlone.keySet().forEach(account -> only(account, Trouble.none()));
        writesAlone.keySet().forEach(account -> onlyWrites(account, Trouble.none()));
        return all(Trouble.none());
    }

    @Override
    public String technology() {
        return inner.technology();
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        Lane lane = readsAlone.getOrDefault(account, reads);
        return lane.call(account, time, _ -> inner.read(account, time, reading));
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        Lane lane = writesAlone.getOrDefault(account, writes);
        return lane.write("engine.write", () -> inner.write(account, batch), new Outcome.Written());
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return reads.call(time, _ -> inner.accounts(after, limit, time));
    }

    @Override
    public boolean keeps(AccountId account) {
        return inner.keeps(account);
    }

    @Override
    public Ticket<Outcome> erase(AccountId account) {
        return writes.write("engine.erase", () -> inner.erase(account), new Outcome.Written());
    }

    @Override
    public void probe(Duration time) {
        probes.call(time, _ -> {
            inner.probe(time);
            return 0;
        });
    }

    @Override
    public boolean answers(AccountId account, Duration time) {
        try {
            // Of nobody in particular: it does not wait behind other reads of the account.
            return readsAlone.getOrDefault(account, reads).call(time, _ -> inner.answers(account, time));
        } catch (Fault.Unavailable e) {
            return false;
        }
    }

    @Override
    public Duration oldestCall() {
        Duration read = reads.oldest();
        Duration write = writes.oldest();
        return read.compareTo(write) > 0 ? read : write;
    }

    /// Returns for how long the oldest read has waited that is one account's alone in trouble.
    public Duration waiting(AccountId account) {
        Lane lane = readsAlone.get(account);
        return lane == null ? Duration.ZERO : lane.oldest();
    }

    @Override
    public void giveUp() {
        reads.giveUp();
        writes.giveUp();
    }

    @Override
    public void giveUp(AccountId account) {
        Lane lane = readsAlone.get(account);
        if (lane != null) lane.giveUp();
    }

    @Override
    public long syncs() {
        return inner.syncs();
    }

    @Override
    public void close() {
        reads.close();
        writes.close();
        probes.close();
        readsAlone.values().forEach(Lane::close);
        writesAlone.values().forEach(Lane::close);
        inner.close();
    }
}
