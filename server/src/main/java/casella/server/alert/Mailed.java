package casella.server.alert;

import casella.base.Clock;
import casella.server.relay.Relay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// Mails alerts over a server that is not this one.
///
/// @param to the operators
/// @param server the name of this one, said in the subject
record Mailed(Relay relay, String from, List<String> to, String server, Clock clock) implements Channel {
    /// RFC 5322 §3.3, with the day's number as it is always allowed.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z",
                    Locale.ENGLISH).withZone(ZoneOffset.UTC);

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public void send(Alert alert) throws IOException {
        relay.send(from, to, message(alert).getBytes(StandardCharsets.UTF_8));
    }

    /// Returns header and text. It says that no person wrote it: RFC 3834, Recommendations for Automatic Responses to Electronic Mail.
    private String message(Alert alert) {
        var out = new StringBuilder();
        out.append("From: Casella <").append(from).append(">\r\n");
        out.append("To: ").append(String.join(",\r\n ", to)).append("\r\n");
        out.append("Subject: ").append(alert.line(server)).append("\r\n");
        out.append("Date: ").append(DATE.format(clock.now())).append("\r\n");
        out.append("Message-ID: <").append(UUID.randomUUID()).append('@').append(Relay.name(server))
                .append(">\r\n");
        out.append("Auto-Submitted: auto-generated\r\n");
        out.append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n");
        out.append("Content-Transfer-Encoding: 8bit\r\n\r\n");
        for (String line : alert.text().split("\n", -1)) out.append(line).append("\r\n");
        return out.toString();
    }
}
