package casella.authenticity;

import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Resolver;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;

/// Whether the name that a machine's address says it has is one that has that address. RFC 7601 §3.
///
/// @param name of the machine; empty unless it passes
public record Iprev(Verdict verdict, String name) {
    /// Names of one address that are looked at. RFC 7601 §3 asks for a limit.
    private static final int NAMES_MAX = 10;

    /// RFC 7601 §2.7.3.
    public enum Verdict {
        PASS, FAIL, TEMPERROR, PERMERROR;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Iprev of(Resolver dns, InetAddress peer) {
        Answer<String> names = dns.ptr(peer);
        if (names instanceof Answer.TryLater<String>) return new Iprev(Verdict.TEMPERROR, "");
        if (names.none()) return new Iprev(Verdict.PERMERROR, "");
        Kind<InetAddress> kind = peer instanceof Inet4Address ? Kind.A : Kind.AAAA;
        boolean later = false;
        for (String name : names.records().stream().limit(NAMES_MAX).toList()) {
            Answer<InetAddress> addresses = dns.ask(name, kind);
            if (addresses.records().contains(peer)) return new Iprev(Verdict.PASS, name);
            later |= addresses instanceof Answer.TryLater<InetAddress>;
        }
        return new Iprev(later ? Verdict.TEMPERROR : Verdict.FAIL, "");
    }
}
