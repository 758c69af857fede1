package casella.server.config;

import java.time.Duration;

/// The `imap` section.
///
/// @param idleTimeout how long a silent, logged-in client keeps its connection
/// @param loginTimeout how long a client may take to log in
/// @param lineBytesMax longest command, literals not counted
/// @param literalBytesMax literals of one command other than APPEND, together
/// @param connectionsPerAccountMax open connections of one account
/// @param badCommandsMax BAD replies before the connection is closed
public record ImapSection(
        Duration idleTimeout,
        Duration loginTimeout,
        int lineBytesMax,
        int literalBytesMax,
        int connectionsPerAccountMax,
        int badCommandsMax) {

    static final String ABOUT = "IMAP.";

    static ImapSection read(Section in) {
        return new ImapSection(
                Section.atLeast(in.duration("idle-timeout"), Duration.ofMinutes(30), "RFC 9051 §5.4")
                        .means("How long a silent, logged-in client keeps its connection.")
                        .orElse(Duration.ofMinutes(30)),
                Section.between(in.duration("login-timeout"), Duration.ofSeconds(5), Duration.ofMinutes(10))
                        .means("How long a client may take to log in, in all.")
                        .orElse(Duration.ofSeconds(60)),
                Math.toIntExact(Section.between(in.size("line-bytes-max"), 8_192L, 1L << 20)
                        .means("Longest command, literals not counted; a longer one gets BAD.")
                        .orElse(65_536L)),
                Math.toIntExact(Section.between(in.size("literal-bytes-max"), 4_096L, 16L << 20)
                        .means("Literals of one command other than APPEND, together.")
                        .orElse(262_144L)),
                Section.between(in.number("connections-per-account-max"), 1, 10_000)
                        .means("Open connections of one account.")
                        .orElse(50),
                Section.between(in.number("bad-commands-max"), 3, 10_000)
                        .means("BAD replies before the connection is closed.")
                        .orElse(50));
    }
}
