package casella.server.incident;

import casella.base.Clock;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// How often somebody unknown may leave something with us: so often from one address within a time, and so often from all together.
/// An IPv6 network of 64 bits is one address.
final class Turnstile {
    private static final int ADDRESSES_MAX = 100_000;

    private final int each;
    private final int all;
    private final Duration window;
    private final Clock clock;
    private Count together;
    private final Map<String, Count> addresses = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > ADDRESSES_MAX;
        }
    };

    private record Count(int times, long sinceNanos) {}

    Turnstile(int each, int all, Duration window, Clock clock) {
        this.each = each;
        this.all = all;
        this.window = window;
        this.clock = clock;
        this.together = new Count(0, clock.nanos());
    }

    /// Says whether one more may come in from there, and counts it if so.
    synchronized boolean enter(InetAddress from) {
        long now = clock.nanos();
        byte[] bytes = from.getAddress();
        String key = Arrays.toString(from instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
        Count here = fresh(addresses.getOrDefault(key, new Count(0, now)), now);
        together = fresh(together, now);
        if (here.times() >= each || together.times() >= all) return false;
        addresses.put(key, new Count(here.times() + 1, here.sinceNanos()));
        together = new Count(together.times() + 1, together.sinceNanos());
        return true;
    }

    private Count fresh(Count count, long now) {
        return now - count.sinceNanos() >= window.toNanos() ? new Count(0, now) : count;
    }
}
