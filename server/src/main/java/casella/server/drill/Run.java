package casella.server.drill;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Parts.Part;
import casella.server.control.Parts.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One drill from its beginning to its report: a look at what is normal, the fault, the way back, the count. It goes on
/// whatever becomes of whoever asked for it.
final class Run {
    private static final long NORMAL_MILLIS = 1_500;
    private static final long WATCH_MILLIS = 100;
    /// Owners who see nothing for so long are real ones in the end.
    static final long DARK_MILLIS_MAX = 10_000;
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration COUNTED_WITHIN = Duration.ofSeconds(20);
    private static final Duration TURNED_MIN = Duration.ofMinutes(2);
    private static final Duration BACK_WITHIN_MAX = Duration.ofMinutes(15);

    /// @param time for how long the fault is asked for
    /// @param by who asked
    /// @param own where test mails go
    /// @param others whose reading is measured as well
    /// @param scale how much is measured
    record Order(Drill drill, Cohort cohort, Duration time, String by, OwnAccount own,
            List<AccountId> others, Scale scale) {}

    private enum Phase {
        NORMAL,
        FAULT,
        BACK
    }

    private final Scene scene;
    private final Order order;
    private final Damage damage;
    private final Reports reports;
    private final Instant begun;
    private final Measured measured;
    private final List<Owner> owners = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, State> before = new HashMap<>();
    private final Map<String, State> now = new HashMap<>();
    private final AtomicReference<@Nullable String> aborted = new AtomicReference<>();
    private final CountDownLatch faultOver = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long debtBefore;
    private final long paidBefore;
    private final long liesBefore;
    private volatile Phase phase = Phase.NORMAL;
    private volatile long faultFrom = -1;
    private volatile long faultUntil = -1;
    private volatile boolean stopping;
    private volatile ObjectNode facts = Json.object();
    private volatile Runnable then = () -> {};

    Run(Scene scene, Order order, Damage damage, Reports reports) {
        this.scene = scene;
        this.order = order;
        this.damage = damage;
        this.reports = reports;
        this.begun = scene.clock().now();
        this.measured = new Measured(scene.clock(), order.scale().samplesMax());
        this.debtBefore = scene.parts().debt().objects();
        this.paidBefore = scene.parts().debt().paying().paid();
        this.liesBefore = scene.vault().lies();
        for (Part part : scene.parts().parts()) before.put(part.name(), part.state());
        now.putAll(before);
    }

    Order order() {
        return order;
    }

    Instant begun() {
        return begun;
    }

    /// Begins; returns at once.
    ///
    /// @param then runs when it has ended
    void start(Runnable then) {
        this.then = then;
        Log.event(Event.DRILL_BEGAN, "drill", order.drill().word(), "all",
                order.cohort() instanceof Cohort.All,
                "seconds", order.time().toSeconds(), "by", order.by());
        Thread.ofVirtual().name("drill").start(this::work);
    }

    private void work() {
        boolean returned = false;
        try {
            measure();
            until(measured.now() + NORMAL_MILLIS, false);
            if (aborted.get() == null) suffer();
            returned = comeBack();
        } catch (RuntimeException mistake) {
            abort("a mistake of the drill's own: " + mistake);
            Log.event(Event.DRILL_ENDED, mistake, "drill", order.drill().word());
        } finally {
            release();
            measured.end();
            try {
                tell(returned);
            } finally {
                Node node = damage.node();
                if (node != null) node.close();
                then.run();
                ended.countDown();
            }
        }
    }

    private void measure() {
        measured.moment("measuring begins");
        String name = Long.toString(begun.toEpochMilli(), 36);
        Node node = damage.node();
        if (node != null) {
            begin("drill.owner", new NodeOwner(node, measured));
            begin("drill.sender", new NodeOwner.Sender(node, name, measured));
            return;
        }
        int number = 1;
        owners.add(new Owner(number++, order.own().account(), scene, measured));
        for (AccountId id : order.others()) {
            owners.add(new Owner(number++, scene.accounts().open(id), scene, measured));
        }
        for (Owner owner : owners) begin("drill.owner-" + owner.number(), owner);
        begin("drill.sender", new Sender(order.own(), name, order.scale().mailMillis(), scene, measured));
        begin("drill.client", new OpenClient(order.own(), measured));
    }

    private void begin(String name, Runnable work) {
        threads.add(Thread.ofVirtual().name(name).start(work));
    }

    /// The fault, until its time is over or something happens that it was not to do.
    private void suffer() {
        // A thread of its own that does nothing else, so that the end comes whatever this one does.
        try (var timer = new Bulkhead("drill.end", 1, 1)) {
            Deadline until = Deadline.in(order.time());
            timer.submit(Deadline.in(order.time().multipliedBy(2)), () -> {
                if (!faultOver.await(until.remainingNanos(), TimeUnit.NANOSECONDS)) release();
                return 0;
            }).whenAnswered((_, _) -> {});
            if (!inject()) return;
            until(faultFrom + order.time().toMillis(), true);
            release();
        }
    }

