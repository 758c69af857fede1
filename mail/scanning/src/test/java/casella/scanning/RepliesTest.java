package casella.scanning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves what is made of what scanners say, and that nothing is made of what they must not say.
final class RepliesTest {
    private static final Threshold JUNK = Threshold.parse("add-header").orElseThrow();
    private static final Threshold REFUSE = Threshold.parse("reject").orElseThrow();

    @Test
    void clamdFindsSomethingOrNothing() throws IOException {
        assertThat(Clamd.verdict("stream: OK")).isEqualTo(new Verdict.Clean());
        assertThat(Clamd.verdict("stream: Win.Test.EICAR_HDB-1 FOUND"))
                .isEqualTo(new Verdict.Malware("Win.Test.EICAR_HDB-1"));
        assertThat(Clamd.verdict("INSTREAM size limit exceeded. ERROR")).isEqualTo(new Verdict.Clean());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OK", "stream: ", "stream:  FOUND", "stream: FOUND", "stream: x ERROR",
            "stream: x FOUND y",
        "UNKNOWN COMMAND", "x: OK", "stream: OKAY", "FOUND"})
    void ofAnythingElseClamdSaysNothingIsMade(String reply) {
        assertThatThrownBy(() -> Clamd.verdict(reply)).isInstanceOf(IOException.class);
    }

    @Test
    void clamdsNamesArePlainAndShort() throws IOException {
        assertThat(Clamd.verdict("stream: a\u001b[2Jb" + "c".repeat(3_000) + " FOUND"))
                .isEqualTo(new Verdict.Malware("a[2Jb" + "c".repeat(95)));
    }

    @Test
    void clamdIsReadToItsNulAndNotForEver() throws IOException {
        assertThat(Clamd.reply(in("stream: OK\0more"))).isEqualTo("stream: OK");
        assertThat(Clamd.reply(in("stream: OK\n"))).isEqualTo("stream: OK");
        assertThatThrownBy(() -> Clamd.reply(endless())).isInstanceOf(IOException.class).hasMessageContaining(
                "too long");
    }

    @Test
    void httpIsReadByItsLengthOrToItsEnd() throws IOException {
        HttpReply whole = http("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef");
        assertThat(whole.status()).isEqualTo(200);
        assertThat(new String(whole.body(), US_ASCII)).isEqualTo("abc");
        HttpReply open = http("HTTP/1.0 404 <1@x> has been already learned\nServer: x\n\nabcdef");
        assertThat(open.reason()).isEqualTo("<1@x> has been already learned");
        assertThat(new String(open.body(), US_ASCII)).isEqualTo("abcdef");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "HTTP/1.1", "SSH-2.0-x\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"})
    void whatIsNoProperReplyIsNone(String reply) {
        refused(() -> http(reply));
    }

    @Test
    void noReplyIsReadForEver() {
        refused(() -> HttpReply.read(endless(), 100));
        refused(() -> http("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(200) + "\r\n"));
        refused(() -> http("HTTP/1.1 200 OK\r\nA: " + "b".repeat(10_000) + "\r\n\r\n"));
        refused(() -> http("HTTP/1.1 200 OK\r\n\r\n" + "b".repeat(101)));
    }

    @Test
    void rspamdSaysWhatToDo() throws IOException {
        RspamdReply reply = RspamdReply.read("""
                {"is_skipped":false,"score":7.25,"required_score":15.0,"action":"add header",
                 "symbols":{"MISSING_MID":{"score":2.5},"BAYES_SPAM":{"score":4.75}},"messages":{},"x":[{}]}
                """.getBytes(UTF_8));
        assertThat(reply).isEqualTo(new RspamdReply("add header", 7.25, List.of("MISSING_MID",
                "BAYES_SPAM")));
        assertThat(reply.verdict(JUNK, REFUSE))
                .isEqualTo(new Verdict.Junk("add header 7.3 MISSING_MID,BAYES_SPAM"));
    }

    @Test
    void actionsAndScoresAreComparedWithWhatTheOperatorSaid() {
        assertThat(verdict("no action", 3, "add-header", "reject")).isEqualTo("clean");
        assertThat(verdict("greylist", 5, "add-header", "reject")).isEqualTo("clean");
        assertThat(verdict("greylist", 5, "greylist", "reject")).isEqualTo("junk");
        assertThat(verdict("rewrite subject", 9, "add-header", "reject")).isEqualTo("junk");
        assertThat(verdict("reject", 16, "add-header", "reject")).isEqualTo("spam");
        assertThat(verdict("reject", 16, "add-header", "never")).isEqualTo("junk");
        assertThat(verdict("reject", 16, "never", "never")).isEqualTo("clean");
        assertThat(verdict("soft reject", 16, "add-header", "reject")).isEqualTo("clean");
        assertThat(verdict("discard", 16, "add-header", "reject")).isEqualTo("spam");
        assertThat(verdict("quarantine", 7, "add-header", "reject")).isEqualTo("junk");
        assertThat(verdict("bake a cake", 7, "add-header", "reject")).isEqualTo("clean");
        assertThat(verdict("no action", 5, "4.5", "9")).isEqualTo("junk");
        assertThat(verdict("no action", 9, "4.5", "9")).isEqualTo("spam");
        assertThat(verdict("reject", 4, "4.5", "9")).as("by the score alone").isEqualTo("clean");
    }

    private static String verdict(String action, double score, String junk, String refuse) {
        return new RspamdReply(action, score, List.of())
                .verdict(Threshold.parse(junk).orElseThrow(), Threshold.parse(refuse).orElseThrow())
                .word();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "{}", "{\"action\":\"reject\"}",
            "{\"action\":7,\"score\":1}",
        "{\"action\":\"reject\",\"score\":\"15\"}", "{\"action\":\"reject\",\"score\":1e999}",
        "{\"action\":\"reject\",\"score\":15", "{\"action\":\"reject\",\"score\":NaN}", "\u0000"})
    void ofAnythingElseRspamdSaysNothingIsMade(String json) {
        refused(() -> RspamdReply.read(json.getBytes(UTF_8)));
    }

    @Test
    void deepAndWideJsonIsRefusedOrCut() throws IOException {
        refused(() -> RspamdReply.read(("{\"action\":" + "[".repeat(100_000)).getBytes(UTF_8)));
        var wide = new StringBuilder("{\"action\":\"reject\",\"score\":15,\"symbols\":{\"" + "L".repeat(500)
                + "\":{}");
        for (int i = 0; i < 5_000; i++) wide.append(",\"S\\u001b").append(i).append("\":{}");
        RspamdReply reply = RspamdReply.read(wide.append("}}").toString().getBytes(UTF_8));
        assertThat(reply.symbols()).hasSize(10).startsWith("S0", "S1");
        assertThat(((Verdict.Spam) reply.verdict(JUNK, REFUSE)).reason()).hasSizeLessThanOrEqualTo(100);
    }

    @Test
    void randomBytesAreNeverMoreThanAMistake() {
        var random = ThreadLocalRandom.current();
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            refused(() -> HttpReply.read(new ByteArrayInputStream(bytes), 100));
            refused(() -> Clamd.verdict(Clamd.reply(new ByteArrayInputStream(bytes))));
            refused(() -> RspamdReply.read(bytes));
        }
    }

    @Test
    void placesAreAddressesNamesOrSockets() {
        assertThat(Place.parse("127.0.0.1:11333")).contains(new Place.Port("127.0.0.1", 11_333));
        assertThat(Place.parse("[::1]:3310")).contains(new Place.Port("::1", 3_310));
        assertThat(Place.parse("rspamd.internal:1")).contains(new Place.Port("rspamd.internal", 1));
        assertThat(Place.parse("/run/clamav/clamd.ctl"))
                .contains(new Place.Socket(Path.of("/run/clamav/clamd.ctl")));
        for (String none : List.of("", "x", ":1", "x:0", "x:65536", "x:y", "::1:3310", "http://x:1", "a b:1",
                "run/x")) {
            assertThat(Place.parse(none)).as(none).isEqualTo(Optional.empty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no-action", "soft-reject", "-1", "1e3", "add header x", "Reject"})
    void whatIsNoThresholdIsNone(String word) {
        assertThat(Threshold.parse(word)).isEmpty();
    }

    private static void refused(ThrowingCallable what) {
        assertThatThrownBy(what).isInstanceOf(IOException.class);
    }

    private static HttpReply http(String text) throws IOException {
        return HttpReply.read(in(text), 100);
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(US_ASCII));
    }

    private static InputStream endless() {
        return new InputStream() {
            @Override
            public int read() {
                return 'a';
            }
        };
    }
}
