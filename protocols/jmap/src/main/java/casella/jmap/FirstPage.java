package casella.jmap;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Html;
import io.helidon.http.HeaderNames;
import java.util.regex.Matcher;

/// The webmail's `index.html`, and the same with the log-in form in it, for whoever is not logged in: it is there before the script is, and
/// without it. The script puts its own in its place.
///
/// A log-in form is put between the parts of a page that was built with [#PLACE] in it; in any other page there is none.
final class FirstPage {
    /// Where the form comes in.
    static final String PLACE = "<div id=\"page\"></div>";

    private static final String HEAD_END = "</head>";
    /// Leads readers who are logged in and have no script to what there is without.
    private static final String NO_SCRIPT = "<noscript>";
    private static final String NO_SCRIPT_END = "</noscript>";

    private final StaticFiles files;
    private final String head;
    private final String tail;

    FirstPage(StaticFiles files) {
        this.files = files;
        StaticFiles.File index = files.at("/");
        String page = index == null ? "" : new String(index.bytes(), UTF_8);
        int place = page.indexOf(PLACE);
        this.head = place < 0 ? "" : without(page.substring(0, place));
        this.tail = place < 0 ? "" : page.substring(place + PLACE.length());
    }

    private static String without(String head) {
        int from = head.indexOf(NO_SCRIPT);
        int until = head.indexOf(NO_SCRIPT_END);
        String plain = from < 0 || until < from ? head
                : head.substring(0, from) + head.substring(until + NO_SCRIPT_END.length());
        return plain.replace(HEAD_END,
                "<link id=\"door-style\" rel=\"stylesheet\" href=\"/login/style.css\">\n" + HEAD_END);
    }

    /// Says whether there is a webmail that a form can be put into.
    boolean there() {
        return !head.isEmpty();
    }

    /// Says whether it is what is at `path`.
    boolean at(String path) {
        return there() && files.view(path);
    }

    /// Answers with the file at the request's path.
    void serve(Exchange exchange) {
        files.serve(exchange);
    }

    /// Answers with the page and the form in it.
    void serveWith(Exchange exchange, LogInPage form) {
        SecurityHeaders.firstPage(exchange.response());
        exchange.response().header(HeaderNames.CONTENT_TYPE, PlainPage.TYPE);
        String title = "<title>" + Html.text(form.frame().brand()) + "</title>";
        String page = head.replaceFirst("<html lang=\"[a-z]*\"", "<html lang=\"" + form.frame().language().tag() + "\"")
                .replaceFirst("<title>[^<]*</title>", Matcher.quoteReplacement(title))
                + "<div id=\"page\">\n" + form.within() + "</div>" + tail;
        exchange.bytes(200, page.getBytes(UTF_8));
    }
}
