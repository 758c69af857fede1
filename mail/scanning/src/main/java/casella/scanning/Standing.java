package casella.scanning;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import java.time.Duration;
import java.util.List;

/// One scanner, and whether it is worth waiting for: after a few mails in a row about which it said nothing it is down, and no mail
/// waits for it before it has answered a probe.
final class Standing {
    private static final int FAILURES_MAX = 3;

    /// Nobody's mail: what the scanner says of it does not matter.
    private static final Letter PROBE = new Letter(
            "From: <>\r\nSubject: probe\r\nMessage-ID: <probe@casella.invalid>\r\n\r\nprobe\r\n"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            "127.0.0.1", "probe.invalid", "", List.of("probe@casella.invalid"), "");

    private final Scanner scanner;
    private final Clock clock;
    private final Metrics metrics;
    private int failures;
    private boolean down;
    private long downSince;

    Standing(Scanner scanner, Clock clock, Metrics metrics) {
        this.scanner = scanner;
        this.clock = clock;
        this.metrics = metrics;
        metrics.gauge(Metric.SCANNING_DOWN_SECONDS, () -> downFor().toSeconds(), scanner.name());
    }

    String name() {
        return scanner.name();
    }

    Scanner scanner() {
        return scanner;
    }

    synchronized boolean down() {
        return down;
    }

    private synchronized Duration downFor() {
        return down ? Duration.ofNanos(clock.nanos() - downSince) : Duration.ZERO;
    }

    /// @throws Fault.Unavailable if it says nothing within `time`, or is down
    /// @throws Talks.Busy if it is given as many mails as may be
    Verdict scan(Letter letter, Duration time) {
        if (down()) {
            count("down");
            throw new Fault.Unavailable("The scanner is down", java.util.Map.of("scanner", name()));
        }
        long start = clock.nanos();
        try {
            Verdict verdict = scanner.scan(letter, time);
            answered();
            count(verdict.word());
            return verdict;
        } catch (Talks.Busy e) {
            count("busy");
            throw e;
        } catch (Fault.Unavailable e) {
            failed(e);
            count("late");
            throw e;
        } finally {
            metrics.time(Metric.SCANNING_SECONDS, Duration.ofNanos(clock.nanos() - start), name());
        }
    }

    private void count(String outcome) {
        metrics.add(Metric.SCANNING_ASKED, 1, name(), outcome);
    }

    private synchronized void answered() {
        failures = 0;
    }

    private synchronized void failed(Fault.Unavailable why) {
        if (down || ++failures < FAILURES_MAX) return;
        down = true;
        downSince = clock.nanos();
        Log.event(Event.SCANNER_DOWN, why, "scanner", name());
    }

    /// Asks one that is down about nobody's mail, and says whether it is down still.
    boolean probe(Duration time) {
        if (!down()) return false;
        try {
            scanner.scan(PROBE, time);
        } catch (Fault.Unavailable | Talks.Busy e) {
            return true;
        }
        synchronized (this) {
            Log.event(Event.SCANNER_BACK, "scanner", name(), "seconds", downFor().toSeconds());
            down = false;
            failures = 0;
        }
        return false;
    }
}
