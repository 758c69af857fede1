package casella.base;

import java.security.SecureRandom;

/// Makes arrival ids: later ones sort after earlier ones, also within a millisecond and when the clock steps back.
public final class Arrivals {
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private long lastHigh;
    private long lastLow;

    public Arrivals(Clock clock) {
        this.clock = clock;
    }

    /// Returns an id never returned before. Safe from any thread.
    public synchronized ArrivalId next() {
        long high = (clock.now().toEpochMilli() << 16) | (random.nextLong() & 0xFFFF);
        long low = random.nextLong();
        if (Long.compareUnsigned(high, lastHigh) <= 0) {
            // Same millisecond, or the clock went back: step by a random amount, so that ids stay hard to guess.
            high = lastHigh;
            low = lastLow + (random.nextLong() >>> 24) + 1;
            if (Long.compareUnsigned(low, lastLow) <= 0) high++;
        }
        lastHigh = high;
        lastLow = low;
        return new ArrivalId(high, low);
    }
}
