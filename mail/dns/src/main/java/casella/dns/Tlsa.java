package casella.dns;

import java.util.Arrays;
import java.util.HexFormat;

/// Which certificate is to be expected. RFC 6698 "DANE TLSA", its section 2.1; RFC 7672 for mail.
///
/// @param usage 0 to 255: 2 is DANE-TA, 3 is DANE-EE
/// @param selector 0 the whole certificate, 1 its public key
/// @param matchingType 0 the thing itself, 1 its SHA-256, 2 its SHA-512
/// @param data what it is compared with
public record Tlsa(int usage, int selector, int matchingType, byte[] data) {
    public Tlsa {
        data = data.clone();
    }

    @Override
    public byte[] data() {
        return data.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tlsa(int u, int s, int m, byte[] d)
                && u == usage && s == selector && m == matchingType && Arrays.equals(d, data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data) * 31 + usage * 65_536 + selector * 256 + matchingType;
    }

    @Override
    public String toString() {
        return usage + " " + selector + " " + matchingType + " " + HexFormat.of().formatHex(data);
    }
}
