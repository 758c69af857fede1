package casella.server.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The `publish` section: what the domains of our brands say of themselves in the DNS and to clients. Nothing is put into the DNS:
/// `casella dns` prints it.
///
/// @param mx hosts that take mail from other servers, the preferred one first; empty for the server's own name
/// @param addresses of the machines that send mail, as the Internet sees them
/// @param dmarc what receivers are asked to do with mail that only claims to be ours: `none`, `quarantine` or `reject`
/// @param dmarcReports an address that gets their reports; empty for none
/// @param mtaSts whether other servers are to insist on TLS: `none`, `testing` or `enforce`
/// @param mtaStsMaxAge how long they remember that
/// @param tlsReports a mailto: or https: URI that gets reports on TLS; empty for none
public record PublishSection(
        List<String> mx,
        List<InetAddress> addresses,
        String dmarc,
        Optional<String> dmarcReports,
        String mtaSts,
        Duration mtaStsMaxAge,
        Optional<String> tlsReports) {

    static final String ABOUT =
            "What the domains of our brands say of themselves. `casella dns` prints it for their zones.";

    private static final String ADDRESS = "[!-~&&[^<>@ ,;!]]+@[A-Za-z0-9.-]+";
    private static final int MX_MAX = 10;

    /// Returns the hosts that take mail from other servers: the server itself where none is named.
    public List<String> mx(MailConfig mail) {
        return mx.isEmpty() ? List.of(mail.hostname()) : mx;
    }

    static PublishSection read(Section in) {
        List<String> mx = in.texts("mx")
                .means("Hosts that take mail from other servers, the preferred one first: `mx1.example`, `mx2.example`; none for"
                        + " mail.hostname.")
                .orElse(List.of());
        for (String host : mx) {
            if (!MailConfig.isHostname(host) || mx.size() > MX_MAX) in.problem("mx",
                    "must be at most ten host names");
        }
        List<String> addresses = in.texts("addresses")
                .means("Addresses from which mail leaves, as others see them: `192.0.2.25`, `2001:db8::25`; none for what"
                        + " mail.hostname has in the DNS.")
                .orElse(List.of());
        String dmarc = in.word("dmarc", List.of("none", "quarantine", "reject"))
                .means("What others are asked to do with mail that only claims to be of our domains (RFC 7489).")
                .orElse("none");
        String dmarcReports = in.text("dmarc-reports")
                .must(text -> text.matches(ADDRESS), "an address")
                .means("Who gets their reports.")
                .orElse("", "none");
        String sts = in.word("mta-sts", List.of("none", "testing", "enforce"))
                .means("Whether other servers are to insist on TLS and a certificate for the hosts above (RFC 8461). Begin with"
                        + " testing; enforce needs a certificate that others trust.")
                .orElse("none");
        Duration age = Section.between(in.duration("mta-sts-max-age"), Duration.ofDays(1),
                Duration.ofDays(365))
                .means("How long they remember it.")
                .orElse(Duration.ofDays(7));
        String reports = in.text("tls-reports")
                .must(text -> text.matches("mailto:" + ADDRESS + "|https://[!-~&&[^,;!]]+"),
                        "a mailto: or https: URI")
                .means("Who gets reports on how TLS worked (RFC 8460).")
                .orElse("", "none");
        return new PublishSection(mx, addresses(in, addresses), dmarc, some(dmarcReports), sts, age,
                some(reports));
    }

    private static List<InetAddress> addresses(Section in, List<String> texts) {
        var out = new ArrayList<InetAddress>();
        for (String text : texts) {
            try {
                out.add(InetAddress.ofLiteral(text));
            } catch (IllegalArgumentException e) {
                in.problem("addresses", "'" + text + "' is no address");
            }
        }
        return List.copyOf(out);
    }

    private static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
