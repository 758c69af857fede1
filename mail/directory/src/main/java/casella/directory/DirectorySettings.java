package casella.directory;

import java.time.Duration;

/// How the directory behaves. Everything has a default.
///
/// @param readTimeout longest a look-up waits before the snapshot is asked
/// @param writeTimeout longest a change waits; afterwards its outcome is unknown
/// @param hashTimeout longest a log-in waits for its turn on the cores before `TryLater`
/// @param hashQueueMax log-ins that may wait for the cores; one more gets `TryLater`
/// @param rememberedMax verified passwords and addresses kept in memory, each
/// @param snapshotInterval least time between two snapshots
/// @param failuresMax failed log-ins of one address within `failureWindow` before it must wait; 0 for no limit
/// @param failureWindow over what time failures are counted
/// @param throttleLoopback whether 127.0.0.0/8 and ::1 are counted too
/// @param argon2 cost of hashes made from now on; older ones are made anew at the next log-in
/// @param scramIterations of SCRAM keys made from now on, at least 4,096 (RFC 7677 §4)
public record DirectorySettings(
        Duration readTimeout,
        Duration writeTimeout,
        Duration hashTimeout,
        int hashQueueMax,
        int rememberedMax,
        Duration snapshotInterval,
        int failuresMax,
        Duration failureWindow,
        boolean throttleLoopback,
        Argon2 argon2,
        int scramIterations) {
    public static final DirectorySettings DEFAULT = new DirectorySettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            64,
            100_000,
            Duration.ofSeconds(10),
            20,
            Duration.ofMinutes(10),
            false,
            Argon2.OWASP,
            16_384);

    public DirectorySettings {
        if (hashQueueMax < 1) throw new IllegalArgumentException("hash-queue-max: must be at least 1");
        if (rememberedMax < 1) throw new IllegalArgumentException("remembered-max: must be at least 1");
        if (failuresMax < 0) throw new IllegalArgumentException("failures-max: must be 0 or more");
        if (scramIterations < ScramKeys.ITERATIONS_MIN) {
            throw new IllegalArgumentException("scram-iterations: must be at least 4096 (RFC 7677 §4)");
        }
    }

    /// Returns settings whose hashes cost next to nothing: for tests that log in often and prove something else.
    public static DirectorySettings cheap() {
        return DEFAULT.with(new Argon2(64, 1, 1), ScramKeys.ITERATIONS_MIN);
    }

    public DirectorySettings with(Argon2 cost, int iterations) {
        return new DirectorySettings(
                readTimeout, writeTimeout, hashTimeout, hashQueueMax, rememberedMax, snapshotInterval,
                failuresMax, failureWindow, throttleLoopback, cost, iterations);
    }

    public DirectorySettings withSnapshotInterval(Duration interval) {
        return new DirectorySettings(
                readTimeout, writeTimeout, hashTimeout, hashQueueMax, rememberedMax, interval,
                failuresMax, failureWindow, throttleLoopback, argon2, scramIterations);
    }

    public DirectorySettings withThrottle(int failures, Duration window, boolean loopback) {
        return new DirectorySettings(
                readTimeout, writeTimeout, hashTimeout, hashQueueMax, rememberedMax, snapshotInterval,
                failures, window, loopback, argon2, scramIterations);
    }
}
