package casella.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Deadline;
import casella.testkit.Dialogue.Header;
import casella.wire.Patience;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every combination of CR, LF, NUL and dots: a message ends where it ends and nowhere else, is one message, and when it
/// is passed on it is one for the most forgiving receiver too.
class SmugglingTest {
    private static final char[] LETTERS = {'\r', '\n', '.', 0, 'x'};
    /// What ended a message for some server once.
    private static final Pattern SOMEBODYS_END = Pattern.compile("(\r\n|\n|\r)\\.(\r\n|\n|\r)");
    private static final String EVIL = "MAIL FROM:<evil@other.example>\r\nRCPT TO:<bruno@virgola.example>\r\nDATA\r\n";

    private final Room room = new Room(64 << 20);

    /// Returns every text of at most `longest` letters.
    private static List<String> all(int longest) {
        var texts = new ArrayList<String>(List.of(""));
        int from = 0;
        for (int length = 1; length <= longest; length++) {
            int until = texts.size();
            for (; from < until; from++) for (char letter : LETTERS) texts.add(texts.get(from) + letter);
        }
        return texts;
    }

    private record Reading(String text, int taken, boolean flawed) {}

    private Reading byData(String sent) {
        byte[] bytes = sent.getBytes(ISO_8859_1);
        try (var letter = new Letter(room, 1 << 20)) {
            var stream = new DotStream(letter, Deadline.in(Duration.ofMinutes(1)));
            int taken = 0;
            // A byte at a time is the worst cut there is.
            while (taken < bytes.length && !stream.done()) taken += stream.take(bytes, taken, taken + 1);
            return new Reading(text(letter), stream.done() ? taken : -1, stream.flawed());
        }
    }

    private static String text(Letter letter) {
        byte[] content = new byte[letter.size()];
        letter.copyTo(content, 0);
        return new String(content, ISO_8859_1);
    }

    private static boolean bare(String text) {
        return text.replace("\r\n", "").matches("(?s).*[\r\n].*");
    }

    /// As it is sent on. RFC 5321 §4.5.2
    private static String stuffed(String text) {
        return ("\r\n" + text).replace("\r\n.", "\r\n..").substring(2) + ".\r\n";
    }

    @Test
    void byDataItEndsAtTheOneEnd() {
        int cases = 0;
        for (String text : all(7)) {
            String sent = text + "\r\n.\r\n" + EVIL;
            // The definition itself: CRLF . CRLF, where the first CRLF may be DATA's own. RFC 5321 §4.1.1.4
            int end = ("\r\n" + sent).indexOf("\r\n.\r\n");
            String content = ("\r\n" + sent).substring(2, Math.max(2, end + 2));
            Reading reading = byData(sent);

            assertThat(reading.taken()).as(shown(text)).isEqualTo(end + 3);
            assertThat(reading.flawed()).as(shown(text)).isEqualTo(bare(content));
            if (!reading.flawed()) {
                assertThat(reading.text()).isEqualTo(("\r\n" + content).replace("\r\n.", "\r\n").substring(2));
                passedOn(reading.text());
            }
            cases++;
        }
        assertThat(cases).isEqualTo(97_656);
    }

    private static void passedOn(String text) {
        String onward = stuffed(text);
        Matcher ends = SOMEBODYS_END.matcher("\r\n" + onward);
        assertThat(ends.find()).as(shown(text)).isTrue();
        assertThat(ends.end()).as(shown(text)).isEqualTo(onward.length() + 2);
    }

