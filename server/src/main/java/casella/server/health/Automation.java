package casella.server.health;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.care.CareFile;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What goes on by itself, and what of it an operator paused. Safe from any thread.
///
/// A pause is kept in a file before it counts, so that a restart does not end it; it is said in the log every ten minutes,
/// by `casella status` and by `casella doctor` until somebody resumes it.
///
/// ```text
/// care/automation     healer 2027-01-31T03:12:09Z luca
/// ```
public final class Automation implements AutoCloseable {
    /// Work that goes on by itself.
    public enum Work {
        /// Makes copies that are missing.
        HEALER,
        /// Switches accounts away from an engine that is gone, and back.
        STANDBY,
        /// Removes for good what ended long enough ago.
        COLLECTOR,
        /// Lets in more and more owners after a fault.
        REOPEN,
        /// Takes a new vault from stage to stage, and brings mail over.
        LADDER;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Returns the work with that word.
        public static Optional<Work> of(String word) {
            return Arrays.stream(values()).filter(work -> work.word().equals(word)).findFirst();
        }
    }

    /// @param by the operating system's user
    public record Paused(Work work, Instant since, String by) {}

    /// Its file's name, in the folder `care`.
    public static final String FILE = "automation";

    private static final Duration KEEP_TIME = Duration.ofSeconds(10);
    static final Duration REMIND_EVERY = Duration.ofMinutes(10);

    private final CareFile file;
    private final Map<Work, Consumer<Boolean>> switches;
    private final Clock clock;
    private final Map<Work, Paused> paused = new EnumMap<>(Work.class);
    private final CountDownLatch closed = new CountDownLatch(1);

    private Automation(CareFile file, Map<Work, Consumer<Boolean>> switches, Clock clock, Metrics metrics) {
        this.file = file;
        this.switches = Map.copyOf(switches);
        this.clock = clock;
        for (Paused before : before(file)) {
            paused.put(before.work(), before);
            turn(before.work(), true);
        }
        for (Work work : switches.keySet()) {
            metrics.gauge(Metric.AUTOMATION_PAUSED, () -> has(work) ? 1 : 0, work.word());
        }
    }

    /// Takes up what was paused before the last stop. Blocks on a file.
    ///
    /// @param switches what pauses (true) and resumes each
    public static Automation open(
            CareFile file, Map<Work, Consumer<Boolean>> switches, Clock clock, Metrics metrics) {
        return new Automation(file, switches, clock, metrics);
    }

    /// Returns what was paused before the last stop, for whoever begins work before this is open. Blocks on a file.
    public static List<Paused> before(CareFile file) {
        return file.read().orElse(List.of()).stream().map(Automation::read).flatMap(Optional::stream).toList();
    }

    private static Optional<Paused> read(String line) {
        String[] words = line.split(" ", 3);
        try {
            return words.length < 3 ? Optional.empty()
                    : Work.of(words[0]).map(work -> new Paused(work, Instant.parse(words[1]), words[2]));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private synchronized boolean has(Work work) {
        return paused.containsKey(work);
    }

    private void turn(Work work, boolean pause) {
        Consumer<Boolean> one = switches.get(work);
        if (one != null) one.accept(pause);
    }

    /// Pauses `work` until it is resumed; again changes nothing.
    ///
    /// @throws Fault.Unavailable if that cannot be kept; then it goes on
    public synchronized Paused pause(Work work, String by) {
        Paused before = paused.get(work);
        if (before != null) return before;
        var now = new Paused(work, clock.now(), by.replaceAll("\\s", "_"));
        paused.put(work, now);
        if (!keep()) {
            paused.remove(work);
            throw new Fault.Unavailable("The pause cannot be kept", Map.of("work", work.word()));
        }
        turn(work, true);
        Log.event(Event.AUTOMATION_PAUSED, "work", work.word(), "by", now.by());
        return now;
    }

    /// Lets `work` go on; again changes nothing.
    ///
    /// @throws Fault.Unavailable if that cannot be kept; then it stays paused
    public synchronized void resume(Work work, String by) {
        Paused before = paused.remove(work);
        if (before == null) return;
        if (!keep()) {
            paused.put(work, before);
            throw new Fault.Unavailable("The end of the pause cannot be kept", Map.of("work", work.word()));
        }
        turn(work, false);
        Log.event(Event.AUTOMATION_RESUMED, "work", work.word(), "by", by, "since", before.since());
    }

    private boolean keep() {
        var lines = new ArrayList<String>();
        paused.values().forEach(one -> lines.add(one.work().word() + " " + one.since() + " " + one.by()));
        boolean kept = kept(lines);
        if (!kept) Log.event(Event.AUTOMATION_NOT_KEPT);
        return kept;
    }

    private boolean kept(List<String> lines) {
        try {
            return file.kept(lines, KEEP_TIME);
        } catch (Fault.Unavailable e) {
            return false;
        }
    }

    /// Returns what goes on by itself here.
    public List<Work> works() {
        return switches.keySet().stream().sorted().toList();
    }

    /// Returns what is paused.
    public synchronized List<Paused> paused() {
        return List.copyOf(paused.values());
    }

    /// Begins to say what is paused, for as long as this is open.
    public Automation start() {
        Thread.ofVirtual().name("automation").start(() -> {
            try {
                while (!closed.await(REMIND_EVERY.toNanos(), TimeUnit.NANOSECONDS)) remind();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    void remind() {
        for (Paused one : paused()) {
            Log.event(Event.AUTOMATION_PAUSED, "work", one.work().word(), "by", one.by(), "since",
                    one.since());
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
