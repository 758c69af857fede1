package casella.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The `http` section: webmail and JMAP.
///
/// @param baseUrl what the URLs of the JMAP session begin with; empty for each request's own scheme and host
/// @param webmail folder of the built webmail; empty for the one the program comes with
/// @param uploads folder of files uploaded and not yet used; empty for one in `run/`
/// @param sessionIdle how long a webmail log-in lasts unused
/// @param sessionLife how long it lasts at most
/// @param connectionsMax open connections
public record HttpSection(
        Optional<URI> baseUrl,
        Optional<Path> webmail,
        Optional<Path> uploads,
        Duration sessionIdle,
        Duration sessionLife,
        int connectionsMax) {

    static final String ABOUT = "Webmail and JMAP.";

    static HttpSection read(Section in) {
        String url = in.text("base-url")
                .must(text -> text.matches("https?://[A-Za-z0-9.:\\[\\]-]+"), "a URL without a path, like https://mail.example")
                .means("What the URLs of the JMAP session begin with. Needed behind a proxy that ends TLS.")
                .orElse("", "each request's own");
        Path none = Path.of("");
        Path webmail = in.path("webmail").means("Folder of the built webmail.").orElse(none, "the program's own");
        Path uploads = in.path("uploads")
                .means("Folder of files uploaded and not yet used.")
                .orElse(none, "uploads/ in data.run");
        Duration idle = Section.atLeast(in.duration("session-idle"), Duration.ofMinutes(5), null)
                .means("How long a webmail log-in lasts unused.")
                .orElse(Duration.ofHours(24));
        Duration life = Section.atLeast(in.duration("session-life"), Duration.ofMinutes(5), null)
                .means("How long a webmail log-in lasts at most.")
                .orElse(Duration.ofDays(30));
        if (life.compareTo(idle) < 0) in.problem("session-life", "must be at least http.session-idle");
        int connections = Section.between(in.number("connections-max"), 1, 1_000_000)
                .means("Open connections.")
                .orElse(10_000);
        return new HttpSection(
                url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url)),
                webmail.equals(none) ? Optional.empty() : Optional.of(webmail),
                uploads.equals(none) ? Optional.empty() : Optional.of(uploads),
                idle,
                life,
                connections);
    }
}
