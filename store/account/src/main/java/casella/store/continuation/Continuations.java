package casella.store.continuation;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.Continuation;
import casella.store.disk.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The accounts that go on without their store. Survives a restart: what was begun goes on, with the same UIDs.
public final class Continuations implements Continuation.Source, AutoCloseable {
    /// How much, and how long.
    ///
    /// @param bytesMax what folders and messages shown may take in memory, about, those of one account half
    ///        of it; default 128 MiB, about 40,000 messages
    /// @param time how long a caller waits for a record to be synced; default 10 s
    public record Limits(long bytesMax, Duration time) {
        public static final Limits STANDARD = new Limits(128L << 20, Duration.ofSeconds(10));
    }

    private final Openings openings;
    private final Names names;
    private final Waiting waiting;
    private final Map<AccountId, Continuing> going = new ConcurrentHashMap<>();
    private final Memory memory;
    private final Continuing.Parts parts;
    private volatile BiConsumer<Opening, Boolean> listener = (_, _) -> {};

    private Continuations(
            Openings openings, Names names, Waiting waiting, Bulkhead cpu, Clock clock, long bytesMax) {
        this.openings = openings;
        this.names = names;
        this.waiting = waiting;
        this.memory = new Memory(bytesMax, going::values);
        this.parts = new Continuing.Parts(openings, names, waiting, cpu, clock, memory);
    }

    /// Opens the record of continuations in `folder`.
    ///
    /// @param cpu as wide as the cores: large messages are looked through there
    /// @throws casella.base.Fault.Unavailable if the folder cannot be made or listed
    public static Continuations open(
            Disk disk, Path folder, Names names, Waiting waiting, Bulkhead cpu, Clock clock,
                    Metrics metrics) {
        return open(disk, folder, names, waiting, cpu, clock, metrics, Limits.STANDARD);
    }

    /// As above, with limits of one's own.
    public static Continuations open(
            Disk disk,
            Path folder,
            Names names,
            Waiting waiting,
            Bulkhead cpu,
            Clock clock,
            Metrics metrics,
            Limits limits) {
        var openings = Openings.open(disk, folder, clock, limits.time());
        var continuations = new Continuations(openings, names, waiting, cpu, clock, limits.bytesMax());
        metrics.gauge(Metric.CONTINUATION_ACCOUNTS, () -> continuations.list().size());
        return continuations;
    }

    @Override
    public @Nullable Continuation of(AccountId account) {
        Opening opening = openings.of(account);
        if (opening == null) return null;
        Continuing there = going.get(account);
        if (there != null && there.opening().equals(opening)) return there;
        return going.compute(account, (_, now) -> {
            if (now != null && now.opening().equals(opening)) return now;
            if (now != null) now.end();
            return new Continuing(opening, parts);
        });
    }

    /// Returns about how much memory it all takes.
    public long bytes() {
        return memory.bytes();
    }

    /// Says whether an account has one.
    public boolean has(AccountId account) {
        return openings.of(account) != null;
    }

    /// Returns all there are, in account order.
    public List<Opening> list() {
        return openings.list();
    }

    Names names() {
        return names;
    }

    /// Begins one; a folder of its name is shown from now on, and all others are closed.
    ///
    /// @throws casella.base.Fault.Unavailable if that cannot be written down now
    public Opening begin(AccountId account) {
        Opening opening = openings.begin(account);
        listener.accept(opening, true);
        return opening;
    }

    /// Has `told` hear of each that begins (true) and has ended (false), on the thread that does it: no waiting. Those that there
    /// are already it has to ask for ([#list]).
    public void onTurn(BiConsumer<Opening, Boolean> told) {
        listener = told;
    }

    /// Ends one. What waits is filed by who files.
    ///
    /// @param then runs once when it has ended, also where that is after this has thrown
    /// @throws casella.base.Fault.Unavailable if it is not known whether it ends; to be ended again
    void end(Opening opening, Runnable then) {
        openings.end(opening, () -> {
            Continuing there = going.remove(opening.account());
            if (there != null) there.end();
            listener.accept(opening, false);
            memory.recent().clear();
            try {
                waiting.retry(opening.account());
            } catch (Fault e) {
                // It has ended all the same: what waits is tried again at its own time.
            }
            then.run();
        });
    }

    /// Says that something came for an account. Never waits.
    ///
    /// @return whether it is shown by a continuation
    public boolean came(AccountId account) {
        if (openings.of(account) == null) return false;
        Continuing there = going.get(account);
        if (there != null) there.came();
        return true;
    }

    @Override
    public void close() {
        openings.close();
    }
}
