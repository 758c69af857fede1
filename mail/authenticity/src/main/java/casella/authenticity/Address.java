package casella.authenticity;

import java.net.Inet4Address;
import java.net.InetAddress;

/// Addresses as text.
final class Address {
    private Address() {}

    /// Returns an address as people write it: `192.0.2.1`, `2001:db8::1`. RFC 5952 "A Recommendation for IPv6 Address Text
    /// Representation".
    static String readable(InetAddress address) {
        if (address instanceof Inet4Address) return address.getHostAddress();
        byte[] bytes = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        int from = 0;
        int length = 1; // a single zero is not left out
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) end++;
            if (end - i > length) {
                from = i;
                length = end - i;
            }
        }
        if (length == 1) return joined(groups, 0, 8);
        return joined(groups, 0, from) + "::" + joined(groups, from + length, 8);
    }

    private static String joined(int[] groups, int from, int until) {
        var out = new StringBuilder();
        for (int i = from; i < until; i++) out.append(i > from ? ":" : "").append(Integer.toHexString(groups[i]));
        return out.toString();
    }

    /// Returns an address in dotted parts: of IPv6 the half bytes. RFC 7208 §7.3.
    static String dotted(InetAddress address) {
        if (address instanceof Inet4Address) return address.getHostAddress();
        var out = new StringBuilder();
        for (byte b : address.getAddress()) {
            out.append(out.isEmpty() ? "" : ".").append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)));
            out.append('.').append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
        }
        return out.toString();
    }
}
