package casella.jmap;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Html;
import casella.base.Notices.Notice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// What pages that need no script share: their head, the brand's name, what is going on, the other language. All that comes from outside
/// is escaped.
///
/// @param brand the name people read
/// @param notice what owners of the brand are told now; null for nothing
/// @param complaints where the brand's form for complaints is; empty for none
/// @param news where news of a mailbox are asked for; empty for nowhere
record PlainPage(PlainLanguage language, String brand, @Nullable Notice notice, String complaints,
        String news) {
    static final String TYPE = "text/html; charset=utf-8";

    private static final String STYLE = read("door.css");

    String say(String italian, String english) {
        return language.say(italian, english);
    }

    /// Returns a whole page.
    ///
    /// @param path of this page in a language, `%s` for its tag
    /// @param inner HTML within the card
    byte[] whole(String title, String path, String inner) {
        return """
                <!doctype html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s – %s</title>
                <link rel="stylesheet" href="/login/style.css">
                </head>
                <body>
                %s</body>
                </html>
                """.formatted(language.tag(), Html.text(title), Html.text(brand), body(path, inner)).getBytes(UTF_8);
    }

    /// Returns what is within the body.
    String body(String path, String inner) {
        PlainLanguage other = language.other();
        return """
                <main class="door">
                <div class="card">
                <p class="brand">%s</p>
                %s</div>
                <nav class="foot" aria-label="%s"><a href="%s" lang="%s" hreflang="%s">%s</a>%s%s%s</nav>
                </main>
                """.formatted(Html.text(brand), inner, say("Altre pagine", "Other pages"),
                path.replace("%s", other.tag()), other.tag(), other.tag(), other.title(),
                link("/status/" + language.tag() + "/", say("Stato del servizio", "Service status")),
                news.isEmpty() ? "" : link(news + language.tag() + "/", say("Non riesci a entrare?",
                        "Cannot log in?")),
                complaints.isEmpty() ? ""
                        : link(complaints + language.tag() + "/", say("Reclami", "Complaints")));
    }

    /// Returns what is going on, if anything is.
    String told() {
        if (notice == null) return "";
        return "<p class=\"notice\" role=\"status\">%s <a href=\"/status/%s/\">%s</a></p>\n".formatted(
                Html.text(notice.in(language.tag())), language.tag(), say("Stato del servizio",
                        "Service status"));
    }

    private static String link(String to, String words) {
        return " <a href=\"%s\">%s</a>".formatted(Html.text(to), Html.text(words));
    }

    /// Returns the style of all of them, in the webmail's measures. It is on elements within `.door` alone: the webmail's own is beside it on
    /// its first page.
    ///
    /// @param accent `#rrggbb`; where it must be read it is made as dark or light as that takes
    static String style(String accent) {
        return STYLE.replace("#accent", accent);
    }

    private static String read(String name) {
        try (InputStream in = PlainPage.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("no resource " + name);
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
