package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.ThreadId;
import casella.store.Account;
import casella.store.Email;
import casella.store.NewEmail;
import casella.store.View;
import casella.store.vault.ObjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Proves that nothing a client was told by a continuation is built upon when it is over, that a state which
/// is not known any more costs nobody's mail while it lasts, and that one mail without its bytes costs the
/// others nothing.
final class AfterContinuationTest {
    private static final String ANNA = "anna@posta.example";
    private static final Path MAILS = Path.of(String.valueOf(System.getProperty("casella.root")))
            .resolve("protocols/jmap/src/test/mails");

    @TempDir Path folder = Path.of("");

    private Running running;
    private Account anna;

    @SuppressWarnings("NullAway.Init")
    AfterContinuationTest() {}

    @BeforeEach
    void start() {
        running = new Running(folder);
        anna = running.account(ANNA);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private static byte[] mail(String name) throws IOException {
        return Files.readAllBytes(MAILS.resolve(name));
    }

    private static NewEmail delivery(byte[] content) {
        return NewEmail.delivery(content, Instant.parse("2026-11-22T10:00:00Z"), "x@virgola.example", ANNA);
    }

    private JsonNode call(String method, String arguments) {
        String body = "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],\"methodCalls\":[[\""
                + method + "\",{\"accountId\":\"" + anna.id() + "\"," + arguments + "},\"0\"]]}";
        return running.api(ANNA, body).get("methodResponses").get(0);
    }

    private String error(String method, String arguments) {
        JsonNode answer = call(method, arguments);
        assertThat(answer.get(0).stringValue()).as(answer.toString()).isEqualTo("error");
        return answer.get(1).get("type").stringValue();
    }

    private String changes(String type, String since) {
        return error(type + "/changes", "\"sinceState\":\"" + since + "\"");
    }

    private int threads(String mailbox) {
        return get("Mailbox", mailbox, "totalThreads").get("list").get(0).get("totalThreads").intValue();
    }

    private JsonNode get(String type, Object id, String property) {
        return call(type + "/get", "\"ids\":[\"" + id + "\"],\"properties\":[\"" + property + "\"]").get(1);
    }

    @Test
    void statesAndThreadsOfAContinuationAreNotBuiltUpon() throws Exception {
        var _ = anna.add(delivery(mail("plain.eml")));
        ArrivalId first = anna.read(view -> view.emails(null, 1)).getFirst();
        ThreadId thread = anna.read(view -> {
            Email email = view.email(first);
            if (email == null) throw new AssertionError("no email");
            return email.thread();
        });
        Modseq real = anna.read(View::modseq);
        ArrivalId reply = running.continued(anna, mail("reply.eml"));
        JsonNode shown = get("Email", reply, "threadId");
        String state = shown.get("state").stringValue();
        String alone = shown.get("list").get(0).get("threadId").stringValue();
        assertThat(alone).isNotEqualTo(thread.toString());
        assertThat(threads("m2147483647")).isEqualTo(1);

        running.over();
        assertThat(anna.file(reply, delivery(mail("reply.eml")))).isTrue();
        for (String type : List.of("Email", "Thread", "Mailbox")) {
            assertThat(changes(type, state)).isEqualTo("cannotCalculateChanges");
        }
        assertThat(error("Email/set", "\"ifInState\":\"" + state + "\",\"update\":{}"))
                .isEqualTo("stateMismatch");
        assertThat(get("Thread", alone, "emailIds").get("notFound").get(0).stringValue()).isEqualTo(alone);
        assertThat(get("Email", reply, "threadId").get("list").get(0).get("threadId").stringValue())
                .isEqualTo(thread.toString());
        // Nor is it counted by the thread it had.
        assertThat(threads("m1")).isEqualTo(1);
        String before = "\"sinceState\":\"" + real + "\"";
        JsonNode created = call("Email/changes", before).get(1).get("created");
        assertThat(created.get(0).stringValue()).isEqualTo(reply.toString());
    }

    @Test
    void whileItLastsNoStateHasAClientDropItsMail() throws Exception {
        ArrivalId waits = running.continued(anna, mail("plain.eml"));
        String state = get("Email", waits, "id").get("state").stringValue();
        String later = String.valueOf(Long.parseLong(state) + 1);
        for (String since : List.of("3", later, "x")) {
            assertThat(changes("Email", since)).isEqualTo("serverUnavailable");
        }
        assertThat(changes("Mailbox", later)).isEqualTo("cannotCalculateChanges");
    }

    @Test
    void aFolderThatIsClosedWhileTheQueueIsAwayHasNoCountsAndHidesNone() throws Exception {
        ArrivalId waits = running.continued(anna, mail("plain.eml"));
        assertThat(get("Email", waits, "id").get("list")).hasSize(1);
        running.queueAway(anna.id());
        JsonNode all = call("Mailbox/get", "\"ids\":null,\"properties\":[\"totalEmails\",\"myRights\"]").get(1);
        assertThat(all.get("list")).hasSize(7);
        for (JsonNode one : all.get("list")) {
            assertThat(one.get("totalEmails").intValue()).isZero();
            assertThat(one.get("myRights").get("mayReadItems").booleanValue()).isFalse();
        }
    }

    private void lose(ArrivalId id) {
        Email lost = anna.read(view -> view.email(id));
        if (lost == null) throw new AssertionError("no email");
        ObjectName name = ObjectName.mail(anna.id(), lost.id(), lost.blob());
        running.store.firstVault().delete(name).await(Deadline.in(Duration.ofSeconds(30)));
        running.store.secondVault().delete(name).await(Deadline.in(Duration.ofSeconds(30)));
    }

    private List<ArrivalId> mails(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var _ = anna.add(delivery(mail("plain.eml")));
        }
        return anna.read(view -> view.emails(null, count));
    }

