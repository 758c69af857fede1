package casella.server.naming;

import casella.authenticity.DkimKey;
import casella.server.config.Config;
import casella.server.config.PublishSection;
import casella.server.config.RelaySection;
import java.net.InetAddress;
import java.net.Inet4Address;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What one domain of ours needs in the DNS, by the configuration, the keys and the certificate that are there now.
final class DomainZone {
    private static final int HTTPS_PORT = 443;

    private final Config config;
    private final String domain;
    private final String host;
    private final List<Needed> out = new ArrayList<>();

    private DomainZone(Config config, String domain) {
        this.config = config;
        this.domain = domain;
        this.host = config.mail().hostname().toLowerCase(Locale.ROOT);
    }

    /// Returns the records, those first without which no mail comes.
    ///
    /// @param domain lower case, A-labels
    /// @param keys to be found, with their stage: it signs with them, will, or did
    /// @param certificate SHA-256 of the key of the certificate that is served; empty where it cannot be read
    static List<Needed> of(Config config, String domain, String brand, Map<DkimKey, String> keys,
            Optional<List<Byte>> certificate) {
        var zone = new DomainZone(config, domain);
        zone.exchangers();
        zone.senders();
        zone.signatures(brand, keys);
        zone.policies();
        certificate.ifPresent(zone::certificates);
        zone.services();
        zone.web();
        zone.hosts();
        zone.out.add(new Needed.Advice(domain,
                "CAA (RFC 8659) says who may issue certificates for the domain: name whom you use, as in"
                + " " + domain + ". CAA 0 issue \"ca.example\""));
        return List.copyOf(zone.out);
    }

    private void exchangers() {
        int preference = 10;
        for (String mx : config.publish().mx(config.mail())) {
            out.add(new Needed.Exchanger(domain, preference, mx.toLowerCase(Locale.ROOT),
                    "Mail for the domain comes here."));
            preference += 10;
        }
    }

    private void senders() {
        var text = new StringBuilder("v=spf1 mx");
        List<InetAddress> addresses = config.publish().addresses();
        for (InetAddress one : addresses) {
            text.append(one instanceof Inet4Address ? " ip4:" : " ip6:").append(one.getHostAddress());
        }
        boolean named = config.publish().mx(config.mail()).stream().anyMatch(host::equalsIgnoreCase);
        if (addresses.isEmpty() && !named) text.append(" a:").append(host);
        Optional<RelaySection.Through> through = config.relay().through();
        through.ifPresent(relay -> text.append(" a:").append(relay.host()));
        String why = "Who may send the domain's mail (SPF)."
                + (through.isEmpty() ? "" : " Ask whoever runs the relay for its own term (include:…).");
        out.add(new Needed.Senders(domain, text.append(" ~all").toString(), why));
    }

    private void signatures(String brand, Map<DkimKey, String> keys) {
        if (keys.isEmpty()) {
            out.add(new Needed.Missing("_domainkey." + domain,
                    "No key signs the domain's mail yet: casella brand dkim "
                    + brand + " makes two."));
        }
        keys.forEach((key, stage) -> out.add(new Needed.Key(key, switch (stage) {
            case "next" -> "The key that signs next; casella brand dkim rotate " + brand
                    + " --activate when it is there.";
            case "old" -> "A key that signed until lately; casella brand dkim retire " + brand
                    + " takes it back.";
            default -> "The key that signs the domain's mail (DKIM).";
        })));
    }

    private void policies() {
        PublishSection publish = config.publish();
        var dmarc = new StringBuilder("v=DMARC1; p=").append(publish.dmarc());
        publish.dmarcReports().ifPresent(to -> dmarc.append("; rua=mailto:").append(to));
        String more = publish.dmarc().equals("none")
                ? " Make publish.dmarc stricter when the reports name no sender of yours." : "";
        out.add(new Needed.Policy("_dmarc." + domain, dmarc.toString(),
                "What others do with mail that only claims to be of the domain (DMARC)." + more));
        publish.dmarcReports().map(to -> to.substring(to.indexOf('@') + 1).toLowerCase(Locale.ROOT))
                .filter(other -> !other.equals(domain))
                .ifPresent(other -> out.add(new Needed.Plain(domain + "._report._dmarc." + other, "v=DMARC1;",
                        "v=DMARC1",
                        false, "Lets reports on the domain be sent to " + other
                                + "; in the zone of that domain.")));
        StsPolicy.of(config).ifPresent(sts -> {
            out.add(new Needed.Plain("_mta-sts." + domain, "v=STSv1; id=" + sts.id() + ";", "v=STSv1", true,
                    "Others are to insist on TLS (MTA-STS). The id changes with the policy."));
            alias("mta-sts." + domain,
                    "Where they read that policy; the certificate there must be for this name.");
        });
        publish.tlsReports().ifPresent(to -> out.add(new Needed.Plain("_smtp._tls." + domain,
                "v=TLSRPTv1; rua=" + to,
                "v=TLSRPTv1", false, "Where others report how TLS worked (TLSRPT).")));
    }

    /// RFC 7672: the key itself, whatever the certificate says (3 1 1).
    private void certificates(List<Byte> hash) {
        if (!config.dns().dnssec()) {
            out.add(new Needed.Advice(domain,
                    "TLSA (DANE) is printed with dns.dnssec: yes; the zone of the hosts above must be signed."));
            return;
        }
        for (String mx : config.publish().mx(config.mail())) {
            if (!mx.equalsIgnoreCase(host)) continue;
            out.add(new Needed.Certificate("_25._tcp." + host, hash,
                    "The key of the certificate that is served (DANE); in the zone of "
                    + host + ", which must be signed. Publish the next key's before you change the certificate's key."));
        }
    }

    private void services() {
        for (ClientDoor door : ClientDoor.values()) {
            int port = door.port(config.listen()).orElse(-1);
            String name = door.label() + "._tcp." + domain;
            if (port > 0) out.add(new Needed.Service(name, port, host, "Mail programs find " + door.protocol()
                    + (door.tls() ? " (TLS)" : " (STARTTLS)") + " here."));
            if (port < 0) out.add(new Needed.Service(name, 0, "", "Not offered."));
        }
    }

    private void web() {
        if (config.listen().http().isEmpty()) return;
        Optional<URI> base = config.http().baseUrl().filter(url -> url.getScheme().equals("https"));
        if (base.isPresent()) {
            int port = base.get().getPort() < 0 ? HTTPS_PORT : base.get().getPort();
            out.add(new Needed.Service("_jmap._tcp." + domain, port, webHost(),
                    "Programs that speak JMAP find it here."));
            out.add(new Needed.Service("_autodiscover._tcp." + domain, port, webHost(),
                    "Outlook finds its settings here."));
        } else {
            out.add(new Needed.Advice(domain,
                    "http.base-url names no https address: JMAP cannot be found by name."));
        }
        alias("autoconfig." + domain, "Thunderbird and others find their settings here.");
        alias("autodiscover." + domain, "Outlook finds its settings here.");
    }

    private void alias(String name, String why) {
        if (!name.equals(webHost())) out.add(new Needed.Alias(name, webHost(), why));
    }

    private String webHost() {
        return config.http().baseUrl().map(URI::getHost).orElse(host).toLowerCase(Locale.ROOT);
    }

    private void hosts() {
        for (InetAddress one : config.publish().addresses()) {
            out.add(new Needed.Address(host, one, "Where the server is; in the zone of " + host + "."));
            out.add(new Needed.Reverse(Needed.reverse(one), one, host,
                    "Many refuse mail without it; set by whoever gave you the address."));
        }
    }
}
