package casella.server.scanning;

import casella.base.Fault;
import casella.scanning.Letter;
import casella.scanning.Scanner;
import casella.scanning.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A scanner that says what a test has it say.
final class ScannerByCommand implements Scanner {
    final List<Letter> asked = new CopyOnWriteArrayList<>();
    final CountDownLatch hanging = new CountDownLatch(1);
    private final String name;
    volatile boolean away;
    volatile boolean hangs;
    volatile Predicate<Letter> silentAbout = _ -> false;
    volatile Verdict verdict = new Verdict.Clean();

    ScannerByCommand(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict scan(Letter letter, Duration time) {
        if (hangs) await(time);
        if (away || hangs
                || silentAbout.test(letter)) throw new Fault.Unavailable("Away by command of a test",
                Map.of());
        if (!letter.helo().equals("probe.invalid")) asked.add(letter); // not a probe
        return verdict;
    }

    private void await(Duration time) {
        try {
            var _ = hanging.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {}
}
