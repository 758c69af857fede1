package casella.store.archive;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.store.ContentKey;
import casella.store.Copies;
import casella.store.Entry;
import casella.store.Journal;
import casella.store.Rescue;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import casella.store.engine.Standing;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes entries from engine and tail to segments in the vaults.
///
/// An account is due 5 s after its first entry that is not archived, or when 64 KiB of them wait. Its entries become one
/// segment and, before it, one contents object; both are put into every vault. When the policy has them the engine's mark
/// moves, its entry rows go and the tail lets go. Every step can be done again: after a crash the entries are archived
/// once more, and a reader takes whichever segment continues the chain.
///
/// While a vault fails, entries stay where they are for [Limits#patience], so that a short failure leaves no stretch of
/// the journal with one copy; after that what is missing is debt. Page: docs/formats/segment.md.
public final class Archiver {
    /// @param every how long an entry waits at most while the vaults answer
    /// @param bytes waiting bytes of an account with which it is due at once
    /// @param segmentBytesMax entries of one segment; a larger entry has one alone
    /// @param patience how long entries are kept beside the vaults while one of these fails
    /// @param again how long to wait after a failure
    /// @param parallel accounts archived at the same time
    /// @param checkpointChanges changes after which there is a new checkpoint
    /// @param checkpointBytes bytes of segments after which there is one
    public record Limits(
            Duration every,
            long bytes,
            int segmentBytesMax,
            Duration patience,
            Duration again,
            int parallel,
            long checkpointChanges,
            long checkpointBytes) {
        public static final Limits STANDARD =
                new Limits(
                        Duration.ofSeconds(5),
                        64 << 10,
                        4 << 20,
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(1),
                        4,
                        1_000,
                        1 << 20);
    }

    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int LOCKS = 64;
    private static final int REACHED_MAX = 100_000;
    private static final int MARK_ATTEMPTS_MAX = 5;
    private static final int SEGMENTS_A_TURN = 16;

    private final Engine engine;
    private final Journal journal;
    private final Copies copies;
    private final Clock clock;
    private final Metrics metrics;
    private final Limits limits;
    private final Backlog backlog;
    private final Checkpoints checkpoints;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
    private final Map<AccountId, Ticket<Modseq>> pressed = new ConcurrentHashMap<>();
    /// Segments that are put and not marked, because a vault owes a copy: the next one goes on after them.
    private final Map<AccountId, List<Step>> reached = new ConcurrentHashMap<>();
    private final HeldBefore before;
    /// When a vault first did not take a copy (clock nanoseconds), [Backlog#NEVER] since all took one.
    private volatile long owingSince = Backlog.NEVER;

    /// @param journal from which archived entries are let go: the tail
    public Archiver(Engine engine, Journal journal, Copies copies, Clock clock, Metrics metrics,
            Limits limits) {
        this.engine = engine;
        this.journal = journal;
        this.copies = copies;
        this.clock = clock;
        this.metrics = metrics;
        this.limits = limits;
        this.backlog = new Backlog(clock, limits);
        this.checkpoints = new Checkpoints(engine, copies, Holdings.of(copies, TIME), metrics);
        this.before = new HeldBefore(journal, copies, limits.segmentBytesMax());
        for (int i = 0; i < LOCKS; i++) locks[i] = new ReentrantLock();
        metrics.gauge(Metric.ARCHIVE_WAITING_BYTES, backlog::bytes);
        metrics.gauge(Metric.ARCHIVE_WAITING_ACCOUNTS, backlog::accounts);
        metrics.gauge(Metric.ARCHIVE_OLDEST_SECONDS, backlog::oldestSeconds);
    }

    /// Takes note that an entry was handed to the journal. Short, any thread.
    void journalled(AccountId account, int bytes) {
        backlog.add(account, bytes);
    }

    /// Takes note of every account the journal holds: after a start, nobody knows what is archived.
    public void begin() {
        for (AccountId account : journal.newest().keySet()) backlog.add(account, 0);
    }

    public Backlog backlog() {
        return backlog;
    }

