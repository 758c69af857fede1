package casella.incident;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.incident.Entry.Published;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Brings each newest notice to every channel outside, once each, and takes down what became of it. A channel that did not take it is
/// tried again every minute for a day; it is told what is newest then. What a stop broke off is gone on with at the next start: then
/// a channel may hear the same twice, which is better than never.
public final class Publisher implements AutoCloseable {
    public static final Duration AGAIN = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofDays(1);
    private static final String BY = "casella";

    /// A way to tell people that is not in this process.
    public interface Channel {
        /// Returns its word: `social`, `status-folder`.
        String name();

        /// Says whether it tells such an entry; notices, where it says nothing else.
        default boolean tells(Entry.What what) {
            return what instanceof Entry.Told;
        }

        /// Tells it what was said last of `incident`. Blocks, at most half a minute.
        ///
        /// @throws IOException if it is not certain that it was taken; the message says why and holds no secret
        void publish(Incident incident) throws IOException;
    }

    private final Incidents incidents;
    private final List<Channel> channels;
    private final Clock clock;
    private final Map<String, Instant> tried = new HashMap<>();
    private final Semaphore news = new Semaphore(0);
    private volatile boolean closed;

    public Publisher(Incidents incidents, List<Channel> channels, Clock clock) {
        this.incidents = incidents;
        this.channels = List.copyOf(channels);
        this.clock = clock;
        incidents.onChange(news::release);
    }

    /// Returns what the channels are called.
    public List<String> channels() {
        return channels.stream().map(Channel::name).toList();
    }

    /// Begins to publish, until it is closed.
    public Publisher start() {
        if (!channels.isEmpty()) Thread.ofVirtual().name("incident.publish").start(this::work);
        return this;
    }

    private void work() {
        do {
            try {
                step();
            } catch (RuntimeException e) {
                // The desk does not answer, or a mistake of ours: what was not taken down is tried again.
                Log.event(Event.NOTICE_NOT_PUBLISHED, e);
            }
        } while (waited());
    }

    private boolean waited() {
        try {
            var _ = news.tryAcquire(AGAIN.toSeconds(), TimeUnit.SECONDS);
            news.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    /// Tries each channel that has not taken the newest notice of an incident, and was not tried within the last minute.
    public void step() {
        for (Incident incident : incidents.all()) {
            for (Channel channel : channels) {
                Entry told = incident.newest(channel::tells).orElse(null);
                if (told == null || told.at().plus(PATIENCE).isBefore(clock.now())) continue;
                String key = incident.id() + "/" + told.number() + "/" + channel.name();
                if (took(incident, told, channel) || lately(key)) continue;
                tried.put(key, clock.now());
                publish(incident, told, channel);
            }
        }
    }

    private boolean lately(String key) {
        Instant last = tried.get(key);
        return last != null && last.plus(AGAIN).isAfter(clock.now());
    }

    private static boolean took(Incident incident, Entry told, Channel channel) {
        return last(incident, told, channel).map(String::isEmpty).orElse(false);
    }

    /// Returns what was taken down last of it: empty text where the channel took it.
    private static Optional<String> last(Incident incident, Entry told, Channel channel) {
        List<String> said = new ArrayList<>();
        for (Entry entry : incident.entries()) {
            if (entry.what() instanceof Published(int of, String name, String why) && of == told.number()
                    && name.equals(channel.name())) {
                said.add(why);
            }
        }
        return said.isEmpty() ? Optional.empty() : Optional.of(said.getLast());
    }

    private void publish(Incident incident, Entry told, Channel channel) {
        String why = "";
        try {
            channel.publish(incident);
        } catch (IOException | RuntimeException e) {
            why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            Log.event(Event.NOTICE_NOT_PUBLISHED, "incident", incident.id(), "channel", channel.name(), "why",
                    why);
        }
        // The same failure again is no news.
        if (!why.isEmpty() && last(incident, told, channel).filter(why::equals).isPresent()) return;
        incidents.add(incident.id(), new Published(told.number(), channel.name(), why), BY);
    }

    @Override
    public void close() {
        closed = true;
        news.release();
    }
}
