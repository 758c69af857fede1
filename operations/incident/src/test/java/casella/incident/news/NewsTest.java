package casella.incident.news;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Notices;
import casella.base.Notices.Notice;
import casella.base.SecondAddresses.Begun;
import casella.base.SecondAddresses.Kept;
import casella.incident.Desk;
import casella.incident.Line;
import casella.incident.voice.Village;
import casella.incident.voice.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/// Proves that news go to whom the owner said and confirmed, seldom enough, and that who asks learns nothing.
final class NewsTest {
    private static final String THERE = "Anna@altrove.example";

    private @TempDir Path folder = Path.of("");
    @SuppressWarnings("NullAway.Init") // opened before each test
    private Village village;
    @SuppressWarnings("NullAway.Init") // opened before each test
    private Desk desk;
    @SuppressWarnings("NullAway.Init") // opened before each test
    private News news;
    private final List<String> sent = new ArrayList<>();
    private @Nullable IOException away;
    private Optional<Notice> said = Optional.empty();

    @BeforeEach
    void begin() {
        village = new Village(folder.resolve("village"));
        desk = Desk.open(folder.resolve("desk"));
        news = news((to, mail) -> {
            if (away != null) throw away;
            String text = new String(mail, UTF_8);
            sent.add("RCPT " + to + "\r\n" + text + Village.text(text).replace('\n', ' '));
        });
    }

    private News news(News.@Nullable Post post) {
        Notices notices = _ -> said;
        var line = new Line(ZoneId.of("Europe/Rome"), Map.of("posta", new Line.Contact("800 100 200",
                new casella.incident.Words("tutti i giorni", "every day"))));
        return new News(desk, village.directory, village.voice(), notices, (_, _) ->
                "Le cartelle sono chiuse.", line, post,
                village.store.clock());
    }

    @AfterEach
    void end() {
        desk.close();
        village.close();
    }

    private AccountId anna() {
        return village.anna;
    }

    private String code() {
        news.step();
        Matcher code = Pattern.compile("codice è (\\d{6})\\.").matcher(sent.removeFirst());
        assertThat(code.find()).isTrue();
        return code.group(1);
    }

    private void confirmed() {
        news.begin(anna(), THERE);
        assertThat(news.confirm(anna(), code())).isTrue();
    }

