package casella.vault.pack;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.append.AppendLog;
import casella.store.vault.Vault;
import casella.vault.pack.Merge.Job;
import casella.vault.pack.Merge.Stopped;
import casella.vault.pack.PackSegments.Change;
import casella.vault.pack.Words.Word;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Looks every so often whether something is to be merged, and does it at its pace, on a thread of its own.
///
/// Nothing waits for it, and whatever it meets costs at most its own work: a job that fails is left, its inputs are
/// not tried again before the next start. On a disk that is nearly full it only removes segments in which nothing is
/// left and rewrites those that give back more than twice what they take.
final class Compaction implements AutoCloseable {
    private static final Duration FOR_EVER = Duration.ofDays(10_000);
    private static final Duration BREATH = Duration.ofMillis(1);
    /// How much work is done between two looks at the free space.
    private static final long LOOK_BYTES = 8L << 20;

    private final String vault;
    private final AppendLog log;
    private final PackSegments segments;
    private final PackConfig config;
    private final Runnable roll;
    private final Bulkhead thread;
    private final LinkedBlockingQueue<Ticket<Vault.Upkeep>> asked = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Pacer pacer;
    /// Segments a job failed on.
    private final Set<Long> leftAlone = ConcurrentHashMap.newKeySet();
    /// Retired segments whose files somebody may still read, or could not be removed.
    private final Deque<PackIndex> removing = new ArrayDeque<>();
    private final AtomicLong rewritten = new AtomicLong();
    private volatile long erasing;
    private volatile long runs;
    private boolean counted;
    private boolean thrifty;
    private long sinceLook;

    /// @param roll has the segment being filled ended soon, so that it can be merged, too
    Compaction(String vault, AppendLog log, PackSegments segments, PackConfig config, Runnable roll) {
        this.vault = vault;
        this.log = log;
        this.segments = segments;
        this.config = config;
        this.roll = roll;
        this.pacer = new Pacer(config.compacting().bytesPerSecond());
        this.thread = new Bulkhead("vault." + vault + ".compact", 1, 2);
    }

    /// Begins to look, unless the configuration says never: then it works only when asked.
    Compaction start() {
        thread.submit(Deadline.in(FOR_EVER), this::loop).whenAnswered((_, _) -> {});
        return this;
    }

    /// Merges all there is to merge, erasures at once, without pace. Answered when it is done.
    Ticket<Vault.Upkeep> now() {
        var ticket = new Ticket<Vault.Upkeep>("vault." + vault + ".compact");
        asked.add(ticket);
        if (closed.getCount() == 0) refuse();
        return ticket;
    }

    /// Returns what was done since the start and what is to be done, as it was when last looked.
    Vault.Upkeep status() {
        List<PackSegment> files = segments.now().segments();
        long indexBytes = 0;
        for (PackSegment file : files) if (file instanceof PackIndex index) indexBytes += index.heapBytes();
        return new Vault.Upkeep(
                files.size(), runs, segments.garbage().all(), rewritten.get(), erasing, indexBytes);
    }

    void pace(long bytesPerSecond) {
        pacer.rate(bytesPerSecond);
    }

    private boolean loop() throws InterruptedException {
        boolean byItself = config.compacting().bytesPerSecond() > 0;
        while (closed.getCount() > 0) {
            long wait = byItself ? config.compacting().every().toMillis() : Long.MAX_VALUE;
            Ticket<Vault.Upkeep> ticket = asked.poll(wait, TimeUnit.MILLISECONDS);
            if (closed.getCount() == 0) {
                if (ticket != null) asked.add(ticket);
                break;
            }
            try {
                round(ticket != null);
                if (ticket != null) ticket.complete(status());
            } catch (IOException | RuntimeException | Stopped e) {
                Log.event(Event.PACK_COMPACTION_FAILED, e, "vault", vault);
                if (ticket != null) ticket.fail(e);
            }
        }
        refuse();
        return true;
    }

    private void refuse() {
        for (Ticket<Vault.Upkeep> one; (one = asked.poll()) != null; ) {
            one.fail(new Fault.Unavailable("Closed", Map.of("vault", vault)));
        }
    }

    /// @param atOnce whether nothing waits: no pace, no age of erasures, and the segment being filled ends
    private void round(boolean atOnce) throws IOException, Stopped {
        pacer.free(atOnce);
        removeRetired();
        if (atOnce) roll.run();
        settle();
        if (!counted) count();
        for (Job job = next(atOnce); job != null; job = next(atOnce)) run(job);
        Snapshot now = segments.now();
        erasing = Erasing.of(now, segments.erasures(), Duration.ZERO).accounts();
        runs = plan(now).stretches().stream().mapToLong(List::size).sum();
    }

    /// Waits until every segment that is full has its index.
    private void settle() throws Stopped {
        Ticket<Boolean> behind = segments.behind();
        while (!behind.answered()) rest(BREATH);
    }

