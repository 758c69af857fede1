package casella.relay;

import static org.assertj.core.api.Assertions.assertThat;

import casella.dns.ZoneFile;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves that nobody's record in the DNS has us speak with what only we can reach, however it is written.
final class GlobalAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
                "192.88.99.1",
        "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
                "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::808:808", "fc00::1", "fdff::1", "fe80::1",
                "fec0::1",
        "ff02::1", "100::1", "64:ff9b::7f00:1", "64:ff9b::a01:203", "64:ff9b:1::808:808", "2002:7f00:1::1",
        "2002:c0a8:101::1", "2002:a9fe:a9fe::", "2001::1", "2001:db8::1", "3fff::1", "4000::1"})
    void noneOfTheInternet(String address) {
        assertThat(GlobalAddress.of(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
            "126.255.255.255",
        "128.0.0.0", "169.253.0.1", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.0.1",
        "192.169.0.1", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2a00:1450:4001::1b",
                "2001:4860::8888",
        "2607:f8b0::1", "64:ff9b::808:808", "2002:808:808::1"})
    void ofTheInternet(String address) {
        assertThat(GlobalAddress.of(InetAddress.ofLiteral(address))).isTrue();
    }

    /// Sixteen bytes as the DNS has them: of text the JDK itself makes IPv4.
    @Test
    void ipv4AsIpv6IsNone() throws UnknownHostException {
        for (byte[] four : new byte[][] {{127, 0, 0, 1}, {10, 0, 0, 1}, {8, 8, 8, 8}}) {
            byte[] bytes = new byte[16];
            bytes[10] = -1;
            bytes[11] = -1;
            System.arraycopy(four, 0, bytes, 12, 4);
            InetAddress mapped = Inet6Address.getByAddress(null, bytes, -1);
            assertThat(mapped).isInstanceOf(Inet6Address.class);
            assertThat(GlobalAddress.of(mapped)).isFalse();
            assertThat(Routes.allowed(RelayConfig.usual("mx.posta.example"), mapped)).isFalse();
        }
    }

    @Test
    void mailGoesToNoneOfThem() {
        var routes = new Routes(ZoneFile.of("""
                $ORIGIN example.
                x MX 10 mx.x
                mx.x AAAA ::ffff:127.0.0.1
                """), RelayConfig.usual("mx.posta.example"), new Random(1));
        assertThat(routes.find("x.example")).isInstanceOf(Routes.Route.Nowhere.class);
        assertThat(routes.find("[IPv6:64:ff9b::7f00:1]")).isInstanceOf(Routes.Route.Nowhere.class);
    }
}
