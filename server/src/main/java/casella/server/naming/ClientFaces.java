package casella.server.naming;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Html;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.dns.Names;
import casella.jmap.ClientSetup;
import casella.jmap.PublicPages;
import casella.server.config.Config;
import casella.server.control.Json;
import java.util.Locale;
import java.util.Optional;

/// What mail programs and other servers are told by HTTP of a domain of ours: settings in the forms of Thunderbird (`autoconfig`) and
/// Outlook (`autodiscover`), and the policy of MTA-STS.
///
/// The answer is the same for every local part, whether there is such an address or not; a domain that is not ours has none.
public final class ClientFaces implements ClientSetup {
    private static final String MOZILLA = "/mail/config-v1.1.xml";
    private static final String MOZILLA_KNOWN = "/.well-known/autoconfig" + MOZILLA;
    private static final String OUTLOOK = "/autodiscover/autodiscover.xml";
    private static final String OUTLOOK_JSON = "/autodiscover/autodiscover.json";
    private static final String STS = "/.well-known/mta-sts.txt";
    private static final String XML = "text/xml; charset=utf-8";

    private final Config config;
    private final Directory directory;

    public ClientFaces(Config config, Directory directory) {
        this.config = config;
        this.directory = directory;
    }

    /// Outlook asks in any case.
    private static String plain(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        boolean outlook = lower.equals(OUTLOOK) || lower.equals(OUTLOOK_JSON) || lower.startsWith(OUTLOOK_JSON
                + "/");
        return outlook ? lower : path;
    }

    @Override
    public boolean knows(String method, String path) {
        String plain = plain(path);
        return switch (method) {
            case "GET" -> plain.equals(MOZILLA) || plain.equals(MOZILLA_KNOWN)
                    || plain.startsWith(OUTLOOK_JSON) || plain.equals(STS);
            case "POST" -> plain.equals(OUTLOOK);
            default -> false;
        };
    }

    @Override
    public Optional<PublicPages.Page> answer(Question asked) {
        String path = plain(asked.path());
        if (path.equals(STS)) return sts(asked.host());
        if (path.equals(OUTLOOK)) return outlook(asked);
        if (path.startsWith(OUTLOOK_JSON)) return json(asked, path);
        return mozilla(asked);
    }

    /// RFC 8461 "SMTP MTA Strict Transport Security (MTA-STS)": at `mta-sts.DOMAIN` alone.
    private Optional<PublicPages.Page> sts(String host) {
        return under(host, "mta-sts").flatMap(_ -> StsPolicy.of(config))
                .map(policy -> new PublicPages.Page("text/plain; charset=us-ascii", policy.text()
                        .getBytes(US_ASCII)));
    }

    /// Returns the domain of ours whose host of that name is asked.
    private Optional<String> under(String host, String label) {
        return host.startsWith(label + ".") ? ours(host.substring(label.length() + 1)) : Optional.empty();
    }

    private Optional<String> ours(String domain) {
        return Names.ascii(domain).filter(directory::serves);
    }

    /// Returns the domain of an address, if it is ours. Nothing is asked about what stands before the `@`.
    private Optional<String> ofAddress(String address) {
        int at = address.lastIndexOf('@');
        return at < 1 ? Optional.empty() : ours(address.substring(at + 1));
    }

    private Optional<PublicPages.Page> mozilla(Question asked) {
        String address = asked.query().getOrDefault("emailaddress", "");
        Optional<String> domain = address.isEmpty() ? under(asked.host(), "autoconfig").or(() ->
                ours(asked.host()))
                : ofAddress(address);
        return domain.map(of -> new PublicPages.Page(XML, mozilla(of).getBytes(UTF_8)));
    }

    private String title(String domain) {
        for (Brand brand : directory.brands()) {
            if (directory.domains(brand.name()).contains(domain)) return brand.title();
        }
        return domain;
    }

    /// Form 1.1 of Mozilla's `clientConfig`. `%EMAILADDRESS%` is the program's to fill in.
    private String mozilla(String domain) {
        String name = Html.text(title(domain));
        var out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n");
        out.append("  <emailProvider id=\"").append(domain).append("\">\n    <domain>").append(domain)
                .append("</domain>\n");
        out.append("    <displayName>").append(name).append("</displayName>\n    <displayShortName>")
                .append(name)
                .append("</displayShortName>\n");
        for (ClientDoor door : ClientDoor.values()) {
            int port = door.port(config.listen()).orElse(0);
            if (port == 0) continue;
            String element = door.protocol().equals("smtp") ? "outgoingServer" : "incomingServer";
            out.append("    <").append(element).append(" type=\"").append(door.protocol())
                    .append("\">\n      <hostname>")
                    .append(config.mail().hostname()).append("</hostname>\n      <port>").append(port)
                    .append("</port>\n      <socketType>").append(door.tls() ? "SSL" : "STARTTLS")
                    .append("</socketType>\n      <username>%EMAILADDRESS%</username>\n")
                    .append("      <authentication>password-cleartext</authentication>\n    </")
                            .append(element).append(">\n");
        }
        return out.append("  </emailProvider>\n</clientConfig>\n").toString();
    }

    private Optional<PublicPages.Page> outlook(Question asked) {
        return AutodiscoverRequest.of(asked.body()).flatMap(request -> ofAddress(request.address()).map(_ -> {
            String answer = request.settingsWanted() ? settings(request.address())
                    : AutodiscoverRequest.NOT_HERE;
            return new PublicPages.Page(XML, answer.getBytes(UTF_8));
        }));
    }

    /// One entry of each kind: the best there is.
    private String settings(String address) {
        var out = new StringBuilder(AutodiscoverRequest.BEGIN);
        for (String protocol : new String[] {"imap", "pop3", "smtp"}) {
            ClientDoor.of(protocol, config.listen()).stream().findFirst().ifPresent(door ->
                    out.append("      <Protocol>\n        <Type>").append(protocol.toUpperCase(Locale.ROOT))
                            .append("</Type>\n        <Server>").append(config.mail().hostname())
                                    .append("</Server>\n        <Port>")
                            .append(door.port(config.listen()).orElseThrow())
                                    .append("</Port>\n        <DomainRequired>off</DomainRequired>\n")
                            .append("        <LoginName>").append(Html.text(address))
                                    .append("</LoginName>\n        <SPA>off</SPA>\n")
                            .append("        <SSL>on</SSL>\n        <Encryption>").append(door.tls() ? "SSL"
                                    : "TLS")
                            .append("</Encryption>\n        <AuthRequired>on</AuthRequired>\n")
                            .append(protocol.equals("smtp") ? "        <UsePOPAuth>off</UsePOPAuth>\n" : "")
                            .append("      </Protocol>\n"));
        }
        return out.append(AutodiscoverRequest.END).toString();
    }

    /// Version 2 only says where version 1 is. The address stands in the path or in the query.
    private Optional<PublicPages.Page> json(Question asked, String path) {
        String query = asked.query().getOrDefault("Email", "");
        int named = path.lastIndexOf("/v1.0/");
        String address = query.isEmpty() && named > 0 ? path.substring(named + 6) : query;
        boolean known = asked.query().getOrDefault("Protocol", "").equalsIgnoreCase("AutodiscoverV1");
        if (!known) return Optional.empty();
        return ofAddress(address).map(domain -> new PublicPages.Page("application/json; charset=utf-8",
                Json.object()
                .put("Protocol", "AutodiscoverV1").put("Url", "https://autodiscover." + domain + OUTLOOK)
                        .toString().getBytes(UTF_8)));
    }
}
