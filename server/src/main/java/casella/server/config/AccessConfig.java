package casella.server.config;

import casella.directory.Argon2;
import casella.directory.DirectorySettings;
import java.time.Duration;

/// The `access` section: logging in.
///
/// @param plainLoginOnLoopback whether a password may come without TLS from this machine itself
/// @param directory everything the directory is told
public record AccessConfig(boolean plainLoginOnLoopback, DirectorySettings directory) {
    static final String ABOUT = "Logging in, and how passwords are kept.";

    static AccessConfig read(Section in) {
        DirectorySettings usual = DirectorySettings.DEFAULT;
        boolean plain = in.yesNo("plain-login-on-loopback")
                .means("Whether a password may come without TLS from 127.0.0.1 or ::1 (plain-text log-in, HTTP Basic).")
                .orElse(true);
        int failures = Section.between(in.number("failures-max"), 0, 1_000_000)
                .means("Failed log-ins of one IPv4 address or IPv6 /64 before it must wait; 0 for no limit.")
                .orElse(usual.failuresMax());
        Duration window = Section.between(in.duration("failure-window"), Duration.ofSeconds(1), Duration.ofDays(1))
                .means("Over what time failures are counted, and how long the wait is at most.")
                .orElse(usual.failureWindow());
        boolean loopback = in.yesNo("throttle-loopback")
                .means("Whether failures from 127.0.0.0/8 and ::1 are counted too.")
                .orElse(false);
        int queue = Section.between(in.number("hash-queue-max"), 1, 100_000)
                .means("Log-ins that may wait for the cores; one more is told to try later.")
                .orElse(usual.hashQueueMax());
        int remembered = Section.between(in.number("remembered-max"), 1, 10_000_000)
                .means("Checked passwords, and addresses, kept in memory so that the next log-in is quick.")
                .orElse(usual.rememberedMax());
        Duration snapshot = Section.between(in.duration("snapshot-interval"), Duration.ofSeconds(1), Duration.ofHours(1))
                .means("Least time between two snapshots of the directory.")
                .orElse(usual.snapshotInterval());
        Argon2 argon2 = new Argon2(
                Math.toIntExact(Section.between(in.size("argon2-memory"), 8L << 20, 1L << 30)
                                .means("Memory of one password hash. Older hashes are made anew at the next log-in.")
                                .effect(Effect.NEW_ONLY)
                                .orElse((long) usual.argon2().memoryKib() << 10)
                        >> 10),
                Section.between(in.number("argon2-passes"), 1, 16)
                        .means("Passes of one password hash.")
                        .effect(Effect.NEW_ONLY)
                        .orElse(usual.argon2().passes()),
                1);
        int scram = Section.between(in.number("scram-iterations"), 4_096, 1_000_000)
                .means("Iterations of new SCRAM keys (RFC 7677 §4); clients compute them too.")
                .effect(Effect.NEW_ONLY)
                .orElse(usual.scramIterations());
        return new AccessConfig(
                plain,
                new DirectorySettings(
                        usual.readTimeout(), usual.writeTimeout(), usual.hashTimeout(), queue, remembered, snapshot,
                        failures, window, loopback, argon2, scram));
    }
}
