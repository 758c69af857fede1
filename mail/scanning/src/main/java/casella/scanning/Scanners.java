package casella.scanning;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// All scanners there are, asked about a mail side by side.
///
/// Whoever asks waits at most the time that was set, however many hang; mail that is too large is not asked about. Safe from any
/// virtual thread.
public final class Scanners implements AutoCloseable {
    private static final Verdict CLEAN = new Verdict.Clean();

    private final List<Standing> standings;
    private final Duration time;
    private final long bytesMax;

    /// What came of asking.
    ///
    /// @param worst of what was said
    /// @param silent names of those that said nothing, and are to be asked again later
    public record Looked(Verdict worst, List<String> silent) {
        public Looked {
            silent = List.copyOf(silent);
        }

        /// Says whether all said something.
        public boolean whole() {
            return silent.isEmpty();
        }
    }

    /// @param scanners one of each name; closed with this
    /// @param time how long one mail may wait for all of them
    /// @param bytesMax larger mail is not asked about
    public Scanners(List<Scanner> scanners, Duration time, long bytesMax, Clock clock, Metrics metrics) {
        this.standings = scanners.stream().map(one -> new Standing(one, clock, metrics)).toList();
        this.time = time;
        this.bytesMax = bytesMax;
    }

    /// Says whether there is one.
    public boolean any() {
        return !standings.isEmpty();
    }

    /// Asks all.
    public Looked look(Letter letter) {
        return look(letter, _ -> true);
    }

    /// Asks those whose name `whom` takes.
    public Looked look(Letter letter, Predicate<String> whom) {
        List<Standing> asked = standings.stream().filter(one -> whom.test(one.name())).toList();
        if (letter.bytes().length > bytesMax || asked.isEmpty()) return new Looked(CLEAN, List.of());
        var said = new ConcurrentHashMap<String, Verdict>();
        var threads = new ArrayList<Thread>();
        for (Standing one : asked.subList(1, asked.size())) {
            threads.add(Thread.ofVirtual().name("scan").start(() -> ask(one, letter, said)));
        }
        ask(asked.getFirst(), letter, said);
        for (Thread thread : threads) join(thread);
        Verdict worst = CLEAN;
        for (Verdict verdict : said.values()) if (verdict.weight() > worst.weight()) worst = verdict;
        return new Looked(worst,
                asked.stream().map(Standing::name).filter(name -> !said.containsKey(name)).toList());
    }

    private void ask(Standing one, Letter letter, ConcurrentHashMap<String, Verdict> said) {
        try {
            said.put(one.name(), one.scan(letter, time));
        } catch (Fault.Unavailable e) {
            if (!one.down()) Log.event(Event.SCANNER_SILENT, e, "scanner", one.name());
        } catch (Talks.Busy e) {
            Log.event(Event.SCANNER_SILENT, e, "scanner", one.name());
        }
    }

    /// Each ends when its time is over.
    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says whether one is down.
    public boolean down() {
        return standings.stream().anyMatch(Standing::down);
    }

    /// Asks those that are down about nobody's mail; says whether one is down still.
    public boolean probe() {
        boolean down = false;
        for (Standing one : standings) down |= one.probe(time);
        return down;
    }

    @Override
    public void close() {
        for (Standing one : standings) one.scanner().close();
    }
}
