package casella.wire;

import casella.base.Clock;
import casella.base.Conduct;
import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Recent;
import casella.base.Redacted;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Networks that are shut out of every port, since too much was held against them, or by an operator's word.
///
/// What is held against a network counts for ten minutes. A ban that comes again within a week is twice as long, at most a day. A
/// network from which owners logged in within the last day is shared by people: it takes ten times as much there, so that one
/// who guesses does not shut out his neighbours.
public final class Bans implements Conduct {
    /// Bans of single networks; the ones that end first give way.
    private static final int BANS_MAX = 100_000;
    /// Bans of wider networks, each looked at for each connection.
    private static final int WIDE_MAX = 1_000;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration HOME_WINDOW = Duration.ofDays(1);
    private static final Duration MOST = Duration.ofDays(1);
    private static final Duration REMEMBERED = Duration.ofDays(7);
    private static final int HOME_FACTOR = 10;

    /// A network that is shut out, or was lately.
    ///
    /// @param until when it is let in again
    /// @param why for operators: `log-in`, or what one wrote
    /// @param times how often in a row
    public record Ban(Network network, Instant since, Instant until, String why, int times) {}

    private final int pointsMax;
    private final Duration first;
    private final List<Network> never;
    private final boolean loopback;
    private final Clock clock;
    private final Metrics metrics;
    private final Recent<Network> points;
    private final Recent<Network> homes;
    private final Map<Network, Ban> bans = new LinkedHashMap<>();
    private final Map<Network, Ban> wide = new LinkedHashMap<>();
    private volatile Runnable changed = () -> {};

    /// @param pointsMax a network is shut out from so many points on; 0 for never by itself
    /// @param first how long the first ban lasts
    /// @param never networks that are never shut out
    /// @param loopback whether addresses of this machine may be
    public Bans(int pointsMax, Duration first, List<Network> never, boolean loopback, Clock clock,
            Metrics metrics) {
        this.pointsMax = pointsMax;
        this.first = first;
        this.never = List.copyOf(never);
        this.loopback = loopback;
        this.clock = clock;
        this.metrics = metrics;
        this.points = new Recent<>(WINDOW, BANS_MAX, clock::nanos);
        this.homes = new Recent<>(HOME_WINDOW, BANS_MAX, clock::nanos);
        metrics.gauge(Metric.WIRE_BANS, () -> list().size());
    }

    /// Has `told` hear that bans changed. It must not wait.
    public void onChange(Runnable told) {
        changed = told;
    }

    @Override
    public void offended(InetAddress peer, Offence what) {
        if (pointsMax == 0 || exempt(peer)) return;
        Network network = Network.around(peer);
        long so = points.add(network, what.points());
        long most = homes.count(network) > 0 ? (long) pointsMax * HOME_FACTOR : pointsMax;
        if (so < most) return;
        points.forget(network);
        String why = switch (what) {
            case LOG_IN -> "log-ins";
            case UNKNOWN_RECIPIENTS -> "unknown recipients";
        };
        ban(network, null, why);
    }

    @Override
    public void loggedIn(InetAddress peer) {
        if (!exempt(peer)) homes.add(Network.around(peer), 1);
    }

    @Override
    public Optional<Duration> banned(InetAddress peer) {
        Instant now = clock.now();
        synchronized (this) {
            if (bans.isEmpty() && wide.isEmpty()) return Optional.empty();
            Ban ban = bans.get(Network.around(peer));
            if (ban != null && ban.until().isAfter(now)) return left(ban, now, peer);
            for (Ban one : wide.values()) {
                if (one.until().isAfter(now) && one.network().has(peer)) return left(one, now, peer);
            }
        }
        return Optional.empty();
    }

    private Optional<Duration> left(Ban ban, Instant now, InetAddress peer) {
        return exempt(peer) ? Optional.empty() : Optional.of(Duration.between(now, ban.until()));
    }

    private boolean exempt(InetAddress peer) {
        return (!loopback && peer.isLoopbackAddress()) || never.stream().anyMatch(one -> one.has(peer));
    }

    /// Shuts a network out.
    ///
    /// @param time how long; null for as long as its turn is
    /// @return the ban
    public Ban ban(Network network, @Nullable Duration time, String why) {
        Ban ban;
        synchronized (this) {
            Instant now = clock.now();
            Map<Network, Ban> among = network.single() ? bans : wide;
            Ban before = among.remove(network);
            int times = before != null && before.until().plus(REMEMBERED).isAfter(now) ? before.times() + 1
                    : 1;
            Duration turn = first.multipliedBy(1L << Math.min(times - 1, 16));
            if (time == null) time = turn.compareTo(MOST) > 0 ? MOST : turn;
            ban = new Ban(network, now, now.plus(time), why, times);
            makeRoom(among, network.single() ? BANS_MAX : WIDE_MAX, now);
            among.put(network, ban);
        }
        metrics.add(Metric.WIRE_BANNED, 1, why.equals("log-ins") || why.equals("unknown recipients") ? why
                : "operator");
        Log.event(Event.WIRE_BANNED, "network", new Redacted(network.toString()), "why", why, "until",
                ban.until(),
                "times", ban.times());
        changed.run();
        return ban;
    }

    private static void makeRoom(Map<Network, Ban> among, int most, Instant now) {
        if (among.size() < most) return;
        among.values().removeIf(one -> !one.until().plus(REMEMBERED).isAfter(now));
        while (among.size() >= most) {
            among.values().stream().min(Comparator.comparing(Ban::until)).map(Ban::network)
                    .ifPresent(among::remove);
        }
    }

    /// Lets a network in again, and forgets what was held against it.
    ///
    /// @return whether it was shut out
    public boolean lift(Network network) {
        boolean there;
        synchronized (this) {
            Ban ban = (network.single() ? bans : wide).remove(network);
            there = ban != null && ban.until().isAfter(clock.now());
        }
        points.forget(network);
        changed.run();
        return there;
    }

    /// Returns networks that are shut out now, those that are let in last first.
    public List<Ban> list() {
        Instant now = clock.now();
        return all().stream().filter(one -> one.until().isAfter(now))
                .sorted(Comparator.comparing(Ban::until).reversed()).toList();
    }

    /// Returns what is to be known after a restart: also networks that were shut out lately.
    public synchronized List<Ban> all() {
        var all = new ArrayList<>(bans.values());
        all.addAll(wide.values());
        return all;
    }

    /// Takes back what [#all] gave.
    public synchronized void know(List<Ban> known) {
        Instant now = clock.now();
        for (Ban one : known) {
            if (!one.until().plus(REMEMBERED).isAfter(now)) continue;
            Map<Network, Ban> among = one.network().single() ? bans : wide;
            if (among.size() < (one.network().single() ? BANS_MAX : WIDE_MAX)) among.put(one.network(), one);
        }
    }
}
