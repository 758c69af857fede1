package casella.authenticity;

import casella.base.Clock;
import casella.dns.Resolver;
import java.net.InetAddress;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;

/// Whether what a domain of ours publishes says what it should, as others read it.
public final class Published {
    private Published() {}

    /// Says whether a TXT record is an SPF record without a mistake. RFC 7208 §4.5, §4.6.
    public static boolean spf(String text) {
        return SpfRecord.claimed(text) && SpfRecord.of(text).isPresent();
    }

    /// Says whether a TXT record is meant as an SPF record, with mistakes or without. RFC 7208 §4.5.
    public static boolean claimsSpf(String text) {
        return SpfRecord.claimed(text);
    }

    /// Returns what the domain says of mail that comes from `ours`. RFC 7208 §4.
    ///
    /// @param host the name of the machine with that address
    public static Spf.Result spf(Resolver dns, String domain, InetAddress ours, String host, Clock clock) {
        return Spf.check(dns, ours, host, "postmaster@" + domain, host, clock).result();
    }

    /// Says whether a TXT record holds this key, however it is spaced. RFC 6376 §3.6.1.
    public static boolean key(String text, PublicKey key) {
        return KeyRecord.of(text) instanceof KeyRecord.Known known
                && Arrays.equals(known.key().getEncoded(), key.getEncoded());
    }

    /// Says whether a TXT record is a policy that receivers follow. RFC 7489 "Domain-based Message Authentication, Reporting,
    /// and Conformance (DMARC)".
    public static boolean dmarc(String text) {
        return claimsDmarc(text) && TagList.of(text).flatMap(tags -> Dmarc.policy(tags.tag("p"))).isPresent();
    }

    /// Says whether a TXT record is meant as a policy, with mistakes or without.
    public static boolean claimsDmarc(String text) {
        Optional<TagList> tags = TagList.of(text);
        return tags.isPresent() && tags.get().begins("v", "DMARC1");
    }
}
