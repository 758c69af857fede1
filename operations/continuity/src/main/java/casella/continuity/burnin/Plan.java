package casella.continuity.burnin;

import java.time.Duration;

/// What a vault shall be able to hold, and how hard it is tried.
///
/// @param objects that are projected
/// @param bytes that they take, as they are stored
/// @param accounts that have them
/// @param perAccount objects of the largest account
/// @param fanOut accounts whose ids begin with the same 9 bits: in a vault of folders, the names in one folder
/// @param concurrency calls at the same time
/// @param factor how far past each of these it is tried, 1.01 to 10
/// @param timeMax how long it may take, without the removal
/// @param bytesMax how much may be written
/// @param callTime after which a call counts as not answered
/// @param slowMillis a call of 99 in 100 that takes longer is too slow
/// @param seed of sizes and contents
public record Plan(
        long objects,
        long bytes,
        long accounts,
        long perAccount,
        long fanOut,
        int concurrency,
        double factor,
        Duration timeMax,
        long bytesMax,
        Duration callTime,
        double slowMillis,
        long seed) {
    /// Accounts whose ids may begin alike: 9 bits of 24 are the same.
    static final int FAN_OUT_MAX = 1 << 15;

    private static final int GROUPS = 512;
    private static final long ACCOUNTS_MAX = Synthetic.SPREAD;
    private static final long OBJECTS_MAX = 1_000_000_000;
    private static final int CONCURRENCY_MAX = 4_096;

    public Plan {
        check("objects", objects, 100, OBJECTS_MAX);
        check("bytes", bytes, objects, Long.MAX_VALUE / 100);
        check("accounts", accounts, 1, objects);
        check("per-account", perAccount, 1, objects);
        check("fan-out", fanOut, 1, FAN_OUT_MAX);
        check("concurrency", concurrency, 1, CONCURRENCY_MAX);
        if (!(factor >= 1.01 && factor <= 10)) throw new IllegalArgumentException("factor: must be 1.01 to 10");
        if (past(accounts) > ACCOUNTS_MAX) throw new IllegalArgumentException("accounts: too many to go past them");
        if (past(fanOut) > FAN_OUT_MAX) throw new IllegalArgumentException("fan-out: must be at most 32768 with its factor");
        if (callTime.isNegative() || callTime.isZero()) throw new IllegalArgumentException("call-time: must be more than 0");
    }

    private static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": must be " + min + " to " + max);
        }
    }

    /// Returns a plan for so many objects of so many accounts, with what follows from them: the largest account has a
    /// hundred times the mean, and ids begin alike as often as chance has it.
    public static Plan of(long objects, long bytes, long accounts) {
        long perAccount = Math.min(objects, Math.max(1, 100 * (objects / accounts)));
        long fanOut = Math.clamp(Math.ceilDiv(accounts, GROUPS), 1, FAN_OUT_MAX / 2);
        return new Plan(objects, bytes, accounts, perAccount, fanOut, 64, 1.25, Duration.ofHours(24),
                bytes * 3 + (1L << 30), Duration.ofSeconds(10), 1_000, 20_230_122);
    }

    public Plan withPerAccount(long most) {
        return new Plan(objects, bytes, accounts, most, fanOut, concurrency, factor, timeMax, bytesMax,
                callTime, slowMillis, seed);
    }

    public Plan withFanOut(long names) {
        return new Plan(objects, bytes, accounts, perAccount, names, concurrency, factor, timeMax, bytesMax,
                callTime, slowMillis, seed);
    }

    public Plan withConcurrency(int calls) {
        return new Plan(objects, bytes, accounts, perAccount, fanOut, calls, factor, timeMax, bytesMax,
                callTime, slowMillis, seed);
    }

    public Plan withFactor(double past) {
        return new Plan(objects, bytes, accounts, perAccount, fanOut, concurrency, past, timeMax, bytesMax,
                callTime, slowMillis, seed);
    }

    /// @param time without the removal
    /// @param written bytes
    public Plan within(Duration time, long written) {
        return new Plan(objects, bytes, accounts, perAccount, fanOut, concurrency, factor, time, written,
                callTime, slowMillis, seed);
    }

    /// @param answer after which a call counts as not answered
    /// @param slow milliseconds that 99 in 100 calls must keep to
    public Plan withCalls(Duration answer, double slow) {
        return new Plan(objects, bytes, accounts, perAccount, fanOut, concurrency, factor, timeMax, bytesMax,
                answer, slow, seed);
    }

    /// Returns what was projected of a dimension.
    public long projected(Dimension dimension) {
        return switch (dimension) {
            case OBJECTS -> objects;
            case BYTES -> bytes;
            case ACCOUNTS -> accounts;
            case PER_ACCOUNT -> perAccount;
            case FAN_OUT -> fanOut;
            case CONCURRENCY -> concurrency;
        };
    }

    /// Returns how far it is to be tried in a dimension; always past what was projected.
    public long goal(Dimension dimension) {
        return past(projected(dimension));
    }

    private long past(long projected) {
        return Math.max(projected + 1, (long) Math.ceil(projected * factor));
    }
}
