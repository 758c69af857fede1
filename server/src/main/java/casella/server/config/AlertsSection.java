package casella.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The `alerts` section: who is told when something is wrong. Empty, nobody is.
///
/// @param webhook where a POST goes
/// @param webhookToken file with what is sent as a bearer token
/// @param relay the outside server that takes mail for operators
/// @param from the sender's address
/// @param to the operators' addresses
/// @param repeat how often is told again what lasts
public record AlertsSection(
        Optional<URI> webhook,
        Optional<Path> webhookToken,
        Optional<Relay> relay,
        String from,
        List<String> to,
        Duration repeat) {

    /// @param tls `none`, `starttls` or `tls`
    /// @param certificate PEM file of the one certificate that is trusted; empty for those the system trusts
    /// @param user empty for no log-in
    /// @param password file with the user's password
    public record Relay(
            String host, int port, String tls, Optional<Path> certificate, String user,
                    Optional<Path> password) {}

    static final String ABOUT =
            "Who is told when something is wrong: by a webhook, by mail over a server that is not this one, or both.";

    private static final String ADDRESS = "[!-~&&[^<>@ ]]+@[A-Za-z0-9.\\[\\]:-]+";

    static AlertsSection read(Section in) {
        String webhook = in.text("webhook")
                .must(text ->
                        text.matches("https://[!-~]+|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?(/[!-~]*)?"),
                        "an https URL, or an http URL of this machine")
                .means("Where a POST goes for each alert, in the form of Prometheus Alertmanager's webhooks.")
                .orElse("", "none");
        Optional<Path> token = file(in, "webhook-token", "File with what is sent as a bearer token with it.");
        String relay = in.text("relay")
                .must(text -> text.matches("[A-Za-z0-9.-]+:\\d{1,5}"),
                        "a host and a port, like relay.example:587")
                .means("A mail server that is not this one, which takes the alerts' mails.")
                .orElse("", "none");
        String tls = in.word("relay-tls", List.of("starttls", "tls", "none"))
                .means("How the way to it is protected; none only on this machine.")
                .orElse("starttls");
        Optional<Path> certificate = file(in, "relay-certificate",
                "PEM file of the one certificate that is trusted there, where the system's do not do.");
        String user = in.text("relay-user").means("Who logs in there.").orElse("", "nobody");
        Optional<Path> password = file(in, "relay-password", "File with the user's password.");
        String from = in.text("from")
                .must(text -> text.matches(ADDRESS), "an address")
                .means("The sender of the mails.")
                .orElse("", "none");
        List<String> to = in.texts("to").means("Who gets them.").orElse(List.of());
        Duration repeat = Section.between(in.duration("repeat"), Duration.ofMinutes(5), Duration.ofDays(7))
                .means("How often is told again what lasts.")
                .orElse(Duration.ofHours(4));
        check(in, relay, from, to);
        if (user.isEmpty() != password.isEmpty()) in.problem("relay-user",
                "needs alerts.relay-password too, and the other way round");
        return new AlertsSection(
                webhook.isEmpty() ? Optional.empty() : Optional.of(URI.create(webhook)),
                token,
                relay(in, relay, tls, certificate, user, password),
                from,
                List.copyOf(to),
                repeat);
    }

    private static Optional<Relay> relay(
            Section in, String relay, String tls, Optional<Path> certificate, String user,
                    Optional<Path> password) {
        if (relay.isEmpty()) return Optional.empty();
        int colon = relay.lastIndexOf(':');
        String host = relay.substring(0, colon);
        int port = Integer.parseInt(relay.substring(colon + 1));
        if (port < 1 || port > 65_535) in.problem("relay", "must have a port from 1 to 65535");
        boolean here = host.equals("localhost") || host.equals("127.0.0.1");
        if (tls.equals("none") && !here) in.problem("relay-tls", "must not be none outside this machine");
        return Optional.of(new Relay(host, port, tls, certificate, user, password));
    }

    private static void check(Section in, String relay, String from, List<String> to) {
        if (relay.isEmpty()) return;
        if (from.isEmpty()) in.problem("from", "must be an address, where alerts.relay is one");
        if (to.isEmpty()) in.problem("to", "must be one or more addresses, where alerts.relay is one");
        if (to.size() > 20) in.problem("to", "must be at most 20 addresses");
        if (!to.stream().allMatch(address -> address.matches(ADDRESS))) in.problem("to", "must be addresses");
    }

    private static Optional<Path> file(Section in, String key, String meaning) {
        Path path = in.path(key).means(meaning).orElse(Path.of(""), "none");
        return path.toString().isEmpty() ? Optional.empty() : Optional.of(path);
    }
}
