package casella.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Proves that what is shown of a mail is its text alone: nothing of attachments, enclosed messages or tags.
final class ShownTextTest {
    private static String shown(String mail, int charsMax) {
        byte[] raw = mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        return SearchText.shown(raw, Summary.of(raw), charsMax).strip();
    }

    private static final String MIXED = """
            Subject: x
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: multipart/alternative; boundary=c

            --c
            Content-Type: text/plain; charset=utf-8

            Perché no.
            --c
            Content-Type: text/html

            <p>HTML twin</p>
            --c--
            --b
            Content-Type: text/plain
            Content-Disposition: attachment; filename=secret.txt

            attached words
            --b
            Content-Type: message/rfc822

            Subject: enclosed

            enclosed words
            --b--
            """;

    @Test
    void onlyTheTextThatIsReadIsShown() {
        assertThat(shown(MIXED, 1_000)).isEqualTo("Perché no.");
        assertThat(shown("Content-Type: text/html\n\n<b>Ciao</b> <script>alert(1)</script>Anna", 1_000))
                .contains("Ciao", "Anna").doesNotContain("<");
        assertThat(shown("Subject: x\n\n" + "a".repeat(500), 100)).hasSize(100);
    }
}
