package casella.wire;

import casella.base.Conduct;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where a listener listens and how much it takes.
///
/// @param name      for logs and metrics: `imap`, `submission`
/// @param address   to bind
/// @param port      0 to 65535; 0 takes any free one
/// @param tls       the certificate for TLS from the first byte; null for plain text (which may still STARTTLS)
/// @param connectionsMax open at once; one more is told so and closed; default 10000
/// @param connectionsPerAddressMax open at once from one IPv4 address or one IPv6 /64; default 50
/// @param loopbackExempt whether 127.0.0.0/8 and ::1 are not counted by address; default true
/// @param patience  how long clients are waited for
/// @param conduct who is shut out
/// @param closeTime how long sessions may take to end when the listener closes; default 5s
public record ListenerConfig(
        String name,
        InetAddress address,
        int port,
        @Nullable TlsContext tls,
        int connectionsMax,
        int connectionsPerAddressMax,
        boolean loopbackExempt,
        Patience patience,
        Conduct conduct,
        Duration closeTime) {

    public ListenerConfig {
        if (port < 0 || port > 65_535) throw new IllegalArgumentException(name + ".port: must be 0 to 65535");
        if (connectionsMax < 1) throw new IllegalArgumentException(name
                + ".connections-max: must be 1 or more");
        if (connectionsPerAddressMax < 1) {
            throw new IllegalArgumentException(name + ".connections-per-address-max: must be 1 or more");
        }
    }

    /// Returns the usual limits for plain text on `address`.
    public static ListenerConfig plain(String name, InetAddress address, int port) {
        return new ListenerConfig(
                name, address, port, null, 10_000, 50, true, Patience.usual(), Conduct.UNHEARD,
                Duration.ofSeconds(5));
    }

    /// Returns the same with TLS from the first byte. RFC 8314 §3.
    public ListenerConfig withTls(TlsContext context) {
        return new ListenerConfig(
                name,
                address,
                port,
                context,
                connectionsMax,
                connectionsPerAddressMax,
                loopbackExempt,
                patience,
                conduct,
                closeTime);
    }

    /// Returns the same with other limits on the number of connections.
    public ListenerConfig withConnections(int inAll, int perAddress, boolean exemptLoopback) {
        return new ListenerConfig(
                name, address, port, tls, inAll, perAddress, exemptLoopback, patience, conduct,
                closeTime);
    }

    /// Returns the same for those whom `other` does not shut out.
    public ListenerConfig withConduct(Conduct other) {
        return new ListenerConfig(
                name, address, port, tls, connectionsMax, connectionsPerAddressMax, loopbackExempt, patience,
                        other,
                closeTime);
    }

    /// Returns the same with other times.
    public ListenerConfig withPatience(Patience other) {
        return new ListenerConfig(
                name, address, port, tls, connectionsMax, connectionsPerAddressMax, loopbackExempt, other,
                conduct, closeTime);
    }

    /// Returns the same with another time to close.
    public ListenerConfig withCloseTime(Duration time) {
        return new ListenerConfig(
                name, address, port, tls, connectionsMax, connectionsPerAddressMax, loopbackExempt, patience,
                conduct, time);
    }
}