    /// Archives what is due and returns how many accounts that were. Accounts that fail are due again later.
    public int round() {
        var due = new ConcurrentLinkedQueue<>(backlog.due());
        int count = due.size();
        if (count == 0) return 0;
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Math.min(limits.parallel(), count); i++) {
            threads.add(Thread.ofVirtual().name("archive-" + i).start(() -> unattended(() -> {
                for (AccountId account; (account = due.poll()) != null; ) attempt(account);
            })));
        }
        try {
            for (Thread thread : threads) thread.join();
            journal.sweep(TIME);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Fault e) {
            Log.event(Event.ARCHIVE_FAILED, "why", e);
        }
        return count;
    }

    /// Archives an account now, whatever it waits for; answered with the last change that a vault has. Once for all who ask at
    /// the same time.
    Ticket<Modseq> press(AccountId account) {
        var mine = new Ticket<Modseq>("archive.press");
        Ticket<Modseq> first = pressed.putIfAbsent(account, mine);
        if (first != null) return first;
        var _ = Thread.ofVirtual().name("archive-press").start(() -> {
            try {
                attempt(account);
                Archived archived =
                        engine.read(account, TIME, rows -> Archived.of(rows.get(new Key.Archived())));
                Modseq reached = reached(account);
                pressed.remove(account, mine);
                mine.complete(reached.after(archived.upTo()) ? reached : archived.upTo());
            } catch (Throwable e) {
                pressed.remove(account, mine);
                mine.fail(e);
            }
        });
        return mine;
    }

    private Modseq reached(AccountId account) {
        List<Step> steps = reached.get(account);
        return steps == null ? Modseq.NONE : steps.getLast().end().upTo();
    }

    /// A segment that is put.
    ///
    /// @param names its objects
    private record Step(Modseq first, Position end, long bytes, List<ObjectName> names) {}

    /// Archives whatever waits, due or not, until `time` is over: before a stop. Returns whether nothing is left.
    public boolean rest(Duration time) {
        Deadline deadline = Deadline.in(time);
        for (AccountId account : backlog.all()) {
            if (deadline.over()) return false;
            unattended(() -> attempt(account));
        }
        return backlog.accounts() == 0;
    }

    /// Nobody waits for it: it says nothing of an account that the engine is slow to answer. [#press] is waited for.
    private static void unattended(Runnable work) {
        ScopedValue.where(Rescue.UNATTENDED, true).run(work);
    }

    private void attempt(AccountId account) {
        try {
            if (!archive(account)) backlog.again(account, limits.again());
        } catch (Fault | IllegalStateException | StackOverflowError | OutOfMemoryError e) {
            backlog.again(account, limits.again());
            metrics.add(Metric.ARCHIVE_SEGMENTS, 1, "failed");
            Log.event(Event.ARCHIVE_FAILED, "account", account, "why", e);
        }
    }

    /// Archives all entries of an account, now. Returns whether none is left beside the vaults; entries that come
    /// meanwhile are not counted.
    ///
    /// @throws Fault.Unavailable if engine or too many vaults do not answer; what was done stays done
    /// @throws Fault.Corrupt if neither engine nor tail has entries that continue the chain
    public boolean archive(AccountId account) {
        ReentrantLock lock = locks[Math.floorMod(Long.hashCode(account.value()), LOCKS)];
        lock.lock();
        try {
            backlog.taken(account);
            for (int turn = 0; turn < SEGMENTS_A_TURN; turn++) {
                Waiting waiting = waiting(account);
                before.look(account, waiting.archived());
                if (waiting.entries().isEmpty() && waiting.steps().isEmpty()) {
                    journal.release(account, waiting.archived().upTo());
                    return true;
                }
                Archived after = segment(account, waiting);
                if (after != null && due(after)) checkpoint(account, after);
                if (waiting.last()) return after != null;
            }
            backlog.add(account, limits.segmentBytesMax());
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean due(Archived archived) {
        return archived.upTo().value() - archived.checkpoint().value() >= limits.checkpointChanges()
                || archived.bytes() >= limits.checkpointBytes();
    }

    /// A checkpoint only shortens a reading: one that cannot be made is tried again with the next segment.
    private void checkpoint(AccountId account, Archived archived) {
        try {
            Modseq made = checkpoints.make(account, archived.upTo());
            mark(account, new Archived(archived.upTo(), archived.hash(), made, 0), archived.upTo().next());
        } catch (Fault e) {
            metrics.add(Metric.ARCHIVE_CHECKPOINTS, 1, "failed");
            Log.event(Event.ARCHIVE_FAILED, "account", account, "why", e);
        }
    }

    /// Makes a checkpoint of all that is archived, now.
    ///
    /// @throws Fault.Unavailable if engine or vaults do not answer
    public void checkpoint(AccountId account) {
        ReentrantLock lock = locks[Math.floorMod(Long.hashCode(account.value()), LOCKS)];
        lock.lock();
        try {
            Archived archived = engine.read(account, TIME, rows -> Archived.of(rows.get(new Key.Archived())));
            if (archived.upTo().equals(Modseq.NONE)) return;
            Modseq made = checkpoints.make(account, archived.upTo());
            mark(account, new Archived(archived.upTo(), archived.hash(), made, 0), archived.upTo().next());
        } finally {
            lock.unlock();
        }
    }

    /// Runs `work` while no segment and no checkpoint of the account is made.
    void alone(AccountId account, Runnable work) {
        ReentrantLock lock = locks[Math.floorMod(Long.hashCode(account.value()), LOCKS)];
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /// What the engine has beside the vaults.
    ///
    /// @param steps segments after that which are put and not marked
    /// @param entries after these, decoded, in order; at most a segment full
    /// @param last whether there are no more
    private record Waiting(Archived archived, List<Step> steps, List<Entry> entries, boolean last) {
        Position from() {
            return steps.isEmpty() ? new Position(archived.upTo(), archived.hash()) : steps.getLast().end();
        }
    }

    private Waiting waiting(AccountId account) {
        Waiting waiting = engine.read(account, TIME, rows -> {
            Archived archived = Archived.of(rows.get(new Key.Archived()));
            var none = new Waiting(archived, steps(account, archived, rows), List.of(), false);
            var entries = new ArrayList<Entry>();
            long[] bytes = new long[1];
            boolean[] more = new boolean[1];
            byte[] from = new Key.Entry(none.from().upTo().next()).bytes();
            rows.scan(from, new byte[] {0x02}, false, (_, value) -> {
                boolean fits = entries.isEmpty() || bytes[0] + value.length <= limits.segmentBytesMax();
                if (!fits || entries.size() == JournalSegment.CHANGES_MAX) {
                    more[0] = true;
                    return false;
                }
                bytes[0] += value.length;
                entries.add(Entry.decode(value));
                return true;
            });
            byte[] head = rows.get(new Key.Head());
            if (head != null && !fit(ContentKey.of(HeadRow.of(head)), none.from(), entries)) return none;
            return new Waiting(archived, none.steps(), entries, !more[0]);
        });
        return waiting.entries().isEmpty() && !waiting.last() ? fromJournal(account, waiting) : waiting;
    }

    /// Returns the segments that were put after the mark, if they are still what the engine has there.
    private List<Step> steps(AccountId account, Archived archived, Rows rows) {
        List<Step> steps = reached.getOrDefault(account, List.of());
        if (steps.isEmpty() || !steps.getFirst().first().equals(archived.upTo().next())) return List.of();
        Position end = steps.getLast().end();
        byte[] last = rows.get(new Key.Entry(end.upTo()));
        return last != null && Entry.decode(last).hash().equals(end.hash()) ? steps : List.of();
    }

    /// The engine's own entries are damaged: the journal's are taken.
    private Waiting fromJournal(AccountId account, Waiting waiting) {
        Position from = waiting.from();
        var entries = new ArrayList<Entry>();
        long bytes = 0;
        Modseq next = from.upTo().next();
        for (byte[] encoded : journal.entries(account, next, JournalSegment.CHANGES_MAX, TIME)) {
            if (!entries.isEmpty() && bytes + encoded.length > limits.segmentBytesMax()) break;
            bytes += encoded.length;
            entries.add(Entry.decode(encoded));
        }
        if (entries.isEmpty() || !follow(from, entries)) {
            throw new Fault.Corrupt("Entries do not continue the archive", Map.of("account", account, "archived", from.upTo()));
        }
        return new Waiting(waiting.archived(), waiting.steps(), entries, false);
    }

    private static boolean fit(ContentKey key, Position from, List<Entry> entries) {
        if (!follow(from, entries)) return false;
        for (Entry entry : entries) if (!key.names(entry.contents())) return false;
        return true;
    }

    /// Says whether the entries continue the chain without a gap.
    private static boolean follow(Position from, List<Entry> entries) {
        Sha256 previous = from.hash();
        Modseq modseq = from.upTo();
        for (Entry entry : entries) {
            modseq = modseq.next();
            if (!entry.change().modseq().equals(modseq)
                    || !entry.change().previous().equals(previous)) return false;
            previous = entry.hash();
        }
        return true;
    }

    /// Puts one segment and moves the mark; returns null when a vault owes a copy and patience is not over.
    private @Nullable Archived segment(AccountId account, Waiting waiting) {
        var steps = new ArrayList<>(waiting.steps());
        int owed = 0;
        for (Step step : waiting.steps()) owed += SegmentPut.again(copies, step.names());
        if (!waiting.entries().isEmpty()) {
            SegmentPut put = SegmentPut.of(copies, account, waiting.entries());
            JournalSegment segment = put.segment();
            owed += put.owed();
            metrics.add(Metric.ARCHIVE_SEGMENTS, 1, put.owed() == 0 ? "kept" : "owing");
            var end = new Position(segment.last(), segment.head());
            steps.add(new Step(segment.first(), end, put.bytes(), put.names()));
        }
        if (owed == 0) {
            owingSince = Backlog.NEVER;
        } else {
            if (owingSince == Backlog.NEVER) owingSince = clock.nanos();
            if (reached.size() >= REACHED_MAX) reached.clear();
            reached.put(account, List.copyOf(steps));
            if (clock.nanos() - owingSince < limits.patience().toNanos()) return null;
        }
        for (Step step : waiting.steps()) {
            if (SegmentPut.held(copies, step.names())) continue;
            // Nobody has it any more: all of it is put anew, of what engine and journal still have.
            reached.remove(account);
            return null;
        }
        copies.debt().segments().keep(account);
        Archived after = waiting.archived();
        for (Step step : steps) {
            long bytes = after.bytes() + step.bytes();
            after = new Archived(step.end().upTo(), step.end().hash(), after.checkpoint(), bytes);
            mark(account, after, step.first());
        }
        reached.remove(account);
        journal.release(account, after.upTo());
        return after;
    }

    /// Moves the mark and removes the entries it covers. Other writers of the account are not held up: a batch that they
    /// overtook is made again.
    private void mark(AccountId account, Archived archived, Modseq first) {
        var deletes = new ArrayList<byte[]>();
        for (Modseq at = first; !at.after(archived.upTo()); at =
                at.next()) deletes.add(new Key.Entry(at).bytes());
        var row = new Batch.Row(new Key.Archived().bytes(), archived.row());
        for (int attempt = 0; attempt < MARK_ATTEMPTS_MAX; attempt++) {
            Standing now = engine.read(account, TIME, rows -> Standing.of(rows.get(new Key.Head().bytes())));
            var batch = new Batch(now.version(), now.epoch(), List.of(row), deletes);
            switch (engine.write(account, batch).await(Deadline.in(TIME))) {
                case Engine.Outcome.Written() -> {
                    return;
                }
                case Engine.Outcome.Refused _ -> {}
            }
        }
        throw new Fault.Unavailable("Account changes too fast to be marked", Map.of("account", account));
    }
}
