package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.store.Account;
import casella.store.NewEmail;
import casella.base.Notices.Notice;
import casella.store.Service;
import casella.testkit.Trouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An open client is told of each change, of the types it asked for, and keeps hearing that the
/// line is alive.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(30)
final class EventStreamsTest {
    private static final String ANNA = "anna@posta.example";

    private Running running;
    private Account anna;

    @SuppressWarnings("NullAway.Init")
    EventStreamsTest() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        running = new Running(folder);
        anna = running.account(ANNA);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private HttpResponse<InputStream> open(String query, String... headers) throws IOException,
            InterruptedException {
        var request = running.as(ANNA, "/jmap/eventsource?" + query);
        if (headers.length > 0) request.headers(headers);
        return running.client.send(request.build(), BodyHandlers.ofInputStream());
    }

    private static BufferedReader reader(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /// Returns the next event's lines, joined; comments are skipped.
    private static String event(BufferedReader in) throws IOException {
        var out = new StringBuilder();
        for (String line; (line = in.readLine()) != null; ) {
            if (line.isEmpty() && !out.isEmpty()) return out.toString();
            if (!line.isEmpty() && !line.startsWith(":")) out.append(line).append('\n');
        }
        return "end " + out;
    }

    private void deliver() {
        byte[] mail = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8);
        anna.add(NewEmail.delivery(mail, Instant.EPOCH, "", ANNA));
    }

    @Test
    void aDeliveryIsToldWithTheNewStates() throws Exception {
        var response = open("types=*&closeafter=no&ping=0");
        try (var in = reader(response)) {
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");

            deliver();

            String event = event(in);
            String state = anna.read(view -> view.modseq().toString());
            assertThat(event).startsWith("event: state\nid: " + state + "\n").contains("\"Email\":\""
                    + state + "\"");
            assertThat(event).contains("\"Mailbox\":", "\"Thread\":", anna.id().toString(), "StateChange");
        }
    }

    @Test
    void onlyTheTypesAskedForAreTold() throws Exception {
        try (var in = reader(open("types=Mailbox&closeafter=state&ping=0"))) {
            deliver();

            assertThat(event(in)).contains("\"Mailbox\":").doesNotContain("Email");
            assertThat(event(in)).isEqualTo("end ");
        }
    }

    @Test
    void whatHappenedWhileAClientWasAwayIsToldAtOnce() throws Exception {
        String before = anna.read(view -> view.modseq().toString());
        deliver();

        try (var in = reader(open("types=Email&closeafter=state&ping=0", "Last-Event-ID", before))) {
            assertThat(event(in)).contains("\"Email\":");
        }
    }

    @Test
    void whoComesBackWithTheStateOfAContinuationIsToldAllAtOnce() throws Exception {
        String continued = "500002811234500007";

        try (var in = reader(open("types=*&closeafter=state&ping=0", "Last-Event-ID", continued))) {
            String state = anna.read(view -> view.modseq().toString());
            assertThat(event(in)).contains("\"Email\":\"" + state + "\"", "\"Mailbox\":", "\"Thread\":");
        }
    }

    private void serves(Service.State state) {
        running.store.accounts().service(_ -> new Service(state, Instant.ofEpochMilli(1_767_225_600_000L)));
        running.store.accounts().look(anna.id());
    }

    @Test
    void whoAsksForItIsToldWhatServesTheAccountAndNobodyElse() throws Exception {
        try (var in = reader(open("types=Service&closeafter=no&ping=0"));
                var all = reader(open("types=*&closeafter=state&ping=0"))) {
            serves(Service.State.STANDBY);
            assertThat(event(in)).contains("{\"Service\":\"standby-1767225600000\"}");
            serves(Service.State.RETURNING);
            assertThat(event(in)).contains("{\"Service\":\"returning-1767225600000\"}");
            serves(Service.State.CONTENTS_AWAY);
            assertThat(event(in)).contains("{\"Service\":\"contentsAway-1767225600000\"}");
            running.store.accounts().service(_ -> Service.ALWAYS);
            running.store.accounts().look(anna.id());
            assertThat(event(in)).contains("{\"Service\":\"live\"}");
            // Also when nothing else can be read.
            running.store.engine().all(Trouble.unavailable());
            serves(Service.State.STANDBY);
            assertThat(event(in)).contains("{\"Service\":\"standby-1767225600000\"}");
            running.store.engine().all(Trouble.none());
            deliver();
            assertThat(event(all)).contains("\"Email\":").doesNotContain("Service");
        } finally {
            running.store.engine().all(Trouble.none());
            running.store.accounts().service(_ -> Service.ALWAYS);
        }
    }

    @Test
    void whoComesBackIsToldWhatServesTheAccountNow() throws Exception {
        String now = anna.read(view -> view.modseq().toString());

        try (var in = reader(open("types=Service&closeafter=state&ping=0", "Last-Event-ID", now))) {
            assertThat(event(in)).contains("{\"Service\":\"live\"}");
        }
    }

    @Test
    void whoAsksForItIsToldWhatTheOperatorsSayAlsoWhileNothingElseCanBeRead() throws Exception {
        try (var in = reader(open("types=Notice&closeafter=no&ping=0"));
                var all = reader(open("types=*&closeafter=state&ping=0"))) {
            running.store.engine().all(Trouble.unavailable());
            running.notices.say(new Notice(3, "major", "identified", Instant.ofEpochMilli(1_767_225_600_000L), "a", "b"));
            assertThat(event(in)).contains("{\"Notice\":\"n3-1767225600000\"}");
            running.notices.say(null);
            assertThat(event(in)).contains("{\"Notice\":\"none\"}");
            running.store.engine().all(Trouble.none());
            deliver();
            assertThat(event(all)).contains("\"Email\":").doesNotContain("Notice");
        } finally {
            running.store.engine().all(Trouble.none());
            running.notices.say(null);
        }
    }

    @Test
    void aQuietStreamPings() throws Exception {
        try (var in = reader(open("types=EmailSubmission&closeafter=no&ping=1"))) {
            assertThat(event(in)).isEqualTo("event: ping\ndata: {\"interval\":1}\n");
        }
    }

    @Test
    void aRequestThatCannotBeReadIsRefused() throws Exception {
        assertThat(open("types=*&closeafter=perhaps&ping=0").statusCode()).isEqualTo(400);
        assertThat(open("types=*&closeafter=no&ping=soon").statusCode()).isEqualTo(400);
        assertThat(open("types=&closeafter=no&ping=0").statusCode()).isEqualTo(400);
    }
}
