package casella.server.naming;

import casella.authenticity.DkimKey;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// A record that a domain needs, and why. Names are whole, lower case, without a last dot.
sealed interface Needed {
    /// How long others may keep it, seconds.
    int TTL_SECONDS = 3_600;
    /// One character-string of a TXT record. RFC 1035 §3.3.
    int STRING_CHARS_MAX = 255;

    String name();

    /// One sentence for whoever pastes it.
    String why();

    /// Returns the type as a zone file has it; empty for what is no record.
    String type();

    /// Returns what it says, as a zone file has it; empty for what is no record.
    String data();

    /// Who takes mail.
    record Exchanger(String name, int preference, String host, String why) implements Needed {
        @Override
        public String type() {
            return "MX";
        }

        @Override
        public String data() {
            return preference + " " + host + ".";
        }
    }

    /// Where a host is.
    record Address(String name, InetAddress address, String why) implements Needed {
        @Override
        public String type() {
            return address instanceof Inet4Address ? "A" : "AAAA";
        }

        @Override
        public String data() {
            return address.getHostAddress();
        }
    }

    /// Which host an address is.
    record Reverse(String name, InetAddress address, String host, String why) implements Needed {
        @Override
        public String type() {
            return "PTR";
        }

        @Override
        public String data() {
            return host + ".";
        }
    }

    /// A name that is another's.
    record Alias(String name, String target, String why) implements Needed {
        @Override
        public String type() {
            return "CNAME";
        }

        @Override
        public String data() {
            return target + ".";
        }
    }

    /// Where a service is; with a target that is empty it is not offered.
    record Service(String name, int port, String target, String why) implements Needed {
        @Override
        public String type() {
            return "SRV";
        }

        @Override
        public String data() {
            return target.isEmpty() ? "0 0 0 ." : "0 1 " + port + " " + target + ".";
        }
    }

    /// By which key a server is known: the SHA-256 of the certificate's SubjectPublicKeyInfo (3 1 1).
    record Certificate(String name, List<Byte> hash, String why) implements Needed {
        @Override
        public String type() {
            return "TLSA";
        }

        @Override
        public String data() {
            var out = new StringBuilder("3 1 1 ");
            for (byte b : hash) out.append("%02x".formatted(b));
            return out.toString();
        }
    }

    /// Who may send the domain's mail.
    record Senders(String name, String text, String why) implements Text {}

    /// A key with which mail is signed.
    record Key(DkimKey key, String why) implements Text {
        @Override
        public String name() {
            return key.dnsName();
        }

        @Override
        public String text() {
            return key.dnsText();
        }
    }

    /// What becomes of mail that only claims to be the domain's.
    record Policy(String name, String text, String why) implements Text {}

    /// A text that is compared as it is.
    ///
    /// @param version what it begins with, by which it is told from other texts at that name
    /// @param exact whether it must say just this, not something of that version
    record Plain(String name, String text, String version, boolean exact, String why) implements Text {}

    /// What cannot be said yet, and what is to be done first.
    record Missing(String name, String why) implements Needed {
        @Override
        public String type() {
            return "";
        }

        @Override
        public String data() {
            return "";
        }
    }

    /// What whoever runs the zone may want to think of. Never compared.
    record Advice(String name, String why) implements Needed {
        @Override
        public String type() {
            return "";
        }

        @Override
        public String data() {
            return "";
        }
    }

    /// A TXT record.
    sealed interface Text extends Needed {
        String text();

        @Override
        default String type() {
            return "TXT";
        }

        @Override
        default String data() {
            return quoted(text());
        }
    }

    /// Returns the record as a line of a zone file; empty for what is no record.
    default String zone() {
        return type().isEmpty() ? "" : name() + ". " + TTL_SECONDS + " IN " + type() + " " + data();
    }

    /// Returns a text in strings of at most 255 bytes, as a zone file has them. RFC 1035 §5.
    static String quoted(String text) {
        var strings = new ArrayList<String>();
        for (int at = 0; at < text.length(); at += STRING_CHARS_MAX) {
            String part = text.substring(at, Math.min(text.length(), at + STRING_CHARS_MAX));
            strings.add('"' + part.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        }
        return strings.size() == 1 ? strings.getFirst() : "( " + String.join(" ", strings) + " )";
    }

    /// Returns the name under which an address says whose it is. RFC 1035 §3.5; RFC 3596 "DNS Extensions to Support IP Version 6".
    static String reverse(InetAddress address) {
        byte[] bytes = address.getAddress();
        var out = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes.length == 4) out.append(bytes[i] & 0xff).append('.');
            else out.append(Integer.toHexString(bytes[i] & 0xf)).append('.')
                    .append(Integer.toHexString(bytes[i] >> 4 & 0xf)).append('.');
        }
        return out + (bytes.length == 4 ? "in-addr.arpa" : "ip6.arpa");
    }

    static List<Byte> bytes(byte[] hash) {
        var out = new ArrayList<Byte>();
        for (byte b : hash) out.add(b);
        return List.copyOf(out);
    }
}
