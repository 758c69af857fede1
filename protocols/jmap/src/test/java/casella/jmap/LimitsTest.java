package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Fault;
import casella.delivery.SendingAllowance;
import casella.directory.Authenticator.Grant;
import casella.testkit.Trouble;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;

/// Every limit is kept and named, log-ins end in time, and a store that is away costs a call, not
/// the connection.
final class LimitsTest {
    private static final String ANNA = "anna@posta.example";

    @TempDir Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    LimitsTest() {}

    /// A clock that stands still until told.
    private static final class Hands implements Clock {
        private Instant now = Instant.parse("2026-11-22T12:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public long nanos() {
            return now.getEpochSecond() * 1_000_000_000L;
        }
    }

    @Test
    void whatAnOwnerSendsToOtherServersIsCountedAndSaid() {
        var limits = new SendingAllowance.Limits(10, 3, 100);
        try (var running = new Running(folder, config -> config, null, limits)) {
            String account = running.account(ANNA).id().toString();
            String identity = running.api(ANNA, """
                    {"using":["urn:ietf:params:jmap:core","urn:ietf:params:jmap:submission"],"methodCalls":[
                    ["Identity/get",{"accountId":"%s"},"0"]]}""".formatted(account))
                    .at("/methodResponses/0/1/list/0/id").stringValue();
            String inbox = running.api(ANNA, """
                    {"using":["urn:ietf:params:jmap:core","urn:ietf:params:jmap:mail"],"methodCalls":[
                    ["Mailbox/get",{"accountId":"%s"},"0"]]}""".formatted(account))
                    .at("/methodResponses/0/1/list/0/id").stringValue();
            String answers = running.api(ANNA, """
                    {"using":["urn:ietf:params:jmap:core","urn:ietf:params:jmap:mail","urn:ietf:params:jmap:submission"],
                    "methodCalls":[["Email/set",{"accountId":"%1$s","create":{"d":{"mailboxIds":{"%2$s":true},
                    "from":[{"email":"%4$s"}],"subject":"S","bodyValues":{"t":{"value":"Hello"}},
                    "textBody":[{"partId":"t"}]}}},"0"],
                    ["EmailSubmission/set",{"accountId":"%1$s","create":{
                    "a":{"emailId":"#d","identityId":"%3$s","envelope":{"mailFrom":{"email":"%4$s"},
                    "rcptTo":[{"email":"x@elsewhere.test"},{"email":"y@elsewhere.test"}]}}}},"1"],
                    ["EmailSubmission/set",{"accountId":"%1$s","create":{
                    "b":{"emailId":"#d","identityId":"%3$s","envelope":{"mailFrom":{"email":"%4$s"},
                    "rcptTo":[{"email":"x@elsewhere.test"},{"email":"y@elsewhere.test"}]}}}},"2"],
                    ["EmailSubmission/set",{"accountId":"%1$s","create":{
                    "c":{"emailId":"#d","identityId":"%3$s","envelope":{"mailFrom":{"email":"%4$s"},
                    "rcptTo":[{"email":"x@elsewhere.test"},{"email":"%4$s"}]}}}},"3"]]}"""
                    .formatted(account, inbox, identity, ANNA)).path("methodResponses").toString();

            assertThat(answers).contains("\"created\":{\"a\"").contains("\"created\":{\"c\"");
            assertThat(answers).contains("\"notCreated\":{\"b\":{\"type\":\"rateLimit\",\"description\":"
                    + "\"You may send to other servers 3 recipients an hour, send the rest later\"}}");
        }
    }

