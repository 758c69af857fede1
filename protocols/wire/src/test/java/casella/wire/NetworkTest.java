package casella.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves which addresses a network has, bit by bit, and that what is no network is none.
final class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true", "192.0.2.0/24, 192.0.3.0, false", "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.200, true", "192.0.2.7, 192.0.2.7, true", "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.9, true", "0.0.0.0/0, ::1, false", "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false", "::1, ::1, true", "::1, 127.0.0.1, false",
    })
    void anAddressIsInItOrNot(String network, String address, boolean in) {
        assertThat(Network.parse(network).orElseThrow().has(InetAddress.ofLiteral(address))).isEqualTo(in);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "localhost", "192.0.2", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "999.0.2.0/8", "::1/129", "example.org/8",
        "1", "beef", "::1%lo"
    })
    void whatIsNoNetworkIsNone(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.0/24", "127.0.0.1/32", "2001:db8:0:0:0:0:0:0/32"})
    void itIsWrittenAsItIsRead(String text) {
        Network network = Network.parse(text).orElseThrow();
        assertThat(network).hasToString(text).isEqualTo(Network.parse(network.toString()).orElseThrow());
    }
}
