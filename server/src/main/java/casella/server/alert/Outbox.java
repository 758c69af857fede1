package casella.server.alert;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// What one channel has still to send, in order. One that does not go is tried again for an hour, ever more seldom; of more
/// than [#MAX] the oldest are left out.
final class Outbox {
    static final int MAX = 64;
    static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration AGAIN_MAX = Duration.ofMinutes(5);
    private static final Duration NOTHING_TO_DO = Duration.ofSeconds(1);

    /// @param since clock nanoseconds
    private record Waiting(Alert alert, long since) {}

    private final Channel channel;
    private final Clock clock;
    private final Metrics metrics;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Duration rest = AGAIN;

    Outbox(Channel channel, Clock clock, Metrics metrics) {
        this.channel = channel;
        this.clock = clock;
        this.metrics = metrics;
    }

    Channel channel() {
        return channel;
    }

    /// Never waits.
    void add(Alert alert) {
        synchronized (waiting) {
            waiting.addLast(new Waiting(alert, clock.nanos()));
            if (waiting.size() > MAX) leftOut(waiting.removeFirst(), "too many wait");
        }
    }

    /// Tries the first that waits, and returns how long to rest.
    Duration step() {
        Waiting first;
        synchronized (waiting) {
            first = waiting.peekFirst();
        }
        if (first == null) return NOTHING_TO_DO;
        try {
            channel.send(first.alert());
        } catch (IOException | RuntimeException e) {
            return failed(first, e);
        }
        metrics.add(Metric.ALERTS, 1, channel.name(), "sent");
        rest = AGAIN;
        remove(first);
        return Duration.ZERO;
    }

    /// Sends what waits, as far as it goes at once.
    void drain() {
        Duration rest;
        do rest = step();
        while (rest.isZero());
    }

    private Duration failed(Waiting first, Exception why) {
        Log.event(Event.ALERT_NOT_SENT, "channel", channel.name(), "alert", first.alert().id(),
                "why", String.valueOf(why.getMessage()));
        if (clock.nanos() - first.since() > PATIENCE.toNanos()) {
            remove(first);
            leftOut(first, "too old");
        }
        Duration now = rest;
        Duration doubled = rest.multipliedBy(2);
        rest = doubled.compareTo(AGAIN_MAX) > 0 ? AGAIN_MAX : doubled;
        return now;
    }

    private void remove(Waiting sent) {
        synchronized (waiting) {
            waiting.remove(sent);
        }
    }

    private void leftOut(Waiting one, String why) {
        metrics.add(Metric.ALERTS, 1, channel.name(), "left-out");
        Log.event(Event.ALERT_LEFT_OUT, "channel", channel.name(), "alert", one.alert().id(), "why", why);
    }
}
