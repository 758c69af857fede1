package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Sha256;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Files go up and come down byte for byte, to their owner alone, and never as something a browser
/// would run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BlobsTest {
    private static final String ANNA = "anna@posta.example";

    private Running running;
    private String anna;
    private String bruno;

    @SuppressWarnings("NullAway.Init")
    BlobsTest() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        running = new Running(folder);
        anna = running.account(ANNA).id().toString();
        bruno = running.account("bruno@virgola.example").id().toString();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private HttpResponse<String> upload(String account, byte[] bytes, String type) {
        return running.send(running.as(ANNA, "/jmap/upload/" + account)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(bytes)));
    }

    private HttpResponse<byte[]> download(String address, String account, String blob, String rest) {
        try {
            return running.client.send(
                    running.as(address, "/jmap/download/" + account + "/" + blob + "/" + rest).build(),
                    BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anUploadComesBackByteForByte() {
        byte[] bytes = new byte[700_000];
        new Random(7).nextBytes(bytes);

        HttpResponse<String> up = upload(anna, bytes, "Image/PNG; q=1");

        assertThat(up.statusCode()).isEqualTo(201);
        var answer = Running.json(up.body());
        assertThat(answer.path("blobId").stringValue()).isEqualTo(Sha256.of(bytes).toString());
        assertThat(answer.path("type").stringValue()).isEqualTo("image/png");
        assertThat(answer.path("size").intValue()).isEqualTo(700_000);
        var down = download(ANNA, anna, answer.path("blobId").stringValue(), "a.png?accept=image/png");
        assertThat(down.body()).isEqualTo(bytes);
        assertThat(down.headers().firstValue("content-type")).contains("image/png");
        assertThat(down.headers().firstValue("cache-control").orElseThrow()).contains("immutable", "private");
    }

    @Test
    void anEmptyUploadIsAFileOfNoBytes() {
        HttpResponse<String> up = upload(anna, new byte[0], "text/plain");

        assertThat(up.statusCode()).isEqualTo(201);
        String blob = Running.json(up.body()).path("blobId").stringValue();
        assertThat(download(ANNA, anna, blob, "empty").body()).isEmpty();
    }

    @Test
    void aFileIsSavedAndNeverRun() {
        String blob = Running.json(upload(anna, "<script>x</script>".getBytes(StandardCharsets.UTF_8), "text/html").body())
                .path("blobId")
                .stringValue();

        var down = download(ANNA, anna, blob, "p%C3%A8%22%0D%0A.html?accept=text/html");

        assertThat(down.headers().firstValue("content-type")).contains("application/octet-stream");
        assertThat(down.headers().firstValue("content-disposition"))
                .contains("attachment; filename=\"p____.html\"; filename*=UTF-8''p%C3%A8%22%0D%0A.html");
        assertThat(down.headers().firstValue("content-security-policy").orElseThrow()).contains("sandbox");
        assertThat(down.headers().firstValue("x-content-type-options")).contains("nosniff");
    }

    @Test
    void aWholeMailAndItsPartsCanBeDownloaded() throws IOException {
        byte[] mail = java.nio.file.Files.readAllBytes(DialoguesTest.MAILS.resolve("rich.eml"));
        var kept = running.store.accounts().open(casella.base.AccountId.parse(anna))
                .add(casella.store.NewEmail.delivery(mail, Instant.EPOCH, "", ANNA));
        assertThat(kept).isInstanceOf(casella.store.Outcome.Kept.class);
        String id = ((casella.store.Outcome.Kept) kept).email().id().toString();

        assertThat(download(ANNA, anna, Sha256.of(mail).toString(), "m.eml").body()).isEqualTo(mail);
        assertThat(download(ANNA, anna, id + "-2", "menu.pdf").body())
                .isEqualTo("%PDF-1.4\n".getBytes(StandardCharsets.UTF_8));
        assertThat(download(ANNA, anna, id + "-1_1", "t").body())
                .isEqualTo("Caffè e cornetto.".getBytes(StandardCharsets.UTF_8));
        for (String none : new String[] {id, id + "-9", id + "-1", id + "-0x", "..%2f..", "a".repeat(64), "x"}) {
            assertThat(download(ANNA, anna, none, "n").statusCode()).as(none).isEqualTo(404);
        }
    }

    @Test
    void nobodyElseGetsAFile() {
        String blob = Running.json(upload(anna, "secret".getBytes(StandardCharsets.UTF_8), "text/plain").body())
                .path("blobId")
                .stringValue();

        assertThat(download("bruno@virgola.example", bruno, blob, "x").statusCode()).isEqualTo(404);
        assertThat(download("bruno@virgola.example", anna, blob, "x").statusCode()).isEqualTo(404);
        assertThat(upload(bruno, new byte[3], "text/plain").statusCode()).isEqualTo(404);
        assertThat(running.send(running.to("/jmap/download/" + anna + "/" + blob + "/x")).statusCode()).isEqualTo(401);
    }

    @Test
    void whatIsTooLargeIsRefusedWithTheNameOfTheLimit() {
        HttpResponse<String> up = upload(anna, new byte[(50 << 20) + 1], "text/plain");

        assertThat(up.statusCode()).isEqualTo(413);
        assertThat(Running.json(up.body()).path("limit").stringValue()).isEqualTo("maxSizeUpload");
    }
}
