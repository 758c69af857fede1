package casella.imap;

import java.time.Duration;

/// The `[imap]` section.
///
/// @param idleTimeout how long a silent, logged-in client keeps its connection; at least 30 minutes
///     (RFC 9051 §5.4); default 30m
/// @param loginTimeout how long a client may take to log in, in all; 5 s to 10 m; default 60s
/// @param lineBytesMax longest command, in bytes, literals not counted, before BAD; default 65536
/// @param literalBytesMax longest literals of one command other than APPEND, in bytes together; default 262144
/// @param messageBytesMax longest message APPEND takes, in bytes; told as APPENDLIMIT (RFC 7889); default 52428800
/// @param connectionsPerAccountMax open connections one account may hold; default 50
/// @param badCommandsMax BAD replies before the connection is closed; default 50
/// @param plainLoginOnLoopback whether a password may come without TLS from 127.0.0.1 or ::1; default false
public record ImapConfig(
        Duration idleTimeout,
        Duration loginTimeout,
        int lineBytesMax,
        int literalBytesMax,
        int messageBytesMax,
        int connectionsPerAccountMax,
        int badCommandsMax,
        boolean plainLoginOnLoopback) {
    public static final ImapConfig DEFAULT =
            new ImapConfig(
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(60),
                    65_536,
                    262_144,
                    50 << 20,
                    50,
                    50,
                    false);

    public ImapConfig {
        require(idleTimeout.compareTo(Duration.ofMinutes(30)) >= 0, "imap.idle-timeout", "at least 30m (RFC 9051 §5.4)");
        require(
                loginTimeout.compareTo(Duration.ofSeconds(5)) >= 0 && loginTimeout.compareTo(Duration.ofMinutes(10)) <= 0,
                "imap.login-timeout",
                "5s to 10m");
        require(lineBytesMax >= 8_192, "imap.line-bytes-max", "at least 8192 (RFC 7162 §4)");
        require(literalBytesMax >= 4_096, "imap.literal-bytes-max", "at least 4096");
        require(messageBytesMax >= 65_536, "imap.message-bytes-max", "at least 65536");
        require(connectionsPerAccountMax >= 1, "imap.connections-per-account-max", "at least 1");
        require(badCommandsMax >= 3, "imap.bad-commands-max", "at least 3");
    }

    /// Returns the same with a password allowed on loopback without TLS, or not.
    public ImapConfig withPlainLoginOnLoopback(boolean allowed) {
        return new ImapConfig(
                idleTimeout, loginTimeout, lineBytesMax, literalBytesMax, messageBytesMax,
                connectionsPerAccountMax, badCommandsMax, allowed);
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) throw new IllegalArgumentException(key + ": must be " + rule);
    }
}