    /// Begins the fault, unless it was ended before.
    private synchronized boolean inject() {
        if (faultOver.getCount() == 0) return false;
        phase = Phase.FAULT;
        measured.moment(damage.said());
        long from = measured.now();
        // Should the end not come, the doors open by themselves.
        damage.begin(Deadline.in(order.time().plus(GRACE)), measured);
        faultFrom = from;
        return true;
    }

    /// Ends the fault. Harmless when it is over.
    private synchronized void release() {
        if (faultOver.getCount() == 0) return;
        damage.end();
        faultOver.countDown();
        if (faultFrom < 0) return;
        faultUntil = measured.now();
        measured.moment("the fault ends");
    }

    /// Watches until `at`, or until there is trouble.
    private void until(long at, boolean fault) {
        while (measured.now() < at) {
            if (measured.rested(Math.min(WATCH_MILLIS, Math.max(1, at - measured.now())))) return;
            notePartsThatChanged();
            if (fault) damage.step(measured.now() - faultFrom);
            String trouble = fault ? trouble() : null;
            if (trouble != null) abort(trouble);
            if (aborted.get() != null) return;
        }
    }

    private void notePartsThatChanged() {
        var states = new HashMap<String, State>();
        for (Part part : scene.parts().parts()) states.put(part.name(), part.state());
        // One that is not named any more has nothing to say: nobody is on standby.
        for (String name : now.keySet()) states.putIfAbsent(name, State.WHOLE);
        states.forEach((name, state) -> {
            State last = now.put(name, state);
            boolean first = last == null && state == State.WHOLE;
            if (last != state && !first) measured.moment(name + " is " + state.word());
        });
    }

    /// Returns what is wrong that the drill did not do; null when nothing is.
    private @Nullable String trouble() {
        for (Part part : scene.parts().parts()) {
            State was = before.getOrDefault(part.name(), State.WHOLE);
            boolean gone = part.state() == State.GONE || Set.of("directory", "tail").contains(part.name());
            if (part.state().compareTo(was) > 0 && gone && !damage.mayGo().contains(part.name())) {
                return part.name() + " is " + part.state().word() + ": " + part.detail();
            }
        }
        long at = measured.now();
        for (Owner owner : owners) {
            if (owner.darkFor(at) > DARK_MILLIS_MAX) {
                return "account " + owner.number() + " was in the dark for more than "
                        + DARK_MILLIS_MAX / 1_000 + " s";
            }
        }
        return null;
    }

    /// Ends the fault now.
    void abort(String why) {
        if (!aborted.compareAndSet(null, why)) return;
        measured.moment("aborted: " + why);
        release();
    }

    /// Somebody has seen enough: ends the fault now, as [#abort]. Returns whether it was on, or about to begin.
    synchronized boolean cut(String why) {
        if (faultOver.getCount() == 0) return false;
        abort(why);
        return true;
    }

