package casella.directory;

import casella.base.Event;
import casella.base.Log;
import casella.base.Redacted;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Counts failed log-ins of each address, and makes it wait after too many. An IPv6 network of 64 bits is one address.
///
/// A success does not clear the count: whoever has one account would clear it for guessing at others.
public final class FailureThrottle {
    private static final int ADDRESSES_MAX = 100_000;

    private final int failuresMax;
    private final Duration window;
    private final boolean loopback;
    private final LongSupplier nanos;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > ADDRESSES_MAX;
        }
    };

    private record Failures(int count, long sinceNanos) {}

    /// @param failuresMax an address waits after so many; 0 for never
    /// @param window of one count
    /// @param loopback whether addresses of this machine are counted
    /// @param nanos a clock that only goes forward
    public FailureThrottle(int failuresMax, Duration window, boolean loopback, LongSupplier nanos) {
        this.failuresMax = failuresMax;
        this.window = window;
        this.loopback = loopback;
        this.nanos = nanos;
    }

    /// Returns how long `address` must wait; empty when it need not.
    public synchronized Optional<Duration> wait(InetAddress address) {
        if (!counted(address)) return Optional.empty();
        Failures so = failures.get(key(address));
        if (so == null || so.count() < failuresMax) return Optional.empty();
        long left = window.toNanos() - (nanos.getAsLong() - so.sinceNanos());
        return left > 0 ? Optional.of(Duration.ofNanos(left)) : Optional.empty();
    }

    /// Counts a failure of `address`.
    public synchronized void failed(InetAddress address) {
        if (!counted(address)) return;
        long now = nanos.getAsLong();
        Failures so = failures.get(key(address));
        Failures next = so == null || now - so.sinceNanos() >= window.toNanos()
                ? new Failures(1, now)
                : new Failures(so.count() + 1, so.sinceNanos());
        failures.put(key(address), next);
        if (next.count() == failuresMax) {
            Log.event(Event.DIRECTORY_THROTTLED, "address", new Redacted(key(address)), "failures",
                    next.count());
        }
    }

    private boolean counted(InetAddress address) {
        return failuresMax > 0 && (loopback || !address.isLoopbackAddress());
    }

    private static String key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Arrays.toString(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }
}
