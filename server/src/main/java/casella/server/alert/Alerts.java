package casella.server.alert;

import casella.base.Clock;
import casella.base.Metrics;
import casella.server.config.AlertsSection;
import casella.server.relay.Relay;
import casella.server.health.Doctor;
import casella.server.health.Symptom;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells operators what began, what lasts and what is over, by every channel there is. A notice is told to nobody.
public final class Alerts implements Doctor.Listener, AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    /// @param toldAt clock nanoseconds
    private record Told(Doctor.Finding finding, long toldAt) {}

    private final List<Outbox> outboxes;
    private final Duration repeat;
    private final Clock clock;
    private final Map<Symptom, Told> lasting = new EnumMap<>(Symptom.class);
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param repeat how often is told again what lasts
    Alerts(List<Channel> channels, Duration repeat, Clock clock, Metrics metrics) {
        this.outboxes = channels.stream().map(channel -> new Outbox(channel, clock, metrics)).toList();
        this.repeat = repeat;
        this.clock = clock;
    }

    /// Returns what tells operators as `config` says, not begun yet.
    ///
    /// @param server the name alerts are told under
    /// @throws IOException if a file that the configuration names cannot be read
    public static Alerts of(AlertsSection config, String server, Clock clock,
            Metrics metrics) throws IOException {
        var channels = new ArrayList<Channel>();
        if (config.webhook().isPresent()) {
            channels.add(Webhook.of(config.webhook().get(), config.webhookToken(), server));
        }
        if (config.relay().isPresent()) {
            channels.add(new Mailed(Relay.of(config.relay().get(), server), config.from(), config.to(),
                    server, clock));
        }
        return new Alerts(channels, config.repeat(), clock, metrics);
    }

    /// Begins to send, for as long as this is open.
    public Alerts start() {
        for (Outbox outbox : outboxes) {
            run("alerts." + outbox.channel().name(), outbox::step);
        }
        run("alerts", () -> {
            remind();
            return LOOK_EVERY;
        });
        return this;
    }

    private interface Steps {
        Duration step();
    }

    private void run(String name, Steps steps) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                Duration rest = Duration.ZERO;
                while (!closed.await(rest.toNanos(), TimeUnit.NANOSECONDS)) rest = steps.step();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void began(Doctor.Finding finding) {
        if (finding.symptom().level() == Symptom.Level.NOTICE) return;
        tell(finding, Alert.State.BEGAN);
    }

    private synchronized void tell(Doctor.Finding finding, Alert.State state) {
        lasting.put(finding.symptom(), new Told(finding, clock.nanos()));
        send(Alert.of(finding, state));
    }

    @Override
    public synchronized void ended(Doctor.Past past) {
        if (lasting.remove(past.symptom()) != null) send(Alert.over(past));
    }

    /// Tells again what lasts and was told long ago.
    synchronized void remind() {
        long now = clock.nanos();
        for (Told told : List.copyOf(lasting.values())) {
            if (now - told.toldAt() >= repeat.toNanos()) tell(told.finding(), Alert.State.LASTS);
        }
    }

    private void send(Alert alert) {
        for (Outbox outbox : outboxes) outbox.add(alert);
    }

    /// Sends what waits, as far as it goes at once.
    void drain() {
        outboxes.forEach(Outbox::drain);
    }

    /// Sends one that means nothing by every channel, now, and says how that ended. Blocks.
    ///
    /// @return for each channel's name `sent`, or why not
    public Map<String, String> test() {
        var ended = new TreeMap<String, String>();
        for (Outbox outbox : outboxes) {
            try {
                outbox.channel().send(Alert.test(clock.now()));
                ended.put(outbox.channel().name(), "sent");
            } catch (IOException | RuntimeException e) {
                ended.put(outbox.channel().name(), String.valueOf(e.getMessage()));
            }
        }
        return ended;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