    /// The server stops: ends the fault now, and the drill soon.
    void stop() {
        stopping = true;
        abort("the server was stopped");
        try {
            var _ = ended.await(3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// How long it takes until all is as before: an account goes back two minutes after it was turned at the earliest.
    private Duration usual() {
        if (!damage.turns()) return Duration.ofSeconds(10);
        Duration after = scene.returnAfter();
        return (after.compareTo(TURNED_MIN) > 0 ? after : TURNED_MIN).plusSeconds(20);
    }

    private Duration backWithin() {
        Duration enough = scene.returnAfter().multipliedBy(4).plusMinutes(3);
        return enough.compareTo(BACK_WITHIN_MAX) > 0 ? BACK_WITHIN_MAX : enough;
    }

    /// Waits until everything is as before; returns whether it is.
    private boolean comeBack() {
        phase = Phase.BACK;
        long least = measured.now() + NORMAL_MILLIS;
        long most = measured.now() + backWithin().toMillis();
        while (!stopping && measured.now() < most) {
            if (measured.rested(WATCH_MILLIS)) return false;
            notePartsThatChanged();
            if (measured.now() >= least && asBefore()) {
                measured.moment("everything is as before");
                return true;
            }
        }
        return false;
    }

    private boolean asBefore() {
        for (Map.Entry<String, State> part : now.entrySet()) {
            boolean ours = damage.mayGo().contains(part.getKey()) || part.getKey().equals("queue");
            State was = before.getOrDefault(part.getKey(), State.WHOLE);
            if (ours && part.getValue().compareTo(was) > 0) return false;
        }
        if (scene.parts().debt().objects() > debtBefore) return false;
        for (Owner owner : owners) if (owner.darkFor(measured.now()) > 0) return false;
        Node node = damage.node();
        if (node != null && !node.serves()) return false;
        // The newest may be on its way.
        return missing() <= 1;
    }

    private int missing() {
        int missing = 0;
        for (String subject : measured.accepted.keySet()) {
            if (!measured.noticed.containsKey(subject)) missing++;
        }
        return missing;
    }

    private void tell(boolean returned) {
        for (Thread thread : threads) join(thread);
        long end = measured.now();
        Map<String, Integer> there = stopping ? null : counted();
        Integer lost = null;
        Integer duplicated = null;
        if (there != null) {
            lost = (int) measured.accepted.keySet().stream().filter(subject ->
                    !there.containsKey(subject)).count();
            duplicated = there.values().stream().mapToInt(times -> times - 1).sum();
        }
        var findings = new Findings(order.drill().word(), order.cohort().word(), scene.demo(), order.by(),
                begun,
                order.time().toSeconds(), Math.max(0, faultFrom), Math.max(0, faultUntil), end, aborted.get(),
                Math.max(1, owners.size()), measured.samples(), measured.moments(), measured.checks(), measured.accepted.size(),
                measured.refused.get(), lost, duplicated, measured.identifiersChanged.get(),
                measured.wrongBytes.get(), notices(), scene.vault().lies() - liesBefore,
                scene.parts().debt().paying().paid() - paidBefore, returned);
        facts = findings.json();
        scene.audit().note(order.by(), "drill " + order.drill().word() + " --cohort " + order.cohort().word(),
                Report.verdict(facts));
        Log.event(Event.DRILL_ENDED, "drill", order.drill().word(), "passed", findings.passed(), "aborted",
                String.valueOf(aborted.get()), "lost", String.valueOf(lost));
        try {
            facts.put("folder", reports.keep(findings).toString());
        } catch (UncheckedIOException e) {
            Log.event(Event.DRILL_ENDED, e, "drill", order.drill().word());
        }
        if (there != null) clear();
    }

    private static void join(Thread thread) {
        try {
            var _ = thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Counts what is in the drill's own inbox, once all is there that was accepted; null if it cannot be read.
    private @Nullable Map<String, Integer> counted() {
        Deadline within = Deadline.in(COUNTED_WITHIN);
        Map<String, Integer> there = null;
        while (true) {
            try {
                Node node = damage.node();
                there = node == null ? order.own().subjects() : NodeOwner.subjects(node);
                if (there.keySet().containsAll(measured.accepted.keySet())) return there;
            } catch (Fault | IOException e) {
                // Tried again while there is time.
            }
            if (stopping || within.over()) return there;
            pause();
        }
    }

    private static void pause() {
        try {
            var _ = new CountDownLatch(1).await(WATCH_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void clear() {
        try {
            order.own().clear();
        } catch (Fault e) {
            // The next drill does it.
        }
    }

    private List<Long> notices() {
        var all = new ArrayList<Long>();
        measured.accepted.forEach((subject, at) -> {
            Long seen = measured.noticed.get(subject);
            if (seen != null) all.add(Math.max(0, seen - at));
        });
        all.sort(null);
        return all;
    }

    /// Says whether the fault has begun.
    boolean suffers() {
        return faultFrom >= 0;
    }

    /// Returns what runs, for whoever is told of trouble meanwhile.
    String words() {
        String until = phase == Phase.BACK ? "its fault is over, what suffered comes back"
                : "its fault ends at " + begun.plusMillis(NORMAL_MILLIS).plus(order.time()).truncatedTo(
                        ChronoUnit.SECONDS);
        return "DRILL %s, cohort %s, by order of %s; %s".formatted(order.drill().word(),
                order.cohort().word(), order.by(), until);
    }

    /// Returns who ordered what, for how long.
    ObjectNode told() {
        return Json.object()
                .put("drill", order.drill().word())
                .put("cohort", order.cohort().word())
                .put("by", order.by())
                .put("begun", begun.toString())
                .put("askedSeconds", order.time().toSeconds());
    }

    /// Waits for its end at most so long; returns whether it has ended.
    boolean ended(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /// Returns what there is to say; whole when it has ended.
    ObjectNode facts() {
        return facts;
    }

    /// Tells how far it is.
    void tell(Operations.Output out) {
        boolean dark = owners.stream().anyMatch(owner -> owner.darkFor(measured.now()) > 1_000);
        String seen = "%d mails taken, %d refused, %s".formatted(measured.accepted.size(),
                measured.refused.get(),
                dark ? "SOMEBODY IN THE DARK" : "nobody in the dark");
        switch (phase) {
            case NORMAL -> out.progress(0, order.time().toSeconds(), "seconds (measuring what is normal)");
            case FAULT -> out.progress((measured.now() - faultFrom) / 1_000, order.time().toSeconds(),
                    "seconds: " + damage.said() + "; " + seen + ";");
            case BACK -> {
                long usual = usual().toSeconds();
                long done = (measured.now() - Math.max(0, faultUntil)) / 1_000;
                out.progress(Math.min(done, usual - 1), usual,
                        "seconds: the fault is over, accounts and copies come back; " + seen + ";");
            }
        }
    }
}
