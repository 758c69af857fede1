package casella.jmap;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The `jmap` section: the HTTP server of the webmail and of JMAP clients.
///
/// @param host address to listen on; default 127.0.0.1
/// @param port port to listen on, 0 for any; default 8080
/// @param baseUrl what the session object's URLs begin with, `https://mail.example`; by default
///     the scheme and Host of each request. Needed behind a proxy that ends TLS
/// @param webmail folder of the webmail's built files, served at `/`; none by default
/// @param uploads folder for files uploaded and not yet used
/// @param basicOnLoopback whether a password may come without TLS from this machine itself;
///     default false
/// @param requestBytesMax `maxSizeRequest`; default 10 MiB
/// @param callsMax `maxCallsInRequest`; default 32
/// @param requestsMax `maxConcurrentRequests` of one account; default 8
/// @param objectsInGetMax `maxObjectsInGet`; default 1,000
/// @param objectsInSetMax `maxObjectsInSet`; default 500
/// @param uploadBytesMax `maxSizeUpload`; default 50 MiB
/// @param concurrentUploadsMax `maxConcurrentUpload` of one account; default 4
/// @param uploadSpoolBytesMax what one account may have in its upload folder; default 256 MiB
/// @param uploadExpiry how long an upload waits to be used; default 24 h
/// @param mailBytesMax longest mail that may be made or imported; default 50 MiB
/// @param requestTime how long a request may take to arrive and to be answered; default 60 s
/// @param sessionIdle how long a webmail log-in lasts unused; default 24 h
/// @param sessionLife how long a webmail log-in lasts at most; default 30 days
/// @param sessionsMax webmail log-ins at the same time, all accounts together; default 100,000
/// @param sessionsPerAccountMax webmail log-ins of one account; the least used gives way; default
///     20
/// @param streamsPerAccountMax event streams of one account; the oldest gives way; default 20
/// @param connectionsMax open connections; default 10,000
public record JmapConfig(
        String host,
        int port,
        @Nullable URI baseUrl,
        @Nullable Path webmail,
        Path uploads,
        boolean basicOnLoopback,
        int requestBytesMax,
        int callsMax,
        int requestsMax,
        int objectsInGetMax,
        int objectsInSetMax,
        long uploadBytesMax,
        int concurrentUploadsMax,
        long uploadSpoolBytesMax,
        Duration uploadExpiry,
        int mailBytesMax,
        Duration requestTime,
        Duration sessionIdle,
        Duration sessionLife,
        int sessionsMax,
        int sessionsPerAccountMax,
        int streamsPerAccountMax,
        int connectionsMax) {

    private static final int MIB = 1 << 20;

    public JmapConfig {
        require(port >= 0 && port <= 65_535, "port", "0 to 65535");
        require(baseUrl == null || baseUrl.getHost() != null, "base-url", "like https://mail.example");
        require(requestBytesMax >= 65_536 && requestBytesMax <= 256 * MIB, "request-bytes-max", "64KiB to 256MiB");
        require(callsMax >= 16 && callsMax <= 1_000, "calls-max", "16 to 1000 (RFC 8620 §2)");
        require(requestsMax >= 4, "requests-max", "at least 4 (RFC 8620 §2)");
        require(objectsInGetMax >= 500 && objectsInGetMax <= 10_000, "objects-in-get-max", "500 to 10000");
        require(objectsInSetMax >= 500 && objectsInSetMax <= 10_000, "objects-in-set-max", "500 to 10000");
        require(uploadBytesMax >= MIB, "upload-bytes-max", "at least 1MiB");
        require(concurrentUploadsMax >= 1, "concurrent-uploads-max", "at least 1");
        require(uploadSpoolBytesMax >= uploadBytesMax, "upload-spool-bytes-max", "at least upload-bytes-max");
        require(positive(uploadExpiry), "upload-expiry", "more than nothing");
        require(mailBytesMax >= MIB, "mail-bytes-max", "at least 1MiB");
        require(positive(requestTime), "request-time", "more than nothing");
        require(positive(sessionIdle), "session-idle", "more than nothing");
        require(sessionLife.compareTo(sessionIdle) >= 0, "session-life", "at least session-idle");
        require(sessionsMax >= 1, "sessions-max", "at least 1");
        require(sessionsPerAccountMax >= 1, "sessions-per-account-max", "at least 1");
        require(streamsPerAccountMax >= 1, "streams-per-account-max", "at least 1");
        require(connectionsMax >= 1, "connections-max", "at least 1");
    }

    /// Returns the defaults, with uploads kept in `uploads`.
    public static JmapConfig defaults(Path uploads) {
        return new JmapConfig(
                "127.0.0.1",
                8_080,
                null,
                null,
                uploads,
                false,
                10 * MIB,
                32,
                8,
                1_000,
                500,
                50L * MIB,
                4,
                256L * MIB,
                Duration.ofHours(24),
                50 * MIB,
                Duration.ofSeconds(60),
                Duration.ofHours(24),
                Duration.ofDays(30),
                100_000,
                20,
                20,
                10_000);
    }

    private static boolean positive(Duration time) {
        return time.compareTo(Duration.ZERO) > 0;
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) throw new IllegalArgumentException("jmap." + key + ": must be " + rule);
    }
}