    @Test
    void aRequestThatIsTooLargeIsRefusedWithTheNameOfTheLimit() {
        try (var running = new Running(folder)) {
            running.account(ANNA);
            var response =
                    running.send(
                            running.as(ANNA, "/jmap/api")
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofByteArray(new byte[(10 << 20) + 1])));

            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(Running.json(response.body()).path("limit").stringValue())
                    .isEqualTo("maxSizeRequest");
            assertThat(response.headers().firstValue("content-type"))
                    .contains("application/problem+json");
        }
    }

    @Test
    void aRequestThatIsNotJsonByItsTypeIsRefused() {
        try (var running = new Running(folder)) {
            running.account(ANNA);
            var response =
                    running.send(
                            running.as(ANNA, "/jmap/api")
                                    .header("Content-Type", "text/plain")
                                    .POST(BodyPublishers.ofString("{}")));

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("urn:ietf:params:jmap:error:notJSON");
        }
    }

    @Test
    void answersThatReferToEachOtherCannotGrowWithoutEnd() {
        try (var running = new Running(folder)) {
            running.account(ANNA);
            var calls =
                    new StringBuilder(
                            "[\"Core/echo\",{\"x\":\"" + "y".repeat(1_000) + "\"},\"0\"]");
            for (int i = 1; i < 32; i++) {
                String reference =
                        "{\"resultOf\":\"" + (i - 1) + "\",\"name\":\"Core/echo\",\"path\":\"\"}";
                calls.append(
                        ",[\"Core/echo\",{\"#a\":"
                                + reference
                                + ",\"#b\":"
                                + reference
                                + "},\""
                                + i
                                + "\"]");
            }
            var answer =
                    running.api(
                            ANNA,
                            "{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":["
                                    + calls
                                    + "]}");

            assertThat(answer.toString()).contains("requestTooLarge").hasSizeLessThan(40_000_000);
        }
    }

    @Test
    void aPasswordWithoutTlsIsRefusedUnlessTheSettingAllowsThisMachine() {
        try (var running = new Running(folder, JmapConfigs::strict)) {
            running.account(ANNA);

            assertThat(running.send(running.as(ANNA, "/jmap/session")).statusCode()).isEqualTo(403);
            assertThat(
                            running.send(
                                            running.to("/auth/session")
                                                    .header("Content-Type", "application/json")
                                                    .POST(
                                                            BodyPublishers.ofString(
                                                                    "{\"login\":\"a\",\"password\":\"b\"}")))
                                    .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void aStoreThatIsAwayIsToldAsServerUnavailableAndTheConnectionLives() {
        try (var running = new Running(folder)) {
            String account = running.account(ANNA).id().toString();
            String get =
                    "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],\"methodCalls\":["
                        + "[\"Mailbox/get\",{\"accountId\":\""
                            + account
                            + "\"},\"0\"],[\"Core/echo\",{},\"1\"]]}";

            running.store.engine().reads(new Trouble.Failing(() -> new Fault.Unavailable("Away", Map.of())));
            var away = running.api(ANNA, get);
            running.store.engine().heal();
            var back = running.api(ANNA, get);

            assertThat(away.path("methodResponses").path(0).path(1).path("type").stringValue())
                    .isEqualTo("serverUnavailable");
            assertThat(away.path("methodResponses").path(1).path(0).stringValue())
                    .isEqualTo("Core/echo");
            assertThat(back.path("methodResponses").path(0).path(0).stringValue())
                    .isEqualTo("Mailbox/get");
        }
    }

    @Test
    void logInsEndUnusedAndInAnyCase() {
        var hands = new Hands();
        var sessions = new WebSessions(JmapConfig.defaults(folder), hands);
        var account = new AccountId(7);

        String token = sessions.open(account, Grant.LASTING);
        hands.pass(Duration.ofHours(23));
        assertThat(sessions.account(token)).contains(account);
        hands.pass(Duration.ofHours(25));
        assertThat(sessions.account(token)).isEmpty();

        String kept = sessions.open(account, Grant.LASTING);
        for (int hours = 0; hours < 30 * 24; hours += 12) {
            assertThat(sessions.account(kept)).contains(account);
            hands.pass(Duration.ofHours(12));
        }
        hands.pass(Duration.ofMinutes(1));
        assertThat(sessions.account(kept)).isEmpty();
    }

    @Test
    void ofTooManyLogInsTheLeastUsedGivesWay() {
        var sessions = new WebSessions(JmapConfig.defaults(folder), new Hands());
        var account = new AccountId(7);
        var tokens = new ArrayList<String>();
        for (int i = 0; i < 20; i++) tokens.add(sessions.open(account, Grant.LASTING));
        sessions.account(tokens.get(0));

        String next = sessions.open(account, Grant.LASTING);

        assertThat(sessions.account(tokens.get(1))).isEmpty();
        assertThat(sessions.account(tokens.get(0))).contains(account);
        assertThat(sessions.account(next)).contains(account);
        assertThat(sessions.count()).isEqualTo(20);
    }

    @Test
    void oldUploadsGiveWayAndExpire() throws IOException {
        var hands = new Hands();
        var account = new AccountId(7);
        try (var uploads = new DiskUploads(folder, 100, Duration.ofHours(1), hands)) {
            var first = keep(uploads, account, 60, (byte) 1);
            hands.pass(Duration.ofMinutes(1));
            var second = keep(uploads, account, 60, (byte) 2);

            assertThat(uploads.read(account, first.hash())).isEmpty();
            assertThat(uploads.read(account, second.hash())).isPresent();
            assertThat(uploads.read(new AccountId(8), second.hash())).isEmpty();
            hands.pass(Duration.ofHours(2));
            assertThat(uploads.read(account, second.hash())).isEmpty();
        }
        // Sweeping is done beside; what is over may be gone already.
        try (var files = Files.list(folder.resolve(account.toString()))) {
            assertThat(files).hasSizeLessThanOrEqualTo(1);
        }
    }

    private static Uploads.Kept keep(
            DiskUploads uploads, AccountId account, int count, byte value) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, value);
        try (var incoming = uploads.receive(account)) {
            incoming.write(bytes, count);
            return incoming.finish();
        }
    }

    @Test
    void theWebmailsFilesAreServedWithTheirRules() throws IOException {
        Path web = Files.createDirectories(folder.resolve("web/assets"));
        Files.writeString(web.resolve("app-1a2b.js"), "1");
        Files.writeString(folder.resolve("web/index.html"), "<!doctype html>");
        try (var running =
                new Running(folder, config -> JmapConfigs.webmail(config, folder.resolve("web")))) {
            var page = running.send(running.to("/"));
            var view = running.send(running.to("/mail/inbox"));
            var script = running.send(running.to("/assets/app-1a2b.js"));
            var none = running.send(running.to("/assets/none.js"));
            var out = running.send(running.to("/..%2f..%2fetc/passwd.txt"));

            assertThat(page.body()).isEqualTo("<!doctype html>").isEqualTo(view.body());
            assertThat(page.headers().firstValue("cache-control")).contains("no-cache");
            assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                    .contains("script-src 'self'");
            assertThat(script.headers().firstValue("cache-control").orElseThrow())
                    .contains("immutable");
            assertThat(script.headers().firstValue("content-type").orElseThrow())
                    .startsWith("text/javascript");
            assertThat(none.statusCode()).isEqualTo(404);
            assertThat(out.statusCode()).isIn(400, 404);
            String tag = page.headers().firstValue("etag").orElseThrow();
            assertThat(running.send(running.to("/").header("If-None-Match", tag)).statusCode())
                    .isEqualTo(304);
        }
    }
}
