package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Proves that anybody can fill in the form with plain HTML, that no other page can do it for them, and that nothing but a form is
/// taken for one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PublicFormTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private Running running;

    @SuppressWarnings("NullAway.Init")
    PublicFormTest() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        running = new Running(folder);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private HttpResponse<String> post(String type, String body, String... headers) {
        var request = running.to("/complaints/it/").header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return running.send(request);
    }

    @Test
    void theFormIsPlainHtmlUnderAPolicyWithoutScripts() {
        var page = running.send(running.to("/complaints/en/"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo("<form en>");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'")
                .contains("form-action 'self'").contains("frame-ancestors 'none'").doesNotContain("script");
        // With none at all a browser says Origin: null.
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("same-origin");
        assertThat(running.send(running.to("/complaints")).headers().firstValue("Location"))
                .contains("/complaints/it/");
    }

    @Test
    void whatIsFilledInComesDecoded() {
        assertThat(post(FORM, "name=Niccol%C3%B2+B&text=a%26b%0D%0Ac&empty=&name=Anna").statusCode())
                .isEqualTo(200);
        assertThat(running.complaints.taken.getLast())
                .isEqualTo("it {name=Anna, text=a&b\r\nc, empty=} true");
        assertThat(post(FORM + "; charset=utf-8", "name=x").statusCode()).isEqualTo(422);
    }

    @Test
    void noOtherPageFillsItIn() {
        int before = running.complaints.taken.size();

        assertThat(post(FORM, "text=x", "Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(post(FORM, "text=x", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        assertThat(running.complaints.taken).hasSize(before);
    }

    @Test
    void nothingElseIsTakenForAForm() {
        int before = running.complaints.taken.size();

        assertThat(post("application/json", "{}").statusCode()).isEqualTo(415);
        assertThat(post(FORM, "text=%zz").statusCode()).isEqualTo(400);
        assertThat(post(FORM, "text=1&text=2").statusCode()).isEqualTo(200);
        assertThat(post(FORM, fields(PublicForm.FIELDS_MAX + 1)).statusCode()).isEqualTo(400);
        assertThat(post(FORM, "text=" + "x".repeat(PublicForm.BYTES_MAX)).statusCode()).isEqualTo(413);
        assertThat(running.complaints.taken).hasSize(before + 1);
    }

    private static String fields(int count) {
        var out = new StringBuilder();
        for (int i = 0; i < count; i++) out.append(i == 0 ? "" : "&").append('f').append(i).append("=1");
        return out.toString();
    }

    @Test
    void noBytesBreakIt() {
        var random = new Random(11);
        int forms = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int k = 0; k < bytes.length; k++) bytes[k] =
                    (byte) "a%&=+2F\u00e8\u0000Z".charAt(random.nextInt(10));
            if (FormFields.of(bytes).isPresent()) forms++;
        }
        assertThat(forms).isBetween(100, 4_900);
        assertThat(FormFields.of("%C3".getBytes(StandardCharsets.US_ASCII))).isPresent();
    }
}
