package casella.server.config;

import casella.directory.Argon2;
import casella.directory.DirectorySettings;
import casella.directory.sasl.TokenSettings;
import casella.wire.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The `access` section: logging in.
///
/// @param plainLoginOnLoopback whether a password may come without TLS from this machine itself
/// @param directory everything the directory is told
/// @param bans who is shut out of every port, and for how long
/// @param scram whether SCRAM-SHA-256 is offered
/// @param tokens whose bearer tokens are taken; empty for nobody's
public record AccessConfig(
        boolean plainLoginOnLoopback,
        DirectorySettings directory,
        Bans bans,
        boolean scram,
        Optional<TokenSettings> tokens) {
    /// Who is shut out.
    ///
    /// @param points from how many on; 0 for nobody by itself
    /// @param time of the first ban
    /// @param never networks that are never shut out
    public record Bans(int points, Duration time, List<Network> never) {}

    static final String ABOUT = "Logging in, and how passwords are kept.";

    static AccessConfig read(Section in) {
        DirectorySettings usual = DirectorySettings.DEFAULT;
        boolean plain = in.yesNo("plain-login-on-loopback")
                .means("Whether a password may come without TLS from 127.0.0.1 or ::1 (plain-text log-in, HTTP Basic).")
                .orElse(true);
        int failures = Section.between(in.number("failures-max"), 0, 1_000_000)
                .means("Failed log-ins of one IPv4 address or IPv6 /64 before it must wait; 0 for no limit.")
                .orElse(usual.failuresMax());
        Duration window = Section.between(in.duration("failure-window"), Duration.ofSeconds(1),
                Duration.ofDays(1))
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
        Duration snapshot = Section.between(in.duration("snapshot-interval"), Duration.ofSeconds(1),
                Duration.ofHours(1))
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
                        usual.readTimeout(), usual.writeTimeout(), usual.hashTimeout(), queue, remembered,
                                snapshot,
                        failures, window, loopback, argon2, scram),
                bans(in),
                in.yesNo("scram")
                        .means("Whether SCRAM-SHA-256 is offered. An account imported with another system's hash has no keys for it"
                                + " before its first log-in with the password itself.")
                        .orElse(true),
                tokens(in));
    }

    private static Bans bans(Section in) {
        return new Bans(
                Section.between(in.number("ban-points"), 0, 1_000_000)
                        .means("What may be held against one IPv4 address or IPv6 /64 in ten minutes before every port is shut to it: a"
                                + " failed log-in counts 1, a session ended for recipients that nobody has 20; ten times as much where"
                                + " owners logged in from within a day. 0 for no bans but an operator's.")
                        .orElse(200),
                Section.between(in.duration("ban-time"), Duration.ofMinutes(1), Duration.ofDays(1))
                        .means("How long the first ban lasts; each further one of a week twice as long, at most a day.")
                        .orElse(Duration.ofMinutes(10)),
                SmtpSection.networks(in, "ban-never", in.texts("ban-never")
                        .means("Addresses or networks that are never shut out, beside `smtp.trusted-peers`; loopback is not while"
                                + " `access.throttle-loopback` is off.")
                        .orElse(List.of())));
    }

    private static Optional<TokenSettings> tokens(Section in) {
        String issuer = in.text("token-issuer")
                .means("Whose tokens open accounts (OAUTHBEARER, XOAUTH2): what `iss` must be.")
                .orElse("");
        String audience = in.text("token-audience")
                .means("What must be in `aud`.")
                .orElse("");
        Path keys = in.path("token-keys")
                .means("The issuer's public keys, a JSON Web Key Set. Read at start, and again when a token names a new key.")
                .orElse(Path.of(""), "none");
        String claim = in.text("token-claim")
                .means("Which claim is the account's address.")
                .orElse("email");
        String scope = in.text("token-scope")
                .means("What a client that is refused is told to ask for.")
                .orElse("");
        String discovery = in.text("token-discovery")
                .means("Where such a client finds the issuer's OpenID configuration.")
                .orElse("");
        if (issuer.isEmpty()) return Optional.empty();
        boolean whole = !audience.isEmpty() && !claim.isEmpty() && !keys.toString().isEmpty();
        if (!whole) in.problem("token-issuer", "must come with token-audience, token-keys and token-claim");
        return whole ? Optional.of(new TokenSettings(issuer, audience, keys, claim, scope, discovery))
                : Optional.empty();
    }
}
