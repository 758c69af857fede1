package casella.incident.losses;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.incident.Desk;
import casella.sqlite.Statements;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes down mail that was not taken, and marks what came after all. Whoever tells it waits for nothing: what is told goes into
/// memory, and one thread takes it to the desk once a second. What does not fit there is counted and left out.
///
/// Rows go 90 days after the last attempt, some hundred a second at most. Safe from any thread.
public final class Attempts implements AutoCloseable {
    /// For how long it is kept.
    public static final Duration KEPT = Duration.ofDays(90);
    /// A sender that tried again after so long is another one: servers give up after days (RFC 5321 §4.5.4.1).
    static final Duration AWAITED = Duration.ofDays(14);
    static final int QUEUE_MAX = 20_000;
    static final int BATCH = 500;

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration CLEAN_EVERY = Duration.ofMinutes(1);
    /// Pairs of sender and account of which something may still come: about 40 MB.
    private static final int AWAITED_MAX = 200_000;

    /// How much is kept.
    ///
    /// @param rows one for each sender, account and message
    /// @param bytes of them, about
    public record Limits(long rows, long bytes) {
        public static final Limits USUAL = new Limits(1_000_000, 256L << 20);
    }

    record Pair(AccountId account, String sender) {}

    /// Whose an address is. May wait.
    @FunctionalInterface
    public interface Owners {
        Optional<AccountId> of(String address);
    }

    /// What was told.
    private sealed interface Told {
        record Not(Attempt attempt) implements Told {}

        record Came(AccountId account, String sender, String message, long at) implements Told {}
    }

    private final Supplier<Desk> desk;
    private final Clock clock;
    private final Limits limits;
    private final Metrics metrics;
    private final ArrayBlockingQueue<Told> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Set<Pair> awaited = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    /// Of which it is not known yet whose recipient it is.
    private final ArrayDeque<Attempt> nameless = new ArrayDeque<>();
    /// Taken from the queue and not yet on the desk.
    private final List<Told> unkept = new ArrayList<>();
    private TriedTables.@Nullable Room room;
    private long cleanedAt = Long.MIN_VALUE;
    private boolean unheard;
    private volatile boolean leftOut;
    private volatile @Nullable Thread worker;

    public Attempts(Desk desk, Clock clock, Metrics metrics) {
        this(() -> desk, clock, Limits.USUAL, metrics);
    }

    /// @param desk asked for at each use
    Attempts(Supplier<Desk> desk, Clock clock, Limits limits, Metrics metrics) {
        this.desk = desk;
        this.clock = clock;
        this.limits = limits;
        this.metrics = metrics;
    }

    /// A mail was not taken. Never waits.
    public void notTaken(Attempt attempt) {
        // Before it is on the desk: its sender may come again at once.
        if (attempt.account() != null) await(new Pair(attempt.account(), attempt.sender()));
        tell(new Told.Not(attempt));
    }

    /// A mail was taken. Never waits; a look at memory where nothing of that sender was refused.
    ///
    /// @param message gives its Message-ID, empty where it has none; asked only where somebody waits for it
    public void taken(AccountId account, String sender, Supplier<String> message) {
        if (awaited.isEmpty() || !awaited.contains(new Pair(account, sender))) return;
        tell(new Told.Came(account, sender, message.get(), clock.now().toEpochMilli()));
    }

    private void tell(Told told) {
        if (!queue.offer(told)) leaveOut(1, "full");
    }

    private void await(Pair pair) {
        if (awaited.size() < AWAITED_MAX) awaited.add(pair);
    }

    /// What cannot be written down is counted, and said once for each time that it begins.
    private void leaveOut(long count, String why) {
        metrics.add(Metric.LOSSES_ATTEMPTS, count, why);
        if (leftOut) return;
        leftOut = true;
        Log.event(Event.LOSSES_LEFT_OUT, "why", why);
    }

