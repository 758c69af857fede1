package casella.server.config;

import java.time.Duration;

/// The `pop3` section.
///
/// @param idleTimeout how long a silent client keeps its connection
/// @param connectionsPerAccountMax open connections of one account
public record Pop3Section(Duration idleTimeout, int connectionsPerAccountMax) {
    static final String ABOUT = "POP3.";

    static Pop3Section read(Section in) {
        return new Pop3Section(
                Section.atLeast(in.duration("idle-timeout"), Duration.ofMinutes(10), "RFC 1939 §3")
                        .means("How long a silent client keeps its connection.")
                        .orElse(Duration.ofMinutes(10)),
                Section.between(in.number("connections-per-account-max"), 1, 1_000)
                        .means("Open connections of one account.")
                        .orElse(10));
    }
}
