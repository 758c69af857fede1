package casella.wire;

import java.time.Duration;

/// How long a connection is waited for.
///
/// @param idle     until the first byte of a line; a session changes it with [Connection#idle]; default 5m
///                 (RFC 5321 §4.5.3.2.7)
/// @param line     from the first byte of a line to its end; default 1m
/// @param write    until the client has taken 64 KiB of an answer; default 1m
/// @param handshake for the whole TLS handshake; default 30s
/// @param bytesPerMinuteMin slowest literal or message body, in bytes a minute; default 4096
public record Patience(Duration idle, Duration line, Duration write, Duration handshake, int bytesPerMinuteMin) {
    public Patience {
        positive("idle", idle);
        positive("line", line);
        positive("write", write);
        positive("handshake", handshake);
        if (bytesPerMinuteMin < 0) throw new IllegalArgumentException("bytes-per-minute-min: must be 0 or more");
    }

    /// Returns the defaults.
    public static Patience usual() {
        return new Patience(
                Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(30), 4096);
    }

    private static void positive(String key, Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(key + ": must be more than 0 and at most 1d");
        }
    }
}
