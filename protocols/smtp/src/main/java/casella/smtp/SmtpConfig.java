package casella.smtp;

import casella.wire.Network;
import java.time.Duration;
import java.util.List;

/// How the SMTP doors behave.
///
/// @param hostName         what we call ourselves in greetings and `Received`; a fully-qualified name
///                         (RFC 5321 §2.3.5); default `localhost`
/// @param messageBytesMax  largest message, as SIZE announces it (RFC 1870 §3); default 52428800 (50 MiB)
/// @param recipientsMax    recipients of one message; at least 100 (RFC 5321 §4.5.3.1.8); default 1000
/// @param lineBytesMax     longest command line, AUTH excepted; at least 1036 (RFC 3461 §5.4); default 2000
/// @param errorsMax        mistakes of one session before 421; each message kept forgives one; default 20
/// @param commandsWithoutMailMax commands of one session since its last message kept, accepted MAIL, RCPT and DATA not
///                         counted, before 421; default 100
/// @param idleTimeout      how long a silent client keeps its connection; at least 1m, RFC 5321 §4.5.3.2.7 asks for 5m;
///                         default 5m
/// @param dataTimeMax      how long one message may take to arrive; default 30m
/// @param inFlightBytesMax messages held in memory over all connections, each byte counted twice (as it came and as it
///                         is stored); a message that does not fit gets 452; at least twice `message-bytes-max` and
///                         4 MiB; default 268435456 (256 MiB)
/// @param authWithoutTls   whether AUTH is offered in plain text to clients on this machine; default false
/// @param trustedPeers     mail servers whose MT-PRIORITY counts (RFC 6710); default none
public record SmtpConfig(
        String hostName,
        int messageBytesMax,
        int recipientsMax,
        int lineBytesMax,
        int errorsMax,
        int commandsWithoutMailMax,
        Duration idleTimeout,
        Duration dataTimeMax,
        long inFlightBytesMax,
        boolean authWithoutTls,
        List<Network> trustedPeers) {

    public SmtpConfig {
        check(hostName.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,253})"), "host-name: must be a domain name");
        check(messageBytesMax >= 65_536, "message-bytes-max: must be at least 65536 (RFC 5321 §4.5.3.1.7)");
        check(messageBytesMax <= 64 << 20, "message-bytes-max: must be at most 67108864");
        check(recipientsMax >= 100, "recipients-max: must be at least 100 (RFC 5321 §4.5.3.1.8)");
        check(recipientsMax <= 10_000, "recipients-max: must be at most 10000");
        check(lineBytesMax >= 1036, "line-bytes-max: must be at least 1036 (RFC 3461 §5.4)");
        check(lineBytesMax <= Session.AUTH_LINE_BYTES_MAX, "line-bytes-max: must be at most 12288");
        check(errorsMax >= 1, "errors-max: must be at least 1");
        check(commandsWithoutMailMax >= 10, "commands-without-mail-max: must be at least 10");
        check(idleTimeout.compareTo(Duration.ofMinutes(1)) >= 0, "idle-timeout: must be at least 1m");
        check(dataTimeMax.compareTo(Duration.ofMinutes(10)) >= 0, "data-time-max: must be at least 10m");
        check(
                inFlightBytesMax >= 2L * messageBytesMax + (4 << 20),
                "in-flight-bytes-max: must be at least twice message-bytes-max and 4194304");
        trustedPeers = List.copyOf(trustedPeers);
    }

    private static void check(boolean holds, String rule) {
        if (!holds) throw new IllegalArgumentException("smtp." + rule);
    }

    /// Returns the defaults.
    public static SmtpConfig usual() {
        return new SmtpConfig(
                "localhost",
                50 << 20,
                1000,
                2000,
                20,
                100,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                256L << 20,
                false,
                List.of());
    }

    /// Returns the same under another name.
    public SmtpConfig withHostName(String name) {
        return new SmtpConfig(
                name,
                messageBytesMax,
                recipientsMax,
                lineBytesMax,
                errorsMax,
                commandsWithoutMailMax,
                idleTimeout,
                dataTimeMax,
                inFlightBytesMax,
                authWithoutTls,
                trustedPeers);
    }

    /// Returns the same with plain-text AUTH for clients on this machine allowed or not.
    public SmtpConfig withAuthWithoutTls(boolean allowed) {
        return new SmtpConfig(
                hostName,
                messageBytesMax,
                recipientsMax,
                lineBytesMax,
                errorsMax,
                commandsWithoutMailMax,
                idleTimeout,
                dataTimeMax,
                inFlightBytesMax,
                allowed,
                trustedPeers);
    }

    /// Returns the same with mail servers whose MT-PRIORITY counts.
    public SmtpConfig withTrustedPeers(List<Network> networks) {
        return new SmtpConfig(
                hostName,
                messageBytesMax,
                recipientsMax,
                lineBytesMax,
                errorsMax,
                commandsWithoutMailMax,
                idleTimeout,
                dataTimeMax,
                inFlightBytesMax,
                authWithoutTls,
                networks);
    }
}
