package casella.jmap;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// Configurations that differ from a test's usual one in one thing.
final class JmapConfigs {
    private JmapConfigs() {}

    /// No passwords without TLS, not even on this machine.
    static JmapConfig strict(JmapConfig c) {
        return with(c, null, false);
    }

    static JmapConfig webmail(JmapConfig c, Path folder) {
        return with(c, folder, true);
    }

    private static JmapConfig with(JmapConfig c, @Nullable Path webmail, boolean basicOnLoopback) {
        return new JmapConfig(
                c.host(),
                c.port(),
                c.baseUrl(),
                webmail,
                c.uploads(),
                basicOnLoopback,
                c.requestBytesMax(),
                c.callsMax(),
                c.requestsMax(),
                c.objectsInGetMax(),
                c.objectsInSetMax(),
                c.uploadBytesMax(),
                c.concurrentUploadsMax(),
                c.uploadSpoolBytesMax(),
                c.uploadExpiry(),
                c.mailBytesMax(),
                c.requestTime(),
                c.sessionIdle(),
                c.sessionLife(),
                c.sessionsMax(),
                c.sessionsPerAccountMax(),
                c.streamsPerAccountMax(),
                c.connectionsMax());
    }
}
