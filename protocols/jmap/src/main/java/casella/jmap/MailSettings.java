package casella.jmap;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/// What owners who read their mail with a program have to write into it, and the zone in which they are told times.
///
/// @param host of all doors
/// @param doors those that are open, in the order in which they are shown; may be none
public record MailSettings(ZoneId zone, String host, List<Door> doors) {
    /// Says nothing of programs.
    public static final MailSettings NONE = new MailSettings(ZoneOffset.UTC, "", List.of());

    public MailSettings {
        doors = List.copyOf(doors);
    }

    /// Where a program connects to.
    ///
    /// @param protocol `IMAP`, `POP3` or `SMTP`
    /// @param security `TLS` or `STARTTLS`
    public record Door(String protocol, int port, String security) {}
}
