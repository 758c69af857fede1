package casella.server.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The `relay` section: how mail is brought to other servers.
///
/// @param port where other servers listen
/// @param connectionsMax connections at a time, over all destinations
/// @param perDestination connections to one domain at a time
/// @param perMinute messages to one domain in a minute; 0 for as many as go
/// @param perMinuteOf domains with a number of their own
/// @param privateNetworks whether servers in networks of their own may be spoken with
/// @param through the server that takes all of it
public record RelaySection(
        int port, int connectionsMax, int perDestination, int perMinute, Map<String, Integer> perMinuteOf,
        boolean privateNetworks, Optional<Through> through) {

    /// @param tls `none`, `starttls` or `tls`
    /// @param certificate PEM file of the one certificate that is trusted; empty for those the system trusts
    /// @param user empty for no log-in
    /// @param password file with the user's password
    public record Through(
            String host, int port, String tls, Optional<Path> certificate, String user,
                    Optional<Path> password) {}

    static final String ABOUT = "How mail is brought to other servers.";

    static RelaySection read(Section in) {
        int port = Section.between(in.number("port"), 1, 65_535)
                .means("Where other servers listen; the Internet's at 25.")
                .orElse(25);
        int connections = Section.between(in.number("connections-max"), 2, 10_000)
                .means("Connections to other servers at a time; domains that are not known to work have half of them together.")
                .orElse(500);
        int each = Section.between(in.number("connections-per-destination-max"), 1, 1_000)
                .means("Connections to one domain at a time. Each begins with one, and gets one more with what goes well.")
                .orElse(20);
        int pace = Section.between(in.number("messages-per-minute"), 0, 1_000_000)
                .means("Messages to one domain in a minute, for servers that answer more with refusals; 0 for as many as go.")
                .orElse(0);
        Map<String, Integer> paces = paces(in, in.texts("messages-per-minute-of")
                .means("Domains with a number of their own: `posta.example=600`.")
                .orElse(List.of()));
        boolean closed = in.yesNo("private-networks")
                .means("Whether servers in private networks and on this machine are spoken with: for closed networks. Else"
                        + " whoever writes an MX record could have this server speak with what only it can reach.")
                .orElse(false);
        String through = in.text("through")
                .must(text -> text.matches("[A-Za-z0-9.-]+:\\d{1,5}"),
                        "a host and a port, like relay.example:587")
                .means("A mail server that takes all mail for elsewhere; none for each domain's own.")
                .orElse("", "none");
        String tls = in.word("through-tls", List.of("starttls", "tls", "none"))
                .means("How the way to it is protected; none only on this machine.")
                .orElse("starttls");
        Optional<Path> certificate = file(in, "through-certificate",
                "PEM file of the one certificate that is trusted there, where the system's do not do.");
        String user = in.text("through-user").means("Who logs in there.").orElse("", "nobody");
        Optional<Path> password = file(in, "through-password", "File with the user's password.");
        if (user.isEmpty() != password.isEmpty()) {
            in.problem("through-user", "needs relay.through-password too, and the other way round");
        }
        return new RelaySection(
                port, connections, each, pace, paces, closed, through(in, through, tls, certificate, user,
                        password));
    }

    private static Map<String, Integer> paces(Section in, List<String> texts) {
        var paces = new HashMap<String, Integer>();
        for (String text : texts) {
            if (text.matches("[a-z0-9.-]{1,253}=[0-9]{1,6}")) {
                int mark = text.indexOf('=');
                paces.put(text.substring(0, mark), Integer.parseInt(text.substring(mark + 1)));
            } else {
                in.problem("messages-per-minute-of", "must be domains in lower case with a number, not `"
                        + text + "`");
            }
        }
        return Map.copyOf(paces);
    }

    private static Optional<Through> through(
            Section in, String through, String tls, Optional<Path> certificate, String user,
                    Optional<Path> password) {
        if (through.isEmpty()) return Optional.empty();
        int colon = through.lastIndexOf(':');
        String host = through.substring(0, colon);
        int port = Integer.parseInt(through.substring(colon + 1));
        if (port < 1 || port > 65_535) in.problem("through", "must have a port from 1 to 65535");
        boolean here = host.equals("localhost") || host.equals("127.0.0.1");
        if (tls.equals("none") && !here) in.problem("through-tls", "must not be none outside this machine");
        return Optional.of(new Through(host, port, tls, certificate, user, password));
    }

    private static Optional<Path> file(Section in, String key, String meaning) {
        Path path = in.path(key).means(meaning).orElse(Path.of(""), "none");
        return path.toString().isEmpty() ? Optional.empty() : Optional.of(path);
    }
}
