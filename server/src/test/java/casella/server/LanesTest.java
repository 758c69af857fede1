package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Fault;
import casella.base.Metrics;
import casella.server.control.Parts.Part;
import casella.server.control.Parts.State;
import casella.store.health.Watch;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that tail, directory and queue are said to be gone from the probe that failed until they have been well for a moment,
/// each by itself, with since when.
final class LanesTest {
    private static final Watch.Pace QUICK =
            new Watch.Pace(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofSeconds(30));

    private final SteppedClock clock = new SteppedClock();
    private final Set<String> away = ConcurrentHashMap.newKeySet();
    private final Lanes lanes = Lanes.start(probes(), QUICK, clock, Metrics.none());

    private Map<String, Watch.Probe> probes() {
        var probes = new HashMap<String, Watch.Probe>();
        for (String part : List.of("tail", "directory", "queue")) {
            probes.put(part, _ -> {
                if (away.contains(part)) throw new Fault.Unavailable("Away by command of a test", Map.of());
            });
        }
        return probes;
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    private Part until(String part, State state) throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            Part now = lanes.part(Part.whole(part));
            if (now.state() == state) return now;
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError(part + " is not " + state + " but " + lanes.part(Part.whole(part)));
    }

    @Test
    void eachIsGoneFromTheProbeThatFailedAndWholeWhenItWasWellForAMoment() throws Exception {
        for (String part : List.of("tail", "directory", "queue")) {
            clock.step(Duration.ofMinutes(1));
            Instant at = clock.now();
            away.add(part);
            assertThat(until(part, State.GONE)).isEqualTo(
                    new Part(part, State.GONE, "Away by command of a test", at));
            assertThat(lanes.goneSince(part)).isEqualTo(at);
            for (String other : List.of("tail", "directory", "queue")) {
                if (other.equals(part)) continue;
                assertThat(lanes.part(Part.whole(other)).state()).isEqualTo(State.WHOLE);
            }
            clock.step(Duration.ofSeconds(10));
            away.remove(part);
            assertThat(until(part, State.DEGRADED).since()).as("it answers").isEqualTo(at);
            clock.step(Duration.ofSeconds(2));
            assertThat(until(part, State.WHOLE).since()).isEqualTo(clock.now());
            assertThat(lanes.goneSince(part)).isNull();
        }
    }

    @Test
    void whatElseIsWrongWithAPartThatAnswersIsSaid() throws Exception {
        var full = new Part("queue", State.GONE, "The disk is nearly full");
        assertThat(lanes.part(full)).isEqualTo(full);
        away.add("queue");
        until("queue", State.GONE);
        assertThat(lanes.part(full).detail()).isEqualTo("Away by command of a test");
        away.clear();
        until("queue", State.DEGRADED);
        assertThat(lanes.part(full)).isEqualTo(full);
        assertThat(lanes.part(Part.whole("listener.imap"))).isEqualTo(Part.whole("listener.imap"));
    }
}
