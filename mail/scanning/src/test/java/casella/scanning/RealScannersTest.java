package casella.scanning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.Clamd;
import casella.testkit.Postfix;
import casella.testkit.Rspamd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a real rspamd and a real clamd are understood.
@Tag("long")
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class RealScannersTest {
    private static final Duration TIME = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private static Letter letter(String text) {
        byte[] mail = ("From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nMessage-ID: <1@b.example>\r\n"
                + text)
                .getBytes(UTF_8);
        return new Letter(mail, "192.0.2.1", "mx.b.example", "a@b.example", List.of("c@d.example"), "");
    }

    @Test
    void clamdFindsWhatItKnowsAlsoInAnAttachment() {
        String attached = "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(Clamd.eicar().getBytes(UTF_8)) + "\r\n";
        try (var real = Clamd.start(folder); var clamd =
                new casella.scanning.Clamd(new Place.Socket(real.socket()), 2)) {
            assertThat(clamd.scan(letter("\r\nhello\r\n"), TIME)).isEqualTo(new Verdict.Clean());
            assertThat(clamd.scan(letter(attached), TIME))
                    .isEqualTo(new Verdict.Malware("Casella.Eicar.UNOFFICIAL"));
            var large = new Letter(new byte[30 << 20], "", "", "", List.of("c@d.example"), "");
            assertThat(clamd.scan(large, TIME)).as("larger than it takes").isEqualTo(new Verdict.Clean());
            assertThat(clamd.scan(letter("\r\n" + "hello ".repeat(100_000)), TIME))
                    .isEqualTo(new Verdict.Clean());
        }
    }

    @Test
    void rspamdKnowsSpamAndLearnsMore() {
        int port = Postfix.freePort();
        int controller = Postfix.freePort();
        var place = new Place.Port("127.0.0.1", port);
        Threshold reject = Threshold.parse("reject").orElseThrow();
        try (var real = Rspamd.start(folder, port, controller);
                var rspamd = new casella.scanning.Rspamd(place, 2, Threshold.parse("add-header")
                        .orElseThrow(), reject);
                var teacher = new Teacher(new Place.Port("127.0.0.1", controller), Rspamd.PASSWORD);
                var stranger = new Teacher(new Place.Port("127.0.0.1", controller), "wrong")) {
            Letter pills =
                    letter("\r\nbuy our wonderful cheap replica watches and pills now, limited offer\r\n");
            assertThat(rspamd.scan(letter("\r\n" + Rspamd.gtube() + "\r\n"), TIME))
                    .isInstanceOf(Verdict.Spam.class);
            assertThat(rspamd.scan(pills, TIME)).isEqualTo(new Verdict.Clean());
            assertThat(stranger.learn(true, pills.bytes(), TIME)).isEqualTo(Teacher.Learned.REFUSED);
            assertThat(teacher.learn(true, pills.bytes(), TIME)).isEqualTo(Teacher.Learned.LEARNED);
            assertThat(teacher.learn(true, pills.bytes(), TIME)).isEqualTo(Teacher.Learned.KNOWN);
            Letter plain = letter("\r\nshall we meet on thursday to talk about the garden of my mother\r\n");
            assertThat(teacher.learn(false, plain.bytes(), TIME)).isEqualTo(Teacher.Learned.LEARNED);
            assertThat(real.spamLearned()).isEqualTo(1);
            assertThat(real.hamLearned()).isEqualTo(1);
        }
    }
}
