package casella.scanning;

import java.util.List;

/// A mail as scanners are told of it.
///
/// @param bytes the message; not changed by anybody
/// @param peer the address it came from, as a number; empty where it is not known
/// @param helo what that called itself; empty where it is not known
/// @param sender the reverse path without its angle brackets; empty for `<>`
/// @param recipients those that are known
/// @param user who of ours submits it; empty where it comes from elsewhere
public record Letter(
        byte[] bytes, String peer, String helo, String sender, List<String> recipients, String user) {
    public Letter {
        recipients = List.copyOf(recipients);
    }
}