    private List<String> ask(String mailbox, String claimed) {
        assertThat(news.ask(mailbox, claimed)).isTrue();
        news.step();
        List<String> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    @Test
    void newsGoToTheAddressThatWasConfirmed() {
        said = Optional.of(new Notice(1, "major", "identified", Instant.EPOCH,
                "Le caselle non si aprono.Vedi https://status.posta.example/it/ o posta.example.", "x"));
        confirmed();
        assertThat(news.of(anna())).isEqualTo(new Kept(true, "Anna@altrove.example", null));
        assertThat(ask("anna@posta.example", " anna@ALTROVE.example ")).singleElement().satisfies(mail ->
                assertThat(mail)
                .contains("RCPT Anna@altrove.example", "notices@posta.example", "DKIM-Signature",
                        "Auto-Submitted: auto-generated")
                .contains("Le caselle non si aprono", "Le cartelle sono chiuse.", "800 100 200")
                .doesNotContain("://", "status.posta.example"));
    }

    @Test
    void whoAsksWithAnythingElseIsToldTheSameAndNobodyIsWrittenTo() {
        news.begin(anna(), THERE);
        sent.clear();
        news.step();
        sent.clear();
        assertThat(ask("anna@posta.example", THERE)).as("not confirmed yet").isEmpty();
        confirmed();
        assertThat(ask("anna@posta.example", "bruno@altrove.example")).isEmpty();
        assertThat(ask("nobody@posta.example", THERE)).isEmpty();
        assertThat(ask("anna@elsewhere.example", THERE)).isEmpty();
        assertThat(ask("bruno@posta.example", THERE)).isEmpty();
        assertThat(ask("", "")).isEmpty();
        assertThat(ask("x".repeat(100_000), THERE)).isEmpty();
    }

    @Test
    void anAddressIsWrittenToEveryHalfHourAtMost() {
        confirmed();
        assertThat(ask("anna@posta.example", THERE)).hasSize(1);
        village.store.clock().step(Duration.ofMinutes(29));
        assertThat(ask("anna@posta.example", THERE)).isEmpty();
        village.store.clock().step(Duration.ofMinutes(1));
        assertThat(ask("anna@posta.example", THERE)).hasSize(1);
    }

    @Test
    void aRelayThatIsAwayIsTriedEachMinuteForAnHour() {
        confirmed();
        away = new IOException("away");
        assertThat(ask("anna@posta.example", THERE)).isEmpty();
        village.store.clock().step(Duration.ofMinutes(2));
        news.step();
        away = null;
        news.step();
        assertThat(sent).as("not before the next minute").isEmpty();
        village.store.clock().step(Duration.ofMinutes(1));
        news.step();
        assertThat(sent).hasSize(1);
        sent.clear();

        away = new IOException("away");
        village.store.clock().step(Duration.ofHours(1));
        ask("anna@posta.example", THERE);
        for (int minute = 0; minute < 62; minute++) {
            village.store.clock().step(Duration.ofMinutes(1));
            news.step();
        }
        away = null;
        village.store.clock().step(Duration.ofMinutes(2));
        news.step();
        assertThat(sent).as("given up").isEmpty();
    }

    @Test
    void aCodeIsGoodForHalfAnHourAndFiveGuesses() {
        news.begin(anna(), THERE);
        String code = code();
        String wrong = code.equals("000000") ? "000001" : "000000";
        for (int i = 0; i < Addresses.GUESSES_MAX; i++) assertThat(news.confirm(anna(), wrong)).isFalse();
        assertThat(news.confirm(anna(), code)).isFalse();

        news.begin(anna(), THERE);
        code = code();
        village.store.clock().step(Duration.ofMinutes(31));
        assertThat(news.of(anna()).pending()).isNull();
        assertThat(news.confirm(anna(), code)).isFalse();

        news.begin(anna(), THERE);
        code = code();
        assertThat(news.confirm(village.bruno, code)).as("another's").isFalse();
        assertThat(news.confirm(anna(), " " + code + " ")).isTrue();
        assertThat(news.confirm(anna(), code)).as("once").isFalse();
    }

    /// Nobody can have us write to a stranger again and again.
    @Test
    void fiveCodesAreSentADay() {
        for (int i = 0; i < Addresses.CODES_A_DAY_MAX; i++) {
            news.begin(anna(), "stranger" + i + "@altrove.example");
            news.remove(anna());
        }
        assertThat(news.begin(anna(), THERE)).isEqualTo(Begun.TOO_MANY);
        village.store.clock().step(Duration.ofDays(1));
        news.step();
        assertThat(sent).hasSize(Addresses.CODES_A_DAY_MAX);
        sent.clear();
        confirmed();
    }

    /// The one before stays until the new one is confirmed.
    @Test
    void anotherAddressCountsOnceItsCodeCameBack() {
        confirmed();
        news.begin(anna(), "new@altrove.example");
        assertThat(news.of(anna())).isEqualTo(new Kept(true, THERE, "new@altrove.example"));
        assertThat(news.confirm(anna(), code())).isTrue();
        assertThat(ask("anna@posta.example", THERE)).isEmpty();
        assertThat(ask("anna@posta.example", "new@altrove.example")).hasSize(1);
        news.remove(anna());
        village.store.clock().step(Duration.ofHours(1));
        assertThat(ask("anna@posta.example", "new@altrove.example")).isEmpty();
        news.erased(anna());
        assertThat(desk.<Long>read(s -> s.number("SELECT count(*) FROM news_addresses"))).isZero();
    }

    @Test
    void whatIsNoAddressOrOneOfOursIsRefused() {
        for (String none : List.of("", "anna", "anna@", "@x.example", "a b@x.example", "anna@x",
                "a@x.example\r\nRCPT TO:<b@y.example>",
                "a@x.example, b@y.example", "<a@x.example>", "a".repeat(65) + "@x.example", "a..b@x.example",
                        "\"a b\"@x.example")) {
            assertThat(news.begin(anna(), none)).as(none).isEqualTo(Begun.NO_ADDRESS);
        }
        assertThat(news.begin(anna(), "bruno@posta.example")).isEqualTo(Begun.OURS);
        assertThat(news.begin(anna(), "nobody@posta.example")).isEqualTo(Begun.OURS);
    }

    @Test
    void whereNoWayOutIsConfiguredNoneIsOffered() {
        News none = news(null);
        assertThat(none.offered()).isFalse();
        assertThat(none.of(anna()).offered()).isFalse();
        assertThatThrownBy(() -> none.begin(anna(), THERE)).isInstanceOf(Fault.Unavailable.class);
    }

    @Test
    void noAddressIsInWhatIsLogged() {
        var refused = new IOException("RCPT was answered 550 5.1.1 <anna@altrove.example>: nobody here");
        assertThat(News.why(refused)).contains("550").doesNotContain("anna").doesNotContain("altrove");
    }

    @Test
    void nothingInIsClicked() {
        for (String text : List.of("see https://x.example/a?b now", "www.x.it", "mail a@b.it", "fine.Next",
                "x.example.", "tel:800")) {
            assertThat(Words.clickable(News.unclickable(text))).as(text).isFalse();
        }
        assertThat(News.unclickable("Fine. Next.")).isEqualTo("Fine. Next.");
    }
}