    @Test
    void byBdatItIsWhatTheOctetsAreHoweverTheyAreCut() {
        int cases = 0;
        for (String text : all(5)) {
            String content = text + "\r\n";
            byte[] bytes = content.getBytes(ISO_8859_1);
            for (int cut = 0; cut <= bytes.length; cut++) {
                for (boolean binary : new boolean[] {false, true}) {
                    try (var letter = new Letter(room, 1 << 20)) {
                        var chunks = new Chunks(letter, binary, Deadline.in(Duration.ofMinutes(1)));
                        assertThat(chunks.new Chunk(cut).take(bytes, 0, bytes.length)).isEqualTo(cut);
                        assertThat(chunks.new Chunk(bytes.length - cut).take(bytes, cut, bytes.length))
                                .isEqualTo(bytes.length - cut);
                        assertThat(text(letter)).isEqualTo(content);
                        assertThat(chunks.flawed(true)).as(shown(text)).isEqualTo(!binary && bare(content));
                        if (!chunks.flawed(true) && !binary) passedOn(content);
                    }
                    cases++;
                }
            }
        }
        assertThat(cases).isGreaterThan(50_000);
    }

    private static String shown(String text) {
        return text.replace("\r", "^").replace("\n", "/").replace("\0", "0");
    }

    /// A whole session: what would be a second message is content, or the session says no once and is in step.
    @Test
    void oneMessageHasOneAnswerAndIsOneMail(@TempDir Path folder) throws Exception {
        var stage = new SmtpStage(folder);
        try {
            stage.prepare(new Header(List.of(), List.of(), ""));
            int port = stage.open("mx", SmtpConfig.usual().withHostName("mx.posta.example"), Patience.usual(), room);
            int kept = 0;
            int cases = 0;
            for (int way = 0; way < 3; way++) {
                List<String> texts = all(way == 0 ? 4 : 3);
                for (int from = 0; from < texts.size(); from += 10) {
                    // Refusals are mistakes, and there may be 20.
                    try (var client = new Client(port)) {
                        assertThat(client.reply() + client.say("HELO a")).contains("220 ").contains("250 ");
                        for (String text : texts.subList(from, Math.min(texts.size(), from + 10))) {
                            if (one(client, way, "a" + text + EVIL + "\r\n")) kept++;
                            cases++;
                        }
                        assertThat(client.say("QUIT")).startsWith("221");
                        assertThat(client.reply()).isEqualTo("<closed>");
                    }
                }
            }
            assertThat(cases).isEqualTo(781 + 2 * 156);
            assertThat(stage.mails("anna@posta.example")).hasSize(Math.min(1000, kept));
            assertThat(stage.mails("bruno@virgola.example")).isEmpty();
            assertThat(stage.delivered).hasSize(kept).allMatch(envelope -> envelope.sender().equals("x@other.example"));
        } finally {
            stage.end();
        }
    }

    /// @param way 0 by DATA, 1 by BDAT, 2 by BDAT and binary
    private static boolean one(Client client, int way, String content) throws Exception {
        var out = new ByteArrayOutputStream();
        out.writeBytes(("MAIL FROM:<x@other.example>" + (way == 2 ? " BODY=BINARYMIME" : "")
                + "\r\nRCPT TO:<anna@posta.example>\r\n").getBytes(ISO_8859_1));
        byte[] bytes = content.getBytes(ISO_8859_1);
        if (way == 0) {
            out.writeBytes("DATA\r\n".getBytes(ISO_8859_1));
            out.writeBytes(bytes);
            out.writeBytes(".\r\n".getBytes(ISO_8859_1));
        } else {
            int cut = bytes.length / 3;
            out.writeBytes(("BDAT " + cut + "\r\n").getBytes(ISO_8859_1));
            out.write(bytes, 0, cut);
            out.writeBytes(("BDAT " + (bytes.length - cut) + " LAST\r\n").getBytes(ISO_8859_1));
            out.write(bytes, cut, bytes.length - cut);
        }
        client.send(out.toByteArray());
        assertThat(client.reply() + client.reply()).contains("Sender taken").contains("Recipient taken");
        String first = client.reply();
        assertThat(first).matches(way == 0 ? "354 .*" : "250 .* octets taken|554 5.6.0 .*");
        String last = client.reply();
        boolean refused = first.startsWith("554");
        assertThat(last).matches(refused ? "503 .*" : "250 2.0.0 Kept as .*|554 5.6.0 .*");
        if (way == 2) assertThat(last).startsWith("250");
        else assertThat(last.startsWith("250")).isEqualTo(!bare(content));
        return last.startsWith("250");
    }
}
