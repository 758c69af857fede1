package casella.server.incident;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.incident.availability.Availability;
import casella.incident.availability.Span;
import casella.incident.status.Uptime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What was measured of each brand in the last three months, read from the record every minute: whoever looks at a status page waits for no
/// disk.
final class Uptimes implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration SHOWN = Duration.ofDays(92);

    private final Availability availability;
    private final Directory directory;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Map<String, Uptime> known = Map.of();

    Uptimes(Availability availability, Directory directory, Clock clock) {
        this.availability = availability;
        this.directory = directory;
        this.clock = clock;
    }

    Uptimes start() {
        Thread.ofVirtual().name("uptimes").start(this::work);
        return this;
    }

    private void work() {
        try {
            do {
                try {
                    look();
                } catch (Fault e) {
                    // What is known stays: it is true as of then.
                    Log.event(Event.AVAILABILITY_NOT_READ, e);
                }
            } while (!closed.await(LOOK.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads the record once.
    void look() {
        Optional<Instant> begins = availability.begins();
        if (begins.isEmpty()) return;
        Instant now = clock.now();
        Map<String, Uptime> found = new HashMap<>();
        for (Brand brand : directory.brands()) {
            found.put(brand.name(), new Uptime(begins.get(), availability.awayForAll(brand.name(), Span.of(now.minus(SHOWN), now))));
        }
        known = Map.copyOf(found);
    }

    /// Returns what is known of a brand; at once.
    Uptime of(String brand) {
        return known.getOrDefault(brand, Uptime.UNKNOWN);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
