package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Given.Credit;
import casella.base.Metrics;
import casella.base.Notices.Notice;
import casella.base.OwnRecord.Absence;
import casella.base.OwnRecord.Attempt;
import casella.base.OwnRecord.Away;
import casella.base.OwnRecord.Came;
import casella.base.OwnRecord.Reckoned;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.SqliteDirectory;
import casella.store.Service;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an owner without script comes in, sees how the mailbox is and goes out, that no other page can do it for them, that what
/// others wrote stays text, and that a flood costs little.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PlainDoorTest {
    private static final String ANNA = "anna@posta.example";
    private static final String TOKEN = "0123456789abcdefghijkl";
    private static final String HOSTILE = "<script>alert(1)</script>\"'&";
    private static final int PAGE_BYTES_MAX = 50 << 10;
    private static final Pattern FIELD = Pattern.compile("name=\"token\" value=\"([^\"]*)\"");

    private Running running;

    @SuppressWarnings("NullAway.Init")
    PlainDoorTest() {}

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        Path web = Files.createDirectories(folder.resolve("web/assets"));
        Files.writeString(web.resolve("app-1a2b.js"), "1");
        Files.writeString(folder.resolve("web/index.html"), """
                <!doctype html><html lang="en"><head><title>Casella</title>
                <noscript><meta http-equiv="refresh" content="0; url=/mailbox/" /></noscript>
                <script type="module" src="/assets/app-1a2b.js"></script></head><body>
                <div id="page"></div></body></html>
                """);
        running = new Running(folder, config -> JmapConfigs.webmail(config, folder.resolve("web")));
        running.account(ANNA);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = running.to(path);
        if (headers.length > 0) request.headers(headers);
        return running.send(request);
    }

    private HttpRequest.Builder form(String path, Map<String, String> fields) {
        var body = new ArrayList<String>();
        fields.forEach((name, value) -> body.add(name + "=" + URLEncoder.encode(value,
                StandardCharsets.UTF_8)));
        return running.to(path).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(String.join("&", body)));
    }

    /// Fills in the form as a browser does that was on the page before.
    private HttpResponse<String> logIn(String login, String password) {
        return running.send(form("/login/it/", Map.of("login", login, "password", password, "token", TOKEN))
                .header("Cookie", PlainDoor.FORM_COOKIE + "=" + TOKEN).header("Origin", running.base));
    }

    private static String session(HttpResponse<String> response) {
        String set = response.headers().firstValue("set-cookie").orElseThrow();
        assertThat(set).startsWith("casella-session=");
        return set.substring(0, set.indexOf(';'));
    }

    @Test
    void thePageIsAFormInTheBrandsNameInBothLanguagesAndRunsNothing() {
        for (String language : List.of("it", "en")) {
            HttpResponse<String> page = get("/login/" + language + "/");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("<html lang=\"" + language + "\">",
                    "<p class=\"brand\">Posta</p>",
                    "<form method=\"post\" action=\"/login/" + language + "/\"", "href=\"/status/" + language
                            + "/\"")
                    .contains(language.equals("it") ? "Entra nella tua casella" : "Log in to your mailbox")
                    .contains(language.equals("it") ? "href=\"/login/en/\" lang=\"en\""
                            : "href=\"/login/it/\" lang=\"it\"")
                    .doesNotContain("<script").doesNotContain("style=").doesNotContain("/complaints/");
            assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                    .startsWith("default-src 'none'")
                    .contains("form-action 'self'").doesNotContain("script-src").doesNotContain("unsafe");
            assertThat(page.headers().firstValue("cache-control")).contains("no-store");
            // A page without a referrer would send its form with an origin that is not ours.
            assertThat(page.headers().firstValue("referrer-policy")).contains("same-origin");
            int bytes = page.body().getBytes(StandardCharsets.UTF_8).length;
            assertThat(bytes + get("/login/style.css").body().length()).isBetween(3_000, PAGE_BYTES_MAX);
        }
        assertThat(get("/login/style.css").body()).contains("--d-brand: #1b6ac9;");
        running.complaints.at = "/complaints/";
        try {
            assertThat(get("/login/en/").body()).contains("href=\"/complaints/en/\">Complaints</a>");
        } finally {
            running.complaints.at = "";
        }
    }

    @Test
    void theLanguageIsTheReadersAndElseTheBrands() {
        Map<String, String> asked = Map.of("it-IT,it;q=0.9,en;q=0.8", "it", "de, en;q=0.3, it;q=0.2", "en",
                "en-GB", "en",
                "de", "it", "it;q=x", "it", "", "it");
        asked.forEach((accepted, language) -> assertThat(get("/login/", "Accept-Language", accepted).headers()
                .firstValue("location")).as(accepted).contains("/login/" + language + "/"));
    }

    @Test
    void theRightPasswordLeadsToTheWebmailAndTheCookieOpensIt() {
        HttpResponse<String> in = logIn(ANNA, SmallDirectory.PASSWORD);

        assertThat(in.statusCode()).isEqualTo(303);
        assertThat(in.headers().firstValue("location")).contains("/");
        assertThat(in.headers().firstValue("set-cookie").orElseThrow()).contains("HttpOnly",
                "SameSite=Strict", "Path=/");
        assertThat(get("/auth/session", "Cookie", session(in), "X-Casella", "1").body()).contains(ANNA);
    }

    @Test
    void aWrongPasswordAndAnUnknownLoginAreToldAlikeAndTheAddressStays() {
        HttpResponse<String> wrong = logIn(ANNA, "guess");
        HttpResponse<String> unknown = logIn("nobody@posta.example", "guess");

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).contains("role=\"alert\">Indirizzo e password non corrispondono", "value=\""
                + ANNA + "\"")
                .doesNotContain("guess");
        assertThat(wrong.headers().map()).doesNotContainKey("set-cookie");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body().replace(ANNA, "nobody@posta.example"));
    }

    @Test
    void whatIsMissingTooOftenOrNotYetIsSaid() {
        assertThat(logIn(" ", "x").statusCode()).isEqualTo(422);
        assertThat(logIn(ANNA, "").body()).contains("Scrivi il tuo indirizzo e la password.");
        running.directory.overrun = true;
        try {
            HttpResponse<String> later = logIn(ANNA, SmallDirectory.PASSWORD);
            assertThat(later.statusCode()).isEqualTo(429);
            assertThat(later.headers().firstValue("retry-after")).contains("7");
            assertThat(later.body()).contains("Troppi tentativi. Riprova fra 1 minuto.");
        } finally {
            running.directory.overrun = false;
        }
        running.directory.reopening = true;
        try {
            HttpResponse<String> notYet = logIn(ANNA, SmallDirectory.PASSWORD);
            assertThat(notYet.statusCode()).isEqualTo(503);
            assertThat(notYet.headers().firstValue("retry-after")).contains("90");
            assertThat(notYet.body())
                    .contains("Il tuo posto in fila è il 41.250, tocca a te fra circa 12 minuti. Riprova fra 2"
                    + " minuti; la tua posta è al sicuro.");
        } finally {
            running.directory.reopening = false;
        }
    }

    @Test
    void noOtherPageLogsAReaderIn() {
        int before = running.directory.verified.get();
        Map<String, String> right = Map.of("login", ANNA, "password", SmallDirectory.PASSWORD, "token",
                TOKEN);
        String cookie = PlainDoor.FORM_COOKIE + "=" + TOKEN;

        HttpResponse<String> stranger = running.send(form("/login/it/", right).header("Cookie", cookie)
                .header("Origin", "https://evil.example"));
        HttpResponse<String> crossSite = running.send(form("/login/it/", right).header("Cookie", cookie)
                .header("Sec-Fetch-Site", "cross-site"));
        // An old browser says nothing of where a form is from.
        HttpResponse<String> noCookie = running.send(form("/login/it/", right));
        HttpResponse<String> otherToken = running.send(form("/login/it/", right).header("Cookie",
                PlainDoor.FORM_COOKIE + "=" + TOKEN.replace('0', '1')));
        HttpResponse<String> emptyBoth = running.send(form("/login/it/", Map.of("login", ANNA, "password",
                SmallDirectory.PASSWORD, "token", "")).header("Cookie", PlainDoor.FORM_COOKIE + "="));
        HttpResponse<String> text = running.send(running.to("/login/it/").header("Content-Type", "text/plain")
                .header("Cookie", cookie).POST(BodyPublishers.ofString("login=x&password=y&token=" + TOKEN)));

        assertThat(List.of(stranger, crossSite, noCookie, otherToken, emptyBoth)).allSatisfy(refused -> {
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.headers().firstValue("set-cookie").orElse(""))
                    .doesNotContain("casella-session");
        });
        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(running.directory.verified.get()).isEqualTo(before);
        // Who keeps cookies goes on from there: the page brings what is missing.
        Matcher field = FIELD.matcher(noCookie.body());
        assertThat(field.find()).isTrue();
        String kept = noCookie.headers().firstValue("set-cookie").orElseThrow();
        assertThat(kept).startsWith(PlainDoor.FORM_COOKIE + "=" + field.group(1) + ";").contains("HttpOnly",
                "SameSite=Strict");
        assertThat(noCookie.body()).contains("Riprova.", "value=\"" + ANNA + "\"");
    }

    @Test
    void aPageBesideAnotherHasItsToken() {
        HttpResponse<String> page = get("/login/it/", "Cookie", PlainDoor.FORM_COOKIE + "=" + TOKEN);
        assertThat(page.body()).contains("value=\"" + TOKEN + "\"");
        HttpResponse<String> odd = get("/login/it/", "Cookie", PlainDoor.FORM_COOKIE
                + "=\"><b>hello, you 22<");
        assertThat(odd.body()).doesNotContain("<b>");
    }

    @Test
    void whatOthersWroteStaysText() {
        List<Brand> before = running.directory.brands;
        running.directory.brands = List.of(new Brand("posta", HOSTILE, List.of("posta.localhost"), "#1b6ac9",
                List.of("it")));
        running.notices.say(new Notice(4, "major", "monitoring", Instant.EPOCH, "Guasto " + HOSTILE, "Fault "
                + HOSTILE));
        try {
            HttpResponse<String> echoed = logIn(HOSTILE, "guess");
            for (HttpResponse<String> page : List.of(get("/login/it/"), get("/login/en/"), get("/"),
                    echoed)) {
                assertThat(page.body()).doesNotContain("<script>alert")
                        .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;");
            }
            assertThat(echoed.body()).contains("value=\"&lt;script&gt;").contains("Guasto &lt;script&gt;");
        } finally {
            running.notices.say(null);
            running.directory.brands = before;
        }
    }

    @Test
    void theWebmailsFirstPageHasTheFormForWhoeverIsNotLoggedIn() {
        HttpResponse<String> stranger = get("/", "Accept-Language", "en");
        assertThat(stranger.body()).contains("<html lang=\"en\"", "<title>Posta</title>",
                "Log in to your mailbox",
                "src=\"/assets/app-1a2b.js\"", "/login/style.css").doesNotContain("noscript");
        assertThat(stranger.headers().firstValue("cache-control")).contains("no-store");
        assertThat(stranger.headers().firstValue("referrer-policy")).contains("same-origin");
        assertThat(get("/mail/inbox").body()).contains("Entra nella tua casella");
        assertThat(get("/assets/app-1a2b.js").body()).isEqualTo("1");
        assertThat(get("/assets/app-1a2b.js").headers().map()).doesNotContainKey("set-cookie");
        String cookie = session(logIn(ANNA, SmallDirectory.PASSWORD));
        assertThat(get("/", "Cookie", cookie).body()).contains("<div id=\"page\"></div>", "<noscript>")
                .doesNotContain("<form");
        // A cookie that opens nothing is nobody's.
        assertThat(get("/", "Cookie", "casella-session=none").body()).contains("<form");
    }

    @Test
    void theMailboxPageSaysHowItIsWhatWasRecordedAndHowAProgramReachesIt() {
        String mario = "mario@posta.example";
        var account = running.account(mario);
        AccountId id = account.id();
        Instant from = Instant.parse("2026-11-20T08:00:00Z");
        running.own.absences.put(id, List.of(
                new Absence("days90", 0, "", "", from, from.plusSeconds(60), new Away(0, 0, 0, 0, 0, 0),
                        List.of()),
                new Absence("n3", 3, "Disco " + HOSTILE, "Disk", from, null, new Away(0, 7_260_000, 0, 0, 1,
                        7_260_000), List.of())));
        running.own.reckoned.put(id, new Reckoned(from, 1_240, 1_200, 40, 0, 0, 0,
                Map.of("n3", new Came(12, from, from)), ""));
        running.own.attempts.put(id, List.of(new Attempt("t1", HOSTILE, from, from, 1, 450, "later", null)));
        running.given.put(id, List.of(new Credit(1, 3, "Disco", "Disk", 1_000_000_000, 6, from, null)));
        String cookie = session(logIn(mario, SmallDirectory.PASSWORD));
        running.contentsAway(account);
        try {
            HttpResponse<String> page = get("/mailbox/", "Cookie", cookie);

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("<html lang=\"it\">", mario,
                    ServiceWords.of(Service.State.CONTENTS_AWAY, true), "Disco &lt;script&gt;",
                    "ancora in corso", "<th scope=\"row\">Casella non raggiungibile</th><td class=\"time\">2 h 1 min</td>",
                    "<th scope=\"row\">Non arrivavano gli avvisi di nuova posta</th><td class=\"time\">0 h 1 min</td>",
                    "<th scope=\"row\">Messaggi arrivati intanto</th><td>12</td>", "Tutto ha funzionato per tutto il tempo.",
                    "1.240", "Nessuno è andato perso.", "<td>&lt;script&gt;", "1.000 MB di spazio in più, per sempre. 6 mesi gratis.",
                    "<th scope=\"row\">IMAP</th><td>mx.posta.example</td><td>993</td><td>TLS</td>", "20 novembre 2026",
                    "action=\"/logout/it/\"").doesNotContain("<script").doesNotContain("Non si poteva inviare");
            assertThat(page.headers().firstValue("content-security-policy").orElseThrow()).doesNotContain("script-src");
            assertThat(page.headers().firstValue("cache-control")).contains("no-store");
            assertThat(get("/mailbox/en/", "Cookie", cookie).body()).contains("<html lang=\"en\">",
                    ServiceWords.of(Service.State.CONTENTS_AWAY, false), "None was lost.");
        } finally {
            running.contentsBack();
        }
        running.own.reckoned.remove(id);
        assertThat(get("/mailbox/", "Cookie", cookie).body()).contains("Tutto funziona.",
                "Adesso non si possono contare.");
        assertThat(get("/mailbox/").headers().firstValue("location")).contains("/login/");
    }

    @Test
    void theStateIsSaidInTheWebmailsWords() throws IOException {
        for (PlainLanguage language : PlainLanguage.values()) {
            Path words = Path.of(System.getProperty("casella.root"), "web/mail/src/words", language.tag()
                    + ".ts");
            String spoken = Files.readString(words);
            String received = language.say("Ricevuti durante il guasto", "Received during the fault");

            assertThat(spoken).contains(ServiceWords.of(Service.State.CONTENTS_AWAY,
                    language == PlainLanguage.ITALIAN), received,
                    ServiceWords.of(Service.State.CONTINUATION, language == PlainLanguage.ITALIAN)
                            .replace(received, "${folder}"));
        }
    }

    @Test
    void loggingOutEndsTheLogInAndNoOtherPageDoesIt() {
        String cookie = session(logIn(ANNA, SmallDirectory.PASSWORD));
        String both = cookie + "; " + PlainDoor.FORM_COOKIE + "=" + TOKEN;

        assertThat(running.send(form("/logout/it/", Map.of("token", "x")).header("Cookie", both))
                .statusCode()).isEqualTo(403);
        assertThat(running.send(form("/logout/it/", Map.of("token", TOKEN)).header("Cookie", both)
                .header("Origin", "https://evil.example")).statusCode()).isEqualTo(403);
        assertThat(get("/mailbox/", "Cookie", cookie).statusCode()).isEqualTo(200);
        HttpResponse<String> out = running.send(form("/logout/it/", Map.of("token", TOKEN)).header("Cookie",
                both));

        assertThat(out.statusCode()).isEqualTo(303);
        assertThat(out.headers().firstValue("location")).contains("/login/it/?left=1");
        assertThat(out.headers().firstValue("set-cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(get("/mailbox/", "Cookie", cookie).statusCode()).isEqualTo(303);
        assertThat(get("/login/it/?left=1").body()).contains("Sei uscito.");
    }

    @Test
    void aPasswordInClearIsNotLookedAt(@TempDir Path folder) {
        try (var strict = new Running(folder, JmapConfigs::strict)) {
            strict.directory.add(ANNA);
            HttpResponse<String> said = strict.send(strict.to("/login/it/").header("Content-Type",
                    "application/x-www-form-urlencoded")
                    .header("Cookie", PlainDoor.FORM_COOKIE + "=" + TOKEN)
                    .POST(BodyPublishers.ofString("login=" + ANNA + "&password=casella&token=" + TOKEN)));

            assertThat(said.statusCode()).isEqualTo(403);
            assertThat(said.body()).contains("https");
            assertThat(strict.directory.verified.get()).isZero();
        }
    }

    @Test
    void aFloodOfFormsIsTurnedAwayAndThePageStays(@TempDir Path folder) throws Exception {
        DirectorySettings few = DirectorySettings.cheap().withThrottle(20, Duration.ofMinutes(10), true);
        try (var directory = SqliteDirectory.open(folder.resolve("directory"), few, Metrics.none());
                var flooded = new Running(folder, config -> config, directory.authenticator());
                var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            var posts = new ArrayList<Callable<HttpResponse<String>>>();
            for (int i = 0; i < 300; i++) {
                String login = "nobody" + i + "@posta.example";
                posts.add(() -> flooded.send(flooded.to("/login/it/").header("Content-Type",
                        "application/x-www-form-urlencoded")
                        .header("Cookie", PlainDoor.FORM_COOKIE + "=" + TOKEN)
                        .POST(BodyPublishers.ofString("login=" + login + "&password=guess&token=" + TOKEN))));
            }
            for (int i = 0; i < 20; i++) assertThat(posts.get(i).call().statusCode()).isEqualTo(401);
            for (var answer : readers.invokeAll(posts)) {
                assertThat(answer.get().statusCode()).isEqualTo(429);
                assertThat(answer.get().headers().firstValue("retry-after")).isPresent();
                assertThat(answer.get().body()).contains("Troppi tentativi. Riprova fra 10 minuti.");
            }
            assertThat(flooded.send(flooded.to("/login/it/")).statusCode()).isEqualTo(200);
            String long_ = "login=x&token=" + TOKEN + "&password=" + "p".repeat(9_000);
            assertThat(flooded.send(flooded.to("/login/it/").header("Content-Type",
                    "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(long_))).statusCode()).isEqualTo(413);
        }
    }
}
