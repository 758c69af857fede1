package casella.pop3;

import java.time.Duration;

/// The `[pop3]` section.
///
/// @param idleTimeout how long a silent, logged-in client keeps its connection; at least 10 minutes (RFC 1939 §3);
///     default 10m
/// @param loginTimeout how long a client may take to log in, in all; 5 s to 10 m; default 60s
/// @param connectionsPerAccountMax open connections one account may hold; default 10
/// @param badCommandsMax refused commands before the connection is closed; default 20
/// @param plainLoginOnLoopback whether a password may come without TLS from 127.0.0.1 or ::1; default false
public record Pop3Config(
        Duration idleTimeout,
        Duration loginTimeout,
        int connectionsPerAccountMax,
        int badCommandsMax,
        boolean plainLoginOnLoopback) {
    public static final Pop3Config DEFAULT =
            new Pop3Config(Duration.ofMinutes(10), Duration.ofSeconds(60), 10, 20, false);

    public Pop3Config {
        require(idleTimeout.compareTo(Duration.ofMinutes(10)) >= 0, "pop3.idle-timeout", "at least 10m (RFC 1939 §3)");
        require(
                loginTimeout.compareTo(Duration.ofSeconds(5)) >= 0
                        && loginTimeout.compareTo(Duration.ofMinutes(10)) <= 0,
                "pop3.login-timeout",
                "5s to 10m");
        require(connectionsPerAccountMax >= 1, "pop3.connections-per-account-max", "at least 1");
        require(badCommandsMax >= 3, "pop3.bad-commands-max", "at least 3");
    }

    /// Returns the same with a password allowed on loopback without TLS, or not.
    public Pop3Config withPlainLoginOnLoopback(boolean allowed) {
        return new Pop3Config(idleTimeout, loginTimeout, connectionsPerAccountMax, badCommandsMax, allowed);
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) throw new IllegalArgumentException(key + ": must be " + rule);
    }
}
