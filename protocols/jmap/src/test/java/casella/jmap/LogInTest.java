package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Notices.Notice;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The webmail's log-in lets its owner in and nobody else, and a page of another origin cannot use
/// it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LogInTest {
    private static final String ANNA = "anna@posta.example";

    private Running running;

    @SuppressWarnings("NullAway.Init")
    LogInTest() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        running = new Running(folder);
        running.directory.add(ANNA);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private HttpResponse<String> logIn(String login, String password, String... headers) {
        HttpRequest.Builder request = running.to("/auth/session")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"login\":\"" + login + "\",\"password\":\"" + password
                        + "\"}"));
        if (headers.length > 0) request.headers(headers);
        return running.send(request);
    }

    private String cookie() {
        String set = logIn(ANNA, SmallDirectory.PASSWORD).headers().firstValue("set-cookie").orElseThrow();
        return set.substring(0, set.indexOf(';'));
    }

    @Test
    void theRightPasswordGivesACookieThatOpensTheSession() {
        HttpResponse<String> in = logIn(ANNA, SmallDirectory.PASSWORD);

        assertThat(in.statusCode()).isEqualTo(204);
        String set = in.headers().firstValue("set-cookie").orElseThrow();
        assertThat(set).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain("Secure");
        String cookie = set.substring(0, set.indexOf(';'));
        var who = running.send(running.to("/auth/session").header("Cookie", cookie).header("X-Casella", "1"));
        assertThat(who.statusCode()).isEqualTo(200);
        assertThat(Running.json(who.body()).path("address").stringValue()).isEqualTo(ANNA);
        assertThat(Running.json(who.body()).path("brand").path("title").stringValue()).isEqualTo("Posta");
    }

    @Test
    void theWrongPasswordAndAnUnknownLoginAreToldAlike() {
        HttpResponse<String> wrong = logIn(ANNA, "guess");
        HttpResponse<String> unknown = logIn("nobody@posta.example", "guess");

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo("{\"type\":\"denied\"}");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body());
        assertThat(wrong.headers().firstValue("set-cookie")).isEmpty();
    }

    @Test
    void tooManyFailuresSayWhenToTryAgain() {
        running.directory.overrun = true;
        try {
            HttpResponse<String> later = logIn(ANNA, SmallDirectory.PASSWORD);

            assertThat(later.statusCode()).isEqualTo(429);
            assertThat(later.headers().firstValue("retry-after")).contains("7");
        } finally {
            running.directory.overrun = false;
        }
    }

    @Test
    void whoIsNotLetInYetHearsPlaceAndEstimateAndOpenSessionsStay() {
        String cookie = cookie();
        running.directory.reopening = true;
        try {
            HttpResponse<String> notYet = logIn(ANNA, SmallDirectory.PASSWORD);

            assertThat(notYet.statusCode()).isEqualTo(503);
            assertThat(notYet.headers().firstValue("retry-after")).contains("90");
            assertThat(notYet.body())
                    .isEqualTo("{\"type\":\"notYet\",\"place\":41250,\"estimateSeconds\":700,"
                    + "\"retrySeconds\":90,\"detail\":{\"it\":\"Facciamo entrare tutti un po' alla volta: il tuo posto in fila e' il"
                    + " 41250, tocca a te fra circa 12 minuti. Riprova fra 90 secondi; la tua posta e' al sicuro.\",\"en\":\"We let"
                    + " everyone in a few at a time: your place in the line is 41250, your turn is in about 12 minutes. Try again in 90"
                    + " seconds; your mail is safe.\"}}");
            assertThat(status(cookie, "X-Casella", "1")).isEqualTo(200);
        } finally {
            running.directory.reopening = false;
        }
    }

    @Test
    void whichProgramAsksForTheSessionIsTold() {
        running.used.clear();
        assertThat(running.send(running.to("/jmap/session").header("Cookie", cookie()).header("X-Casella",
                "1")
                .header("User-Agent", "Mozilla/5.0 (X11)")).statusCode()).isEqualTo(200);
        String basic = Base64.getEncoder().encodeToString((ANNA + ":" + SmallDirectory.PASSWORD)
                .getBytes(StandardCharsets.UTF_8));
        assertThat(running.send(running.to("/jmap/session").header("Authorization", "Basic " + basic)
                .header("User-Agent", "Ltt.rs/0.4 (Android)")).statusCode()).isEqualTo(200);
        running.send(running.to("/jmap/session").header("User-Agent", "Guesser/1"));
        assertThat(running.used).hasSize(2).anyMatch(one -> one.endsWith(" JMAP webmail")).anyMatch(one ->
                one.endsWith(" JMAP Ltt.rs"));
    }

    @Test
    void aCookieWithoutTheGuardHeaderOrFromAnotherOriginIsRefused() {
        String cookie = cookie();

        assertThat(status(cookie)).isEqualTo(403);
        assertThat(status(cookie, "X-Casella", "1", "Origin", "https://evil.example")).isEqualTo(403);
        assertThat(status(cookie, "X-Casella", "1", "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
        assertThat(status(cookie, "X-Casella", "1", "Sec-Fetch-Site", "same-origin", "Origin", running.base))
                .isEqualTo(200);
    }

    private int status(String cookie, String... headers) {
        HttpRequest.Builder request = running.to("/jmap/session").header("Cookie", cookie);
        if (headers.length > 0) request.headers(headers);
        return running.send(request).statusCode();
    }

    @Test
    void aLogInFromAFormOrAnotherPageIsRefused() {
        var form = running.send(running.to("/auth/session")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"login\":\"x\",\"password\":\"y\"}")));
        var other = logIn(ANNA, SmallDirectory.PASSWORD, "Sec-Fetch-Site", "cross-site");

        assertThat(form.statusCode()).isEqualTo(415);
        assertThat(other.statusCode()).isEqualTo(403);
    }

    @Test
    void afterLogOutTheCookieOpensNothing() {
        String cookie = cookie();

        var out = running.send(running.to("/auth/session").header("Cookie", cookie).header("X-Casella", "1")
                .DELETE());

        assertThat(out.statusCode()).isEqualTo(204);
        assertThat(out.headers().firstValue("set-cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(status(cookie, "X-Casella", "1")).isEqualTo(401);
    }

    @Test
    void theSessionEndsWhenTheAccountIsDisabled() {
        running.directory.add("carla@posta.example");
        String set = logIn("carla@posta.example", SmallDirectory.PASSWORD).headers().firstValue("set-cookie")
                .orElseThrow();
        String cookie = set.substring(0, set.indexOf(';'));

        running.directory.disable("carla@posta.example");

        assertThat(status(cookie, "X-Casella", "1")).isEqualTo(401);
        assertThat(logIn("carla@posta.example", SmallDirectory.PASSWORD).statusCode()).isEqualTo(401);
    }

    @Test
    void theBrandIsThatOfTheHostOrTheFirst() {
        var brand = running.send(running.to("/brand"));

        assertThat(brand.body()).isEqualTo(
                "{\"name\":\"posta\",\"title\":\"Posta\",\"accent\":\"#1b6ac9\",\"languages\":[\"it\",\"en\"],\"notice\":null,"
                        + "\"complaints\":null}");
        running.complaints.at = "/complaints/";
        try {
            assertThat(Running.json(running.send(running.to("/brand")).body()).path("complaints").asString())
                    .isEqualTo("/complaints/");
        } finally {
            running.complaints.at = "";
        }
    }

    @Test
    void beforeTheLogInItIsSaidWhatTheOperatorsSay() {
        running.notices.say(new Notice(4, "minor", "monitoring", Instant.EPOCH, "Lenta.", "Slow."));
        try {
            var notice = Running.json(running.send(running.to("/brand")).body()).path("notice");
            assertThat(notice.toString())
                    .isEqualTo("{\"id\":\"n4\",\"severity\":\"minor\",\"state\":\"monitoring\","
                    + "\"changed\":\"1970-01-01T00:00:00Z\",\"text\":{\"it\":\"Lenta.\",\"en\":\"Slow.\"}}");
        } finally {
            running.notices.say(null);
        }
    }

    @Test
    void statusPagesAreForAnybodyAndRunNothing() {
        running.status = (host, path) -> path.equals("it/") && host.equals("127.0.0.1")
                ? Optional.of(new PublicPages.Page("text/html; charset=utf-8",
                        "<p>ok".getBytes(StandardCharsets.UTF_8)))
                : Optional.empty();
        try {
            var page = running.send(running.to("/status/it/"));
            assertThat(page.body()).isEqualTo("<p>ok");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("default-src 'none'")
                    .doesNotContain("script");
            assertThat(running.send(running.to("/status/none")).statusCode()).isEqualTo(404);
            assertThat(running.send(running.to("/status")).headers().firstValue("Location"))
                    .contains("/status/");
        } finally {
            running.status = PublicPages.NONE;
        }
    }

    @Test
    void basicOpensTheSessionObjectAndTheWellKnownPlaceLeadsThere() {
        var known = running.send(running.to("/.well-known/jmap"));
        var session = running.send(running.as(ANNA, "/jmap/session"));
        var nobody = running.send(running.to("/jmap/session"));

        assertThat(known.statusCode()).isEqualTo(307);
        assertThat(known.headers().firstValue("location")).contains(running.base + "/jmap/session");
        assertThat(Running.json(session.body()).path("username").stringValue()).isEqualTo(ANNA);
        assertThat(Running.json(session.body()).path("apiUrl").stringValue()).isEqualTo(running.base
                + "/jmap/api");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("www-authenticate").orElseThrow()).startsWith("Basic");
    }

    @Test
    void whatIsAskedOfADomainIsAnsweredToAnybody() {
        var posted = running.send(running.to("/Asked/Here.xml?emailaddress=a%40posta.example")
                .POST(BodyPublishers.ofString("<a/>")));
        var unknown = running.send(running.to("/asked/here.xml"));
        var tooLong = running.send(running.to("/asked/here.xml?a=b")
                .POST(BodyPublishers.ofString("x".repeat(ClientSetup.BYTES_MAX + 1))));
        var put = running.send(running.to("/asked/here.xml?a=b").PUT(BodyPublishers.ofString("x")));

        assertThat(posted.statusCode()).isEqualTo(200);
        assertThat(posted.body()).isEqualTo("<a/>");
        assertThat(posted.headers().firstValue("content-type")).contains("text/xml; charset=utf-8");
        assertThat(posted.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(running.setup.questions.getFirst().host()).isEqualTo("127.0.0.1");
        assertThat(running.setup.questions.getFirst().query()).containsEntry("emailaddress",
                "a@posta.example");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(tooLong.statusCode()).isEqualTo(413);
        assertThat(put.statusCode()).isEqualTo(404);
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        for (String path : new String[] {"/", "/brand", "/jmap/session", "/nothing.here"}) {
            var headers = running.send(running.to(path)).headers();

            assertThat(headers.firstValue("content-security-policy").orElseThrow())
                    .contains("frame-ancestors 'none'");
            assertThat(headers.firstValue("x-content-type-options")).contains("nosniff");
            assertThat(headers.firstValue("referrer-policy")).contains("no-referrer");
        }
    }
}