    private CompactionPlan plan(Snapshot now) {
        return new CompactionPlan(now, index -> !leftAlone.contains(index.number()), segments.garbage());
    }

    private @Nullable Job next(boolean atOnce) throws IOException, Stopped {
        Snapshot now = segments.now();
        CompactionPlan plan = plan(now);
        thrifty = log.fullNow();
        if (thrifty) return plan.thrifty(log.roomToMerge());
        Duration age = atOnce ? Duration.ZERO : config.compacting().eraseAfter();
        for (PackSegment segment : Erasing.of(now, segments.erasures(), age).segments()) {
            switch (segment) {
                case YoungSegment young -> {
                    if (young != now.newest() || atOnce) continue;
                    roll.run();
                    settle();
                    return next(false);
                }
                case PackIndex index -> {
                    Job job = leftAlone.contains(index.number()) ? null : plan.job(List.of(index));
                    if (job != null) return job;
                }
            }
        }
        Job tiers = plan.tiers();
        return tiers != null ? tiers : plan.waste();
    }

    private void run(Job job) throws IOException, Stopped {
        if (!sound(job)) return;
        int inputs = job.inputs().size();
        Log.event(Event.PACK_COMPACTING, "vault", vault, "segments", inputs, "to", job.last());
        var merge = new Merge(log, segments, job, config.segmentBytesMax(), work);
        try {
            merge.run();
            Log.event(Event.PACK_COMPACTED, "vault", vault, "bytes", merge.written(), "lost", merge.lost());
        } catch (PackIndex.Lost e) {
            segments.rebuild(e.index);
            throw e;
        } catch (IOException | RuntimeException | Stopped e) {
            // What merely ran into a full disk, or the end, is as good as it was.
            if (closed.getCount() > 0 && !log.fullNow()) {
                for (PackIndex input : job.inputs()) leftAlone.add(input.number());
            }
            throw e;
        } finally {
            rewritten.addAndGet(merge.written());
        }
    }

    /// Says whether the inputs look as their indexes tell. A file that was overwritten is the matter of the next
    /// start's scan, not of a merge.
    private boolean sound(Job job) throws IOException {
        boolean all = true;
        for (PackIndex input : job.inputs()) {
            var segment = segments.segment(input.number());
            boolean headless = input.facts().end() == 0 || input.damaged().stream().anyMatch(bad -> bad.from() == 0);
            boolean sound =
                    segment != null
                            && (headless || log.headed(segment))
                            && segments.size(segment) >= input.facts().end();
            if (sound) continue;
            Log.event(Event.PACK_SEGMENT_LEFT, "vault", vault, "segment", input.number());
            leftAlone.add(input.number());
            all = false;
        }
        return all;
    }

    private final Merge.Work work =
            new Merge.Work() {
                @Override
                public void done(long bytes) throws Stopped {
                    rest(pacer.spent(bytes));
                    sinceLook += bytes;
                    if (sinceLook < LOOK_BYTES) return;
                    sinceLook = 0;
                    if (log.fullNow() && !thrifty) throw new Stopped("disk nearly full");
                }

                @Override
                public void remove(PackIndex retired) throws IOException, Stopped {
                    removing.add(retired);
                    removeRetired();
                }
            };

    private void rest(Duration time) throws Stopped {
        try {
            boolean over = time.isZero() ? closed.getCount() == 0 : closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
            if (over) throw new Stopped("closing");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped("interrupted");
        }
    }

    private void removeRetired() throws IOException, Stopped {
        while (!removing.isEmpty()) {
            PackIndex retired = removing.getFirst();
            while (segments.reading(retired)) rest(BREATH);
            segments.keepEvidence(retired);
            segments.remove(retired);
            removing.removeFirst();
        }
    }

    /// Counts once after a start what is there and what is waste: the figures of a merged segment say what was put in
    /// it, not what later segments took out of those it was merged from.
    private void count() throws IOException, Stopped {
        Change sum = Change.NONE;
        try (var lease = segments.lease()) {
            Snapshot sealed = lease.segments().sealed();
            Garbage garbage = segments.garbage().clear();
            LiveObjects objects = sealed.live(garbage::died).seek(LiveObjects.first(new AccountId(0)));
            for (Word word = objects.next(); word != null; word = objects.next()) {
                sum = sum.plus(new Change(1, word.slot().length()));
                work.done(PackIndex.ROW_BYTES);
            }
            for (PackSegment segment : sealed.segments()) sum = sum.minus(PackSegments.change(segment));
        }
        segments.carry(sum);
        counted = true;
    }

    @Override
    public void close() {
        closed.countDown();
        var _ = asked.offer(new Ticket<>("close"));
        thread.close();
        refuse();
    }
}
