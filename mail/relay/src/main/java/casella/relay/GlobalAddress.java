package casella.relay;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Tells addresses of the Internet at large from those that mean something else, or nothing, elsewhere: whoever writes a record in the
/// DNS must not have us speak with what only we can reach. RFC 6890 "Special-Purpose IP Address Registries".
final class GlobalAddress {
    /// IPv4 that is not global. From 224.0.0.0 on: multicast, and what is kept for later.
    private static final List<Net> NOT_GLOBAL_4 = List.of(
            net("0.0.0.0", 8), net("10.0.0.0", 8), net("100.64.0.0", 10), net("127.0.0.0", 8),
            net("169.254.0.0", 16), net("172.16.0.0", 12), net("192.0.0.0", 24), net("192.0.2.0", 24),
            net("192.88.99.0", 24), net("192.168.0.0", 16), net("198.18.0.0", 15), net("198.51.100.0", 24),
            net("203.0.113.0", 24), net("224.0.0.0", 3));
    /// IPv6 that is global, but for the next ones; of what is written as IPv6 and is IPv4 see [#of].
    private static final Net GLOBAL_6 = net("2000::", 3);
    private static final List<Net> NOT_GLOBAL_6 = List.of(
            net("2001::", 23), net("2001:db8::", 32), net("3fff::", 20));
    /// RFC 6052 "IPv6 Addressing of IPv4/IPv6 Translators": the last four bytes are an IPv4 address.
    private static final Net TRANSLATED = net("64:ff9b::", 96);
    /// RFC 3056 "Connection of IPv6 Domains via IPv4 Clouds": bytes 2 to 5 are an IPv4 address.
    private static final Net SIX_TO_FOUR = net("2002::", 16);

    private record Net(byte[] address, int bits) {
        boolean has(byte[] other) {
            int whole = bits / 8;
            if (!Arrays.equals(address, 0, whole, other, 0, whole)) return false;
            return bits % 8 == 0 || ((address[whole] ^ other[whole]) & 0xFF) >>> (8 - bits % 8) == 0;
        }
    }

    private GlobalAddress() {}

    private static Net net(String address, int bits) {
        return new Net(InetAddress.ofLiteral(address).getAddress(), bits);
    }

    /// Says whether it is one. IPv6 around an IPv4 address (`::ffff:127.0.0.1`) is none: nobody's server has one in the DNS.
    static boolean of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) return four(bytes);
        if (TRANSLATED.has(bytes)) return four(Arrays.copyOfRange(bytes, 12, 16));
        if (SIX_TO_FOUR.has(bytes)) return four(Arrays.copyOfRange(bytes, 2, 6));
        return GLOBAL_6.has(bytes) && NOT_GLOBAL_6.stream().noneMatch(net -> net.has(bytes));
    }

    private static boolean four(byte[] bytes) {
        return NOT_GLOBAL_4.stream().noneMatch(net -> net.has(bytes));
    }
}
