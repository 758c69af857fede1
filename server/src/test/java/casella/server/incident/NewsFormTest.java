package casella.server.incident;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Notices;
import casella.delivery.Delivery;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.SqliteDirectory;
import casella.engine.memory.MemoryEngine;
import casella.incident.Desk;
import casella.incident.Line;
import casella.incident.news.News;
import casella.incident.voice.Voice;
import casella.jmap.PublicForm.Answer;
import casella.testkit.TestStore;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the page for news answers everybody alike, is small, escapes what it names, and bears a flood.
final class NewsFormTest {
    private final TestStore store = TestStore.over(new MemoryEngine());
    private final Bulkhead cpu = new Bulkhead("test.news", 1, 16);
    private final Line line = new Line(ZoneOffset.UTC, Map.of());

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private SqliteDirectory directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Desk desk;

    @BeforeEach
    void open() {
        directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(),
                Metrics.none());
        var _ = directory.registrar().putBrand(
                new Brand("posta", "<script>alert(1)</script>\"'&", List.of(), "#000000", List.of("it",
                        "en")));
        desk = Desk.open(folder.resolve("desk"));
    }

    @AfterEach
    void close() {
        desk.close();
        directory.close();
        store.close();
        cpu.close();
    }

    private NewsForm form(News.@Nullable Post post) {
        var delivery = new Delivery(directory, store.accounts(), cpu, store.clock(), Metrics.none());
        Voice.Keys none = _ -> {
            throw new Fault.Unavailable("no key", Map.of());
        };
        var voice = new Voice(directory, delivery, none, "mx.posta.example", store.clock());
        var news = new News(desk, directory, voice, Notices.NONE, (_, _) -> "x", line, post, store.clock());
        return new NewsForm(news, directory, line, store.clock());
    }

    private static String text(Answer answer) {
        return new String(answer.page().bytes(), StandardCharsets.UTF_8);
    }

    private static InetAddress address(int last) throws Exception {
        return InetAddress.getByAddress(new byte[] {(byte) 192, 0, (byte) (last >> 8), (byte) last});
    }

    @Test
    void everybodyReadsTheSameInBothLanguagesAndNothingOfItRuns() throws Exception {
        NewsForm form = form((_, _) -> {});
        assertThat(form.at("posta")).isEqualTo("/news/");
        String asked = text(form.take("posta.localhost", "it", Map.of("mailbox", "<b>@posta.example",
                "address", "x"), address(1)));
        assertThat(text(form.take("posta.localhost", "it", Map.of(), address(2)))).isEqualTo(asked);
        for (String language : List.of("it", "en", "<script>")) {
            Answer shown = form.show("posta.localhost", language);
            assertThat(shown.status()).isEqualTo(200);
            String tag = language.equals("en") ? "en" : "it";
            assertThat(text(shown)).contains("<html lang=\"" + tag + "\"").contains("&lt;script&gt;")
                    .doesNotContain("<script").hasSizeLessThan(50 << 10);
        }
        assertThat(asked).doesNotContain("<script").doesNotContain("<b>");
    }

    @Test
    void aFloodFromOneAddressIsTurnedAwayAndOneFromManyFillsNoMemory() throws Exception {
        NewsForm form = form((_, _) -> {});
        for (int i = 0; i < 10; i++) assertThat(take(form, 1)).isEqualTo(200);
        assertThat(take(form, 1)).isEqualTo(429);
        assertThat(take(form, 2)).isEqualTo(200);
        int heard = 0;
        for (int i = 0; i < 5_000; i++) if (take(form, 100 + i) == 200) heard++;
        // Nobody takes them out of memory here: so many wait.
        assertThat(heard).isEqualTo(1_000 - 11);
        store.clock().step(Duration.ofHours(1));
        assertThat(take(form, 1)).as("full, still").isEqualTo(429);
    }

    private static int take(NewsForm form, int from) throws Exception {
        return form.take("x", "it", Map.of("mailbox", "a@b.example", "address", "c@d.example"), address(from))
                .status();
    }

    @Test
    void whereNoNewsGoOutThePageSaysSo() throws Exception {
        NewsForm form = form(null);
        assertThat(form.at("posta")).isEmpty();
        assertThat(form.show("x", "it").status()).isEqualTo(404);
        assertThat(take(form, 1)).isEqualTo(404);
        assertThat(text(form.show("x", "en"))).contains("No news go out by e-mail from here");
    }
}
