package casella.continuity.burnin;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Fault;
import casella.continuity.burnin.Load.Ended;
import casella.continuity.burnin.Load.Stuck;
import casella.continuity.burnin.Synthetic.Lot;
import casella.store.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Tries a vault that is empty of anybody's mail: fills it past what it shall hold, step by step, in one dimension after the
/// other; measures at every step; reads all back; removes all again.
///
/// It ends by itself: every call has its deadline, a vault that answers nothing is given up after a few, and the whole has
/// its time. What a process that was killed left in the vault is removed before the next one begins. [#run] once; [#stop]
/// and [#progress] from any thread.
public final class BurnIn {
    private static final int SAMPLES_MIN = 8;
    private static final int SAMPLES_MAX = 500;
    private static final int BISECTIONS_MAX = 6;
    private static final int CROWD_CALLS_MIN = 400;
    private static final int CROWD_CALLS_MAX = 8_000;

    private final Vault vault;
    private final Plan plan;
    private final Clock clock;
    private final Progress heard;
    private final Held held = new Held();
    private final Calls calls;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> stopped = new AtomicReference<>();
    private final Load load;
    private final Random random;
    private final List<Step> steps = new ArrayList<>();
    private final List<Threshold> thresholds = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<Dimension, Long> reached = new EnumMap<>(Dimension.class);
    private final Latencies readBack = new Latencies();
    private long filled;
    private long crowd;
    private boolean readAll;
    private long listed;
    private long expected;
    private volatile Where where = new Where(0, "begins");

    /// How far it is.
    ///
    /// @param share 0 to 1
    public record Where(double share, String words) {}

    /// @param vault empty of anybody's mail; it stays open
    /// @param heard told on the thread of [#run]
    public BurnIn(Vault vault, Plan plan, Clock clock, Progress heard) {
        this.vault = vault;
        this.plan = plan;
        this.clock = clock;
        this.heard = heard;
        this.calls = new Calls(vault, plan, held);
        this.load = new Load(plan.callTime(), stop);
        this.random = new Random(plan.seed());
    }

    /// Ends it soon; what it put in is removed. Harmless when it has ended.
    ///
    /// @param why part of a sentence: `an operator stopped it`
    public void stop(String why) {
        stopped.compareAndSet(null, why);
        stop.countDown();
    }

    public Where progress() {
        return where;
    }

    private void at(double share, String words) {
        where = new Where(share, words);
        heard.at(share, words);
    }

    /// Runs the whole of it. Blocks, for hours where the plan is large.
    public Findings run() {
        Instant begun = clock.now();
        Thread timer = Thread.ofVirtual().name("burn-in.time").start(this::time);
        Optional<String> refused = Optional.empty();
        try {
            refused = cleared();
            if (refused.isEmpty()) tried();
        } catch (Fault e) {
            refused = Optional.of("it answers nothing: " + e.getMessage() + " " + e.facts());
        }
        Removal.Done done = refused.isPresent() ? new Removal.Done(0, 0) : removed();
        timer.interrupt();
        calls.close();
        var checked = new Findings.Checked(readAll, calls.right(), calls.wrong(), calls.wrongNamed(), listed,
                expected, readBack.of(Call.GET));
        List<Knee> knees = Knees.of(steps);
        var judgement = new Judgement(plan, reached, steps, thresholds, checked, held.unknown());
        Verdict verdict = refused.<Verdict>map(Verdict.Failed::new)
                .orElseGet(() -> judgement.verdict(stopped.get(), done));
        at(1, verdict.word());
        return new Findings(vault.name(), vault.technology(), plan, begun, clock.now(), verdict, reached,
                steps, knees, thresholds, checked, done.left(), notes);
    }

