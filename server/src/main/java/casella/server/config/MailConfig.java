package casella.server.config;

import java.time.Duration;

/// The `mail` section: what every way in and out shares.
///
/// @param hostname the name the server gives itself in greetings and Received lines
/// @param messageBytesMax longest message taken, by any protocol
/// @param recipientsMax recipients of one SMTP transaction; at least 100 (RFC 5321 §4.5.3.1.8)
/// @param commandTimeout how long SMTP and LMTP wait for a command; at least 5 minutes (RFC 5321 §4.5.3.2.7)
/// @param dataTimeout how long they wait for the next bytes of a message; at least 3 minutes (RFC 5321 §4.5.3.2.5)
/// @param connectionsMax open connections of one listener
/// @param connectionsPerAddressMax open connections of one client address; loopback is not counted
public record MailConfig(
        String hostname,
        long messageBytesMax,
        int recipientsMax,
        Duration commandTimeout,
        Duration dataTimeout,
        int connectionsMax,
        int connectionsPerAddressMax) {

    static final String ABOUT = "What every way in and out shares.";

    static MailConfig read(Section in) {
        return new MailConfig(
                in.text("hostname")
                        .must(MailConfig::isHostname, "a host name")
                        .means("The name the server gives itself in greetings and Received lines.")
                        .orElse("localhost"),
                Section.between(in.size("message-bytes-max"), 1L << 16, 1L << 30)
                        .means("Longest message taken, by any protocol (SIZE, APPENDLIMIT, maxSizeUpload).")
                        .orElse(50L << 20),
                Section.between(in.number("recipients-max"), 100, 10_000)
                        .means("Recipients of one SMTP transaction (RFC 5321 §4.5.3.1.8); further ones get 452.")
                        .orElse(1_000),
                Section.atLeast(in.duration("command-timeout"), Duration.ofMinutes(5), "RFC 5321 §4.5.3.2.7")
                        .means("How long SMTP and LMTP wait for a command.")
                        .orElse(Duration.ofMinutes(5)),
                Section.atLeast(in.duration("data-timeout"), Duration.ofMinutes(3), "RFC 5321 §4.5.3.2.5")
                        .means("How long SMTP and LMTP wait for the next bytes of a message.")
                        .orElse(Duration.ofMinutes(3)),
                Section.between(in.number("connections-max"), 1, 1_000_000)
                        .means("Open connections of one listener; one more is told so and closed.")
                        .orElse(10_000),
                Section.between(in.number("connections-per-address-max"), 1, 1_000_000)
                        .means("Open connections of one IPv4 address or IPv6 /64 at one listener; loopback is not counted.")
                        .orElse(50));
    }

    private static boolean isHostname(String text) {
        return text.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    }
}
