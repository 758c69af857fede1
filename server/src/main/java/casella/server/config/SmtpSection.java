package casella.server.config;

import casella.wire.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The `smtp` section: SMTP, submission and LMTP.
///
/// @param recipientsMax recipients of one message
/// @param lineBytesMax longest command line, AUTH excepted
/// @param errorsMax mistakes of one session before 421
/// @param commandsWithoutMailMax commands of one session since its last message kept, before 421
/// @param idleTimeout how long a silent client keeps its connection
/// @param dataTimeMax how long one message may take to arrive
/// @param inFlightBytesMax messages held in memory over all connections, each byte counted twice
/// @param trustedPeers mail servers whose MT-PRIORITY counts
/// @param uncheckedPeers mail servers whose mail is not asked whether it is from whom it says
public record SmtpSection(
        int recipientsMax,
        int lineBytesMax,
        int errorsMax,
        int commandsWithoutMailMax,
        Duration idleTimeout,
        Duration dataTimeMax,
        long inFlightBytesMax,
        List<Network> trustedPeers,
        List<Network> uncheckedPeers) {

    static final String ABOUT = "SMTP, submission and LMTP.";

    /// @param mail what the memory for messages under way is compared with
    static SmtpSection read(Section in, MailConfig mail) {
        int recipients = Section.between(in.number("recipients-max"), 100, 10_000)
                .means("Recipients of one message (RFC 5321 §4.5.3.1.8); further ones get 452.")
                .orElse(1_000);
        int line = Math.toIntExact(Section.between(in.size("line-bytes-max"), 1_036L, 12_288L)
                .means("Longest command line, AUTH excepted (RFC 3461 §5.4).")
                .orElse(2_000L));
        int errors = Section.between(in.number("errors-max"), 1, 10_000)
                .means("Mistakes of one session before 421; each message kept forgives one.")
                .orElse(20);
        int idleCommands = Section.between(in.number("commands-without-mail-max"), 10, 100_000)
                .means("Commands of one session since its last message kept, accepted MAIL, RCPT and DATA not counted, before 421.")
                .orElse(100);
        Duration idle = Section.atLeast(in.duration("idle-timeout"), Duration.ofMinutes(1), null)
                .means("How long a silent client keeps its connection; RFC 5321 §4.5.3.2.7 asks for 5m.")
                .orElse(Duration.ofMinutes(5));
        Duration data = Section.atLeast(in.duration("data-time-max"), Duration.ofMinutes(10), null)
                .means("How long one message may take to arrive.")
                .orElse(Duration.ofMinutes(30));
        long inFlight = Section.between(in.size("in-flight-bytes-max"), 4L << 20, 1L << 40)
                .means("Messages held in memory over all connections, each byte counted twice; what does not fit gets 452.")
                .orElse(256L << 20);
        if (inFlight < 2L * mail.messageBytesMax() + (4 << 20)) {
            in.problem("in-flight-bytes-max", "must be at least twice mail.message-bytes-max and 4MiB");
        }
        return new SmtpSection(recipients, line, errors, idleCommands, idle, data, inFlight, trusted(in),
                unchecked(in));
    }

    /// Of one's own networks nothing is published that could be compared.
    private static final List<String> OWN = List.of(
            "127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
                    "fc00::/7", "fe80::/10");

    private static List<Network> trusted(Section in) {
        return networks(in, "trusted-peers", in.texts("trusted-peers")
                .means("Mail servers, as addresses or networks (`192.0.2.0/24`), whose MT-PRIORITY counts; that of others is ignored.")
                .orElse(List.of()));
    }

    private static List<Network> unchecked(Section in) {
        return networks(in, "unchecked-peers", in.texts("unchecked-peers")
                .means("Mail servers, as addresses or networks, whose mail is not asked whether it is from whom it says (SPF, DKIM,"
                        + " DMARC): those of one's own networks.")
                .orElse(OWN));
    }

    static List<Network> networks(Section in, String key, List<String> texts) {
        var networks = new ArrayList<Network>();
        for (String text : texts) {
            Optional<Network> network = Network.parse(text);
            if (network.isEmpty()) in.problem(key, "must be addresses or networks, not `" + text + "`");
            network.ifPresent(networks::add);
        }
        return networks;
    }
}
