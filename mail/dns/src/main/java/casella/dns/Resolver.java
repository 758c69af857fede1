package casella.dns;

import java.net.InetAddress;
import org.xbill.DNS.ReverseMap;

/// Who answers questions about names.
///
/// Names are as people or mails say them: with or without a last dot, any case, also with letters beyond ASCII; they are
/// always whole, no search path is tried. Aliases (CNAME) are followed. Calls wait, on a virtual thread without holding its
/// carrier, for a bounded time, and throw nothing whatever the name or the answer is.
public interface Resolver {
    /// Records of one answer; those beyond are left out.
    int RECORDS_MAX = 256;

    <T> Answer<T> ask(String name, Kind<T> kind);

    default Answer<InetAddress> a(String name) {
        return ask(name, Kind.A);
    }

    default Answer<InetAddress> aaaa(String name) {
        return ask(name, Kind.AAAA);
    }

    /// As they stand in the answer, not in the order of preference.
    default Answer<Mx> mx(String name) {
        return ask(name, Kind.MX);
    }

    /// A record's strings joined with nothing between them, each byte as the character of its number.
    default Answer<String> txt(String name) {
        return ask(name, Kind.TXT);
    }

    /// The names an address says it has. Nothing says that they are true.
    default Answer<String> ptr(InetAddress address) {
        return ask(ReverseMap.fromAddress(address).toString(true), Kind.PTR);
    }

    /// @param name with its port and protocol: `_25._tcp.mx.example`
    default Answer<Tlsa> tlsa(String name) {
        return ask(name, Kind.TLSA);
    }

    /// @param name with its service and protocol: `_submission._tcp.example`
    default Answer<Srv> srv(String name) {
        return ask(name, Kind.SRV);
    }

    /// The alias itself, not followed.
    default Answer<String> cname(String name) {
        return ask(name, Kind.CNAME);
    }
}
