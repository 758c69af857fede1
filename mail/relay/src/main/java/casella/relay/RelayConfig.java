package casella.relay;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// How mail is brought to other servers.
///
/// @param hostName what we call ourselves; a fully-qualified name (RFC 5321 §2.3.5)
/// @param port where other servers listen: 25
/// @param connectionsMax connections at a time, over all destinations
/// @param perDestination connections to one domain at a time, once it is known to work
/// @param batch recipients taken at a time
/// @param idle how long a connection is kept for the next message
/// @param privateNetworks whether servers in networks of their own may be spoken with: for closed networks
/// @param through a server that takes all of it; empty for each domain's own
/// @param perMinute messages to one domain in a minute; 0 for as many as go
/// @param perMinuteOf domains, in lower case, with a number of their own
public record RelayConfig(
        String hostName,
        int port,
        int connectionsMax,
        int perDestination,
        int batch,
        Duration idle,
        boolean privateNetworks,
        Optional<Through> through,
        int perMinute,
        Map<String, Integer> perMinuteOf) {
    public RelayConfig {
        perMinuteOf = Map.copyOf(perMinuteOf);
    }

    /// One that sends as many messages as go.
    public RelayConfig(
            String hostName, int port, int connectionsMax, int perDestination, int batch, Duration idle,
            boolean privateNetworks, Optional<Through> through) {
        this(hostName, port, connectionsMax, perDestination, batch, idle, privateNetworks, through, 0,
                Map.of());
    }

    /// A server that takes mail for everywhere.
    ///
    /// @param user who logs in; empty for nobody
    public record Through(String host, int port, TlsPolicy tls, String user, String password) {
        @Override
        public String toString() {
            return "Through[" + host + ":" + port + "]";
        }
    }

    /// Returns the usual for a server of that name.
    public static RelayConfig usual(String hostName) {
        return new RelayConfig(hostName, 25, 500, 20, 100, Duration.ofSeconds(5), false, Optional.empty());
    }
}
