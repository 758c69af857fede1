package casella.server.config;

/// The `mail` section: what every way in and out shares.
///
/// @param hostname the name the server gives itself in greetings and Received lines
/// @param messageBytesMax longest message taken, by any protocol
/// @param connectionsMax open connections of one listener
/// @param connectionsPerAddressMax open connections of one client address; loopback is not counted
public record MailConfig(String hostname, int messageBytesMax, int connectionsMax,
        int connectionsPerAddressMax) {
    static final String ABOUT = "What every way in and out shares.";

    static MailConfig read(Section in) {
        return new MailConfig(
                in.text("hostname")
                        .must(MailConfig::isHostname, "a host name")
                        .means("The name the server gives itself in greetings and Received lines.")
                        .orElse("localhost"),
                Math.toIntExact(Section.between(in.size("message-bytes-max"), 1L << 16, 64L << 20)
                        .means("Longest message taken, by any protocol (SIZE, APPENDLIMIT, maxSizeUpload).")
                        .orElse(50L << 20)),
                Section.between(in.number("connections-max"), 1, 1_000_000)
                        .means("Open connections of one listener; one more is told so and closed.")
                        .orElse(10_000),
                Section.between(in.number("connections-per-address-max"), 1, 1_000_000)
                        .means("Open connections of one IPv4 address or IPv6 /64 at one listener; loopback is not counted.")
                        .orElse(50));
    }

    static boolean isHostname(String text) {
        return text.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    }
}