    /// Each look at the clock finds it 6 seconds later.
    private EmailGet.Contents slow() throws Exception {
        ObjectNode arguments = Json.object().put("fetchAllBodyValues", true);
        arguments.putArray("properties").add("bodyValues");
        var json = new EmailJson(EmailProperties.read(new Arguments(arguments), false));
        var now = new AtomicLong();
        return new EmailGet.Contents(anna, json, () -> now.addAndGet(6_000_000_000L));
    }

    private boolean truncated(EmailGet.Contents contents, ArrivalId id) {
        EmailGet.Found found = EmailGet.read(anna, List.of(id), true).getFirst();
        if (found == null || found.summary() == null) throw new AssertionError("no email");
        ObjectNode out = Json.object();
        contents.put(out, found.email(), found.summary());
        JsonNode value = out.get("bodyValues").get("1");
        assertThat(value.get("value").stringValue().isEmpty())
                .isEqualTo(value.get("isTruncated").booleanValue());
        return value.get("isTruncated").booleanValue();
    }

    @Test
    void oneMailWithoutItsBytesCostsTheOthersNothingHoweverSlowTheyAre() throws Exception {
        List<ArrivalId> ids = mails(4);
        lose(ids.getFirst());
        EmailGet.Contents contents = slow();
        assertThat(ids.stream().map(id -> truncated(contents, id)))
                .containsExactly(true, false, false, false);
        contents.end();
    }

    @Test
    void whenMailsWithoutTheirBytesTookTheirTimeTheOthersAreAnsweredLikeThem() throws Exception {
        List<ArrivalId> ids = mails(4);
        lose(ids.get(1));
        lose(ids.get(2));
        EmailGet.Contents contents = slow();
        assertThat(ids.stream().map(id -> truncated(contents, id)))
                .containsExactly(false, true, true, true);
        contents.end();

        EmailGet.Contents none = slow();
        assertThat(truncated(none, ids.get(1)) && truncated(none, ids.get(2))).isTrue();
        assertThatThrownBy(() -> truncated(none, ids.getFirst())).isInstanceOf(Fault.class);
    }

    @Test
    void oneMailWithoutItsBytesCostsTheOthersNothing() throws Exception {
        var _ = anna.add(delivery(mail("plain.eml")));
        var _ = anna.add(delivery(mail("reply.eml")));
        List<ArrivalId> ids = anna.read(view -> view.emails(null, 2));
        lose(ids.getFirst());
        String wanted = "\"fetchAllBodyValues\":true,"
                + "\"properties\":[\"subject\",\"bodyValues\",\"header:Subject\",\"textBody\"]";

        String two = "\"ids\":[\"" + ids.get(0) + "\",\"" + ids.get(1) + "\"],";
        JsonNode both = call("Email/get", two + wanted).get(1);
        assertThat(both.get("notFound")).isEmpty();
        JsonNode without = both.get("list").get(0);
        assertThat(without.get("subject").stringValue()).isEqualTo("Lunch on Friday");
        assertThat(without.has("header:Subject")).isFalse();
        assertThat(without.get("textBody")).hasSize(1);
        JsonNode cut = without.get("bodyValues").get("1");
        assertThat(cut.get("value").stringValue()).isEmpty();
        assertThat(cut.get("isTruncated").booleanValue()).isTrue();
        JsonNode whole = both.get("list").get(1);
        assertThat(whole.get("header:Subject").stringValue()).contains("Re: Lunch on Friday");
        assertThat(whole.get("bodyValues").get("1").get("value").stringValue()).isEqualTo("Two is better.\n");
        assertThat(whole.get("bodyValues").get("1").get("isTruncated").booleanValue()).isFalse();

        assertThat(call("Email/get", "\"ids\":[\"" + ids.getFirst() + "\"]," + wanted).get(0).stringValue())
                .as("alone there is nothing to be saved")
                .isEqualTo("error");
    }
}
