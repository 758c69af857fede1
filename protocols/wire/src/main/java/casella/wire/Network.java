package casella.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/// Addresses that begin with the same bits: `192.0.2.0/24`, `2001:db8::/32`, or one address.
public final class Network {
    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /// Returns the network `text` says; empty for what is none. Names are not looked up.
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        boolean four = literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        if (!four && !(literal.contains(":") && literal.matches("[0-9A-Fa-f:.]+"))) return Optional.empty();
        byte[] bytes;
        try {
            bytes = InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int most = bytes.length * 8;
        if (slash < 0) return Optional.of(new Network(bytes, most));
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > most) return Optional.empty();
        return Optional.of(new Network(bytes, Integer.parseInt(length)));
    }

    /// Returns what one customer has at least: the IPv4 address, or the 64 bits that an IPv6 address begins with.
    public static Network around(InetAddress one) {
        byte[] bytes = one.getAddress();
        if (bytes.length == 4) return new Network(bytes, 32);
        return new Network(Arrays.copyOf(Arrays.copyOf(bytes, 8), 16), 64);
    }

    /// Says whether it is one that [#around] gives.
    boolean single() {
        return bits == (address.length == 4 ? 32 : 64);
    }

    /// Says whether `one` is in it.
    public boolean has(InetAddress one) {
        byte[] bytes = one.getAddress();
        if (bytes.length != address.length) return false;
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((bytes[bit >> 3] ^ address[bit >> 3]) & mask) != 0) return false;
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network that && bits == that.bits && Arrays.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bits, Arrays.hashCode(address));
    }

    /// Returns it as it is written in a configuration.
    @Override
    public String toString() {
        try {
            String literal = InetAddress.getByAddress(address).getHostAddress();
            return literal + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes", e);
        }
    }
}