    private void time() {
        try {
            if (stop.await(plan.timeMax().toNanos(), TimeUnit.NANOSECONDS)) return;
            stop("its time of " + plan.timeMax().toSeconds() + " s was over");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Removes what an earlier one left. Returns why nothing can be tried, if nothing can.
    private Optional<String> cleared() {
        var removal = new Removal(vault, plan.callTime());
        Removal.Found found = removal.look();
        if (found.owners() != null) {
            return Optional.of("it is not empty: it holds objects of account " + found.owners());
        }
        if (found.made().isEmpty()) return Optional.empty();
        int many = found.made().size();
        Removal.Done done = removal.run(gone -> at(0, "removing what an earlier one left: " + gone + " of " + many
                + " accounts"));
        notes.add("What an earlier burn-in left was removed first: " + done.removed() + " accounts.");
        if (done.all()) return Optional.empty();
        return Optional.of("what an earlier burn-in left cannot be removed");
    }

    /// One dimension after the other, as long as it answers.
    private void tried() {
        if (fill() && one() && alike() && crowd()) readBack();
    }

    private boolean over() {
        return stop.getCount() == 0;
    }

    private boolean fill() {
        long goal = plan.goal(Dimension.OBJECTS);
        if (!raise(Dimension.OBJECTS, Lot.FILLING, goal, 0, 0.6)) return false;
        // Sizes are drawn: it may take some more objects until there are as many bytes.
        long bytesGoal = plan.goal(Dimension.BYTES);
        while (held.bytes() < bytesGoal) {
            double mean = (double) held.bytes() / Math.max(1, held.objects());
            long more = Math.clamp((long) ((bytesGoal - held.bytes()) / mean) + 1, 1, Math.max(1, goal / 24));
            var growth = new Growth(Dimension.BYTES, Lot.FILLING, filled + more, bytesGoal, 0.6, 0);
            if (!grow(growth)) return false;
        }
        return true;
    }

    private boolean one() {
        return raise(Dimension.PER_ACCOUNT, Lot.ONE, plan.goal(Dimension.PER_ACCOUNT), 0.6, 0.1);
    }

    private boolean alike() {
        return raise(Dimension.FAN_OUT, Lot.ALIKE, plan.goal(Dimension.FAN_OUT), 0.7, 0.05);
    }

    /// Grows one dimension to its goal, level by level.
    private boolean raise(Dimension dimension, Lot lot, long goal, double from, double span) {
        for (long level : Levels.to(goal)) {
            if (!grow(new Growth(dimension, lot, level, goal, from, span))) return false;
        }
        // Some were removed, to see how long that takes; none is now.
        while (held.count(lot) < goal) {
            long until = tried(lot) + goal - held.count(lot);
            if (!grow(new Growth(dimension, lot, until, goal, from + span, 0))) return false;
        }
        return true;
    }

    private long tried(Lot lot) {
        return lot == Lot.FILLING ? filled : held.until(lot);
    }

    /// One level of one dimension.
    ///
    /// @param until objects of the lot are put with numbers below it
    /// @param from share of the whole where this dimension begins
    /// @param span share that it is
    private record Growth(Dimension dimension, Lot lot, long until, long goal, double from, double span) {
        double share(long number) {
            return from + span * Math.min(1, (double) number / goal);
        }
    }

    /// Puts objects of a lot until there are so many, then measures. Returns whether to go on.
    private boolean grow(Growth growth) {
        if (over()) return false;
        if (held.bytes() >= plan.bytesMax()) {
            stop("its bound of " + plan.bytesMax() + " bytes was reached");
            return false;
        }
        Dimension dimension = growth.dimension();
        Lot lot = growth.lot();
        var latencies = new Latencies();
        long from = tried(lot);
        var before = new Before(held.objects(), held.count(lot), held.unknown());
        Ended ended = load.run(plan.concurrency(), from, growth.until(), number -> {
            calls.put(lot, number, latencies);
            if (number % 1_000 == 0) where = new Where(growth.share(number), words(growth, number));
        });
        if (lot == Lot.FILLING) filled = growth.until();
        if (ended.stuck() == null && !over()) {
            reached(dimension, lot);
            ended = sample(growth, growth.until() - from, latencies);
        }
        long level = dimension == Dimension.BYTES ? held.bytes() : Math.max(1, held.count(lot));
        keep(dimension, level, plan.concurrency(), latencies);
        Stuck stuck = ended.stuck();
        if (stuck != null) {
            threshold(dimension, lot, stuck, before);
            return false;
        }
        if (over()) return false;
        at(growth.share(growth.until()), words(growth, growth.until()) + "; 99 in 100 puts take "
                + Latency.words(latencies.of(Call.PUT).p99()));
        return true;
    }

    private static String words(Growth growth, long number) {
        return String.format(Locale.ROOT, "%,d of %,d %s", number, growth.goal(), growth.dimension().words());
    }

    private void reached(Dimension dimension, Lot lot) {
        reach(Dimension.OBJECTS, held.objects());
        reach(Dimension.BYTES, held.bytes());
        if (lot == Lot.FILLING) reach(Dimension.ACCOUNTS, calls.synthetic().accountsAt(filled));
        else reach(dimension, held.count(lot));
    }

    private void reach(Dimension dimension, long level) {
        reached.merge(dimension, level, Math::max);
    }

    private void keep(Dimension dimension, long level, int concurrency, Latencies latencies) {
        steps.add(new Step(dimension, level, held.objects(), held.bytes(),
                calls.synthetic().accountsAt(filled), concurrency, latencies.all()));
    }

    /// Reads, lists and, while levels are climbed, removes some of what is there.
    private Ended sample(Growth growth, long grown, Latencies latencies) {
        int count = Math.clamp(grown / 4, SAMPLES_MIN, SAMPLES_MAX);
        Lot lot = growth.lot();
        long[] which = random.longs(3L * count, 0, growth.until()).toArray();
        // No account goes that is there for its id.
        boolean removing = growth.span() > 0 && lot != Lot.ALIKE;
        return load.run(plan.concurrency(), 0, which.length, at -> {
            long number = which[(int) at];
            if (at % 3 == 1) calls.list(calls.synthetic().account(lot, number), latencies);
            else if (removing && at % 30 == 2) calls.delete(lot, number, latencies);
            else calls.get(lot, number, latencies);
        });
    }

    /// What was there before a level.
    ///
    /// @param ofLot objects of the lot that grows
    /// @param unknown of which nobody knew
    private record Before(long objects, long ofLot, long unknown) {}

    /// It stopped while a lot grew: somewhere between what was answered and what was under way.
    private void threshold(Dimension dimension, Lot lot, Stuck stuck, Before before) {
        boolean all = dimension == Dimension.OBJECTS || dimension == Dimension.BYTES;
        long good = all ? held.objects() : held.count(lot);
        long bad = good + held.unknown() - before.unknown();
        thresholds.add(new Threshold(all ? Dimension.OBJECTS : dimension, stuck.how(), good, bad,
                held.objects(), held.bytes(), plan.concurrency(), answersAgain(), stuck.words()));
    }

    /// Asks now and then for three call times.
    private boolean answersAgain() {
        for (int i = 0; i < 3; i++) {
            try {
                vault.probe(plan.callTime());
                return true;
            } catch (Fault e) {
                if (e instanceof Fault.Exhausted) return false;
            }
        }
        return false;
    }

    /// More and more calls at the same time; where it stops, the place is looked for between the last two levels.
    private boolean crowd() {
        long good = 0;
        for (long level : Levels.doubling(plan.goal(Dimension.CONCURRENCY))) {
            if (over()) return false;
            Ended ended = together((int) level);
            if (over()) return false;
            if (ended.bad()) return bisect(good, level, ended);
            good = level;
            reach(Dimension.CONCURRENCY, level);
            at(0.75 + 0.05 * level / plan.goal(Dimension.CONCURRENCY), level + " calls at the same time");
        }
        return true;
    }

    private Ended together(int concurrency) {
        var latencies = new Latencies();
        long count = Math.clamp(20L * concurrency, CROWD_CALLS_MIN, CROWD_CALLS_MAX);
        long from = crowd;
        crowd += count;
        long readable = held.until(Lot.FILLING);
        Ended ended = load.run(concurrency, from, from + count, number -> {
            if (number % 2 == 0) calls.put(Lot.CROWD, number, latencies);
            else calls.get(Lot.FILLING, Math.floorMod(number * 7_919, readable), latencies);
        });
        keep(Dimension.CONCURRENCY, concurrency, concurrency, latencies);
        return ended;
    }

    private boolean bisect(long good, long bad, Ended last) {
        Ended worst = last;
        boolean back = answersAgain();
        long low = good;
        long high = bad;
        for (int i = 0; i < BISECTIONS_MAX && back && high - low > 1 && !over(); i++) {
            long middle = (low + high) / 2;
            Ended ended = together((int) middle);
            if (!ended.bad()) {
                low = middle;
                continue;
            }
            high = middle;
            worst = ended;
            back = answersAgain();
        }
        Stuck stuck = worst.stuck();
        thresholds.add(new Threshold(Dimension.CONCURRENCY,
                stuck == null ? Threshold.How.REFUSED : stuck.how(), low, high,
                held.objects(), held.bytes(), (int) high, back,
                stuck == null ? worst.failed() + " of " + worst.calls() + " calls failed" : stuck.words()));
        return back;
    }

    /// Reads every object, and has every account listed.
    private void readBack() {
        long all = Math.max(1, held.objects());
        for (Lot lot : Lot.values()) {
            long until = held.until(lot);
            long chunk = Math.max(1_000, until / 50);
            for (long from = 0; from < until; from += chunk) {
                if (over()) return;
                var before = new Before(held.objects(), held.count(lot), held.unknown());
                Ended ended = load.run(plan.concurrency(), from, Math.min(until, from + chunk), number ->
                        calls.get(lot, number, readBack));
                if (stuck(ended, lot, before)) return;
                at(0.8 + 0.12 * Math.min(1, calls.right() / (double) all), String.format(Locale.ROOT,
                        "reading back: %,d right, %,d wrong", calls.right(), calls.wrong()));
            }
        }
        expected = held.objects();
        List<AccountId> made = new Removal(vault, plan.callTime()).look().made();
        var counted = new AtomicLong();
        Ended ended = load.run(plan.concurrency(), 0, made.size(), number ->
                counted.addAndGet(calls.listed(made.get((int) number))));
        listed = counted.get();
        var before = new Before(expected, held.count(Lot.FILLING), held.unknown());
        if (stuck(ended, Lot.FILLING, before) || over()) return;
        readAll = ended.failed() == 0;
    }

    private boolean stuck(Ended ended, Lot lot, Before before) {
        Stuck stuck = ended.stuck();
        if (stuck != null) threshold(Dimension.OBJECTS, lot, stuck, before);
        return stuck != null;
    }

    private Removal.Done removed() {
        at(0.92, "removing");
        Removal.Done done = new Removal(vault, plan.callTime()).run(gone ->
                where = new Where(0.92 + 0.08 * Math.min(1, gone / (double) plan.goal(Dimension.ACCOUNTS)),
                        "removing: " + gone + " accounts are gone"));
        if (done.left() != 0) {
            notes.add("Not all of what was put in could be removed. Nothing of it is anybody's mail. Once the vault answers,"
                    + " another burn-in removes it before it begins.");
        }
        return done;
    }
}
