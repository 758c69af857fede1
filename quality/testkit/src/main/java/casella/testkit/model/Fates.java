package casella.testkit.model;

import casella.base.Fault;
import java.util.Map;
import java.util.Random;

/// The dice of one part: what becomes of its next call.
///
/// A part draws its own dice in the order of its calls, so that what happens to one part does not depend on
/// how often another was asked.
public final class Fates {
    /// What becomes of one write.
    enum Write {
        WELL,
        SLOW,
        /// Refused at once, nothing done.
        AWAY,
        FULL,
        /// Done, and reported as failed.
        UNKNOWN,
        /// As unknown, and the part says that it is damaged.
        DAMAGED,
        /// Past its caller's deadline; done then.
        LATE,
        /// Past its caller's deadline; never done.
        LOST
    }

    /// What becomes of one read.
    enum Read {
        WELL,
        SLOW,
        AWAY,
        LATE,
        DAMAGED,
        /// One bit of what is returned is another. Vaults only.
        WRONG,
        /// The second half is missing. Vaults only.
        SHORT,
        /// The object is not there. Vaults only.
        MISSING
    }

    private static final Write[] WRITES = Write.values();
    private static final Read[] READS = Read.values();

    private final Random dice;
    private int perThousand;
    private long calls;
    private long troubles;

    /// @param seed with `part`, all there is to know
    public Fates(long seed, String part) {
        this.dice = new Random(seed * 31 + part.hashCode());
    }

    /// Lets so many of a thousand calls suffer something from now on; 0: none, 1,000: the part is away.
    public synchronized void trouble(int ofThousand) {
        perThousand = ofThousand;
    }

    /// Returns how many calls suffered something.
    public synchronized long troubles() {
        return troubles;
    }

    public synchronized long calls() {
        return calls;
    }

    private boolean strikes() {
        calls++;
        // Drawn always: quiet calls move the dice as loud ones do.
        boolean strikes = dice.nextInt(1_000) < perThousand;
        if (strikes) troubles++;
        return strikes;
    }

    synchronized Write write() {
        int which = dice.nextInt(100);
        if (!strikes()) return Write.WELL;
        if (perThousand >= 1_000) return Write.AWAY;
        // What costs a deadline is seldom.
        if (which < 4) return Write.LATE;
        if (which < 8) return Write.LOST;
        return WRITES[1 + which % 5];
    }

    synchronized Read read() {
        int which = dice.nextInt(100);
        if (!strikes()) return Read.WELL;
        if (perThousand >= 1_000) return Read.AWAY;
        if (which < 4) return Read.LATE;
        Read read = READS[1 + which % (READS.length - 1)];
        return read == Read.LATE ? Read.SLOW : read;
    }

    /// Returns a number below `bound` from the same dice.
    synchronized int number(int bound) {
        return dice.nextInt(bound);
    }

    static Fault.Unavailable away(String work) {
        return new Fault.Unavailable("Away by the dice of a test", Map.of("work", work));
    }

    static Fault.Corrupt damaged(String work) {
        return new Fault.Corrupt("Damaged by the dice of a test", Map.of("work", work));
    }

    static Fault.Exhausted full(String work) {
        return new Fault.Exhausted("Full by the dice of a test", Map.of("work", work));
    }
}