    /// Begins to write down. To be called once.
    public Attempts start(Owners owners) {
        worker = Thread.ofVirtual().name("losses").start(() -> {
            try {
                boolean last;
                do {
                    last = closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS);
                    step(owners);
                } while (!last);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /// Takes up what is there and writes what there is to write. One thread at a time.
    void step(Owners owners) {
        try {
            if (room == null) takeUp();
            for (int batch = 0; batch < QUEUE_MAX / BATCH; batch++) {
                take(owners);
                write();
                if (queue.isEmpty()) break;
            }
            clean();
            if (unheard) Log.event(Event.LOSSES_KEPT_AGAIN);
            unheard = false;
        } catch (RuntimeException e) {
            // A desk that does not answer must not end the looking; nor may a mistake.
            if (!unheard) Log.event(Event.LOSSES_NOT_KEPT, e);
            unheard = true;
            room = null;
        }
    }

    private void takeUp() {
        long since = clock.now().minus(AWAITED).toEpochMilli();
        awaited.addAll(desk.get().read(s -> TriedTables.open(s, since, AWAITED_MAX)));
        room = desk.get().read(TriedTables::room);
    }

    private void take(Owners owners) {
        while (unkept.size() < BATCH) {
            Told told = queue.poll();
            if (told == null) break;
            if (!(told instanceof Told.Not(Attempt attempt)) || attempt.account() != null) unkept.add(told);
            else if (nameless.size() < QUEUE_MAX) nameless.add(attempt);
            else leaveOut(1, "full");
        }
        while (unkept.size() < 2 * BATCH && !nameless.isEmpty()) {
            Attempt attempt = nameless.getFirst();
            Optional<AccountId> account;
            try {
                account = owners.of(attempt.recipient());
            } catch (Fault e) {
                return; // a directory that does not tell whose it is now: asked again in a second
            }
            nameless.removeFirst();
            if (account.isEmpty()) continue;
            await(new Pair(account.get(), attempt.sender()));
            unkept.add(new Told.Not(attempt.of(account.get())));
        }
    }

    private void write() {
        if (unkept.isEmpty()) return;
        TriedTables.Room before = room;
        if (before == null) throw new IllegalStateException("losses: nobody looked at what there is");
        List<Told> rows = List.copyOf(unkept);
        var kept = new long[1];
        room = desk.get().write(s -> {
            kept[0] = 0;
            TriedTables.Room now = before;
            for (Told told : rows) {
                switch (told) {
                    case Told.Not(Attempt attempt) -> {
                        TriedTables.Room after = keep(s, attempt, now);
                        if (after != null) kept[0]++;
                        now = after == null ? now : after;
                    }
                    case Told.Came(var account, var sender, var message, long at) ->
                            TriedTables.came(s, account, sender, hash(message), at);
                }
            }
            return now;
        });
        unkept.clear();
        long attempts = rows.stream().filter(Told.Not.class::isInstance).count();
        if (kept[0] > 0) metrics.add(Metric.LOSSES_ATTEMPTS, kept[0], "kept");
        if (attempts > kept[0]) leaveOut(attempts - kept[0], "no-room");
        else leftOut = false;
    }

    /// Returns how much there is then; null if there is no room for it.
    private TriedTables.@Nullable Room keep(Statements s, Attempt attempt, TriedTables.Room now)
            throws SQLException {
        AccountId account = attempt.known().orElseThrow();
        String message = hash(attempt.message());
        if (TriedTables.again(s, attempt, account, message)) return now;
        if (now.rows() >= limits.rows() || now.bytes() >= limits.bytes()) return null;
        long bytes = TriedTables.add(s, attempt, account, message);
        return bytes == 0 ? null : new TriedTables.Room(now.rows() + 1, now.bytes() + bytes);
    }

    /// Which message it is has to be known again, not what it is called.
    private static String hash(String message) {
        if (message.isEmpty()) return "";
        byte[] bytes = Sha256.digest().digest(message.getBytes(StandardCharsets.UTF_8));
        return Sha256.wrap(bytes).toString().substring(0, 32).toLowerCase(Locale.ROOT);
    }

    private void clean() {
        long now = clock.now().toEpochMilli();
        if (cleanedAt != Long.MIN_VALUE && now - cleanedAt < CLEAN_EVERY.toMillis() && now >= cleanedAt) {
            return;
        }
        int gone = desk.get().write(s -> TriedTables.forgetBefore(s, now - KEPT.toMillis(), BATCH));
        if (gone > 0) room = desk.get().read(TriedTables::room);
        // Where there is more it goes on at the next step.
        if (gone < BATCH) {
            cleanedAt = now;
            long since = now - AWAITED.toMillis();
            if (awaited.size() >= AWAITED_MAX / 2) {
                awaited.clear();
                awaited.addAll(desk.get().read(s -> TriedTables.open(s, since, AWAITED_MAX)));
            }
        }
    }

    /// Forgets what was tried for an account that is erased; waits for the desk.
    public void forget(AccountId account) {
        awaited.removeIf(pair -> pair.account().equals(account));
        queue.removeIf(told -> switch (told) {
            case Told.Not(Attempt attempt) -> account.equals(attempt.account());
            case Told.Came came -> came.account().equals(account);
        });
        var _ = desk.get().write(s -> {
            TriedTables.forget(s, account);
            var _ = Lost.forget(s, account);
            return true;
        });
    }

    /// Writes what is left. To be called when the doors are shut.
    @Override
    public void close() {
        closed.countDown();
        Thread working = worker;
        if (working == null) return;
        try {
            var _ = working.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
