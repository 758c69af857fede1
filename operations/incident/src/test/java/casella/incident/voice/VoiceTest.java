package casella.incident.voice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.authenticity.DkimVerifier;
import casella.authenticity.DkimVerifier.Result;
import casella.incident.voice.Voice.Occasion;
import casella.incident.voice.Voice.Told;
import casella.message.Headers;
import casella.testkit.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a brand's message is signed, has nothing to click, speaks the owner's language, and is there once however often it
/// is sent.
final class VoiceTest {
    private static final Instant FROM = Instant.parse("2026-11-23T09:02:00Z");
    private static final Instant UNTIL = Instant.parse("2026-11-23T10:47:30Z");
    private static final Occasion OCCASION = new Occasion("back-1", UNTIL);
    private static final BackWords WORDS =
            new BackWords(BackWords.Kind.FOLDERS, FROM, UNTIL, OptionalInt.of(3), true, null);

    @TempDir
    private Path folder;

    private Village village;

    @BeforeEach
    void open() {
        village = new Village(folder);
    }

    @AfterEach
    void close() {
        village.close();
    }


    @Test
    void anItalianOwnerReadsItInItalian() {
        assertThat(village.voice().tell(village.anna, OCCASION, WORDS::in)).isEqualTo(Told.TOLD);

        String mail = village.mails(village.anna).getFirst();
        Headers headers = Headers.of(mail.getBytes(UTF_8));
        assertThat(List.of("From", "To", "Subject", "Date", "Auto-Submitted", "Content-Type", "Return-Path"))
                .map(name -> headers.all(name).getFirst().asText())
                .containsExactly("Posta <notices@posta.example>", "Anna Bianchi <anna@posta.example>",
                        "La tua casella \u00e8 tornata a posto", "Mon, 23 Nov 2026 10:47:30 +0000",
                                "auto-generated",
                        "text/plain; charset=utf-8", "<>");
        assertThat(Village.text(mail)).isEqualTo("""
                Dalle ore 10:02 alle ore 11:47 di luned\u00ec 23 novembre 2026 (ora italiana)
                un guasto nei nostri sistemi ha tenuto chiuse le cartelle della tua
                casella: potevi leggere soltanto la posta nuova.

                Ora funziona tutto come sempre, e non devi fare nulla.

                Nel frattempo sono arrivati 3 messaggi, che trovi nella tua casella. Non
                \u00e8 andato perduto nulla.

                Questo messaggio non contiene collegamenti. Non ti chiediamo mai di
                cliccare su qualcosa n\u00e9 di scrivere la tua password: se un messaggio a
                nome di Posta te lo chiede, non \u00e8 nostro.

                Il messaggio \u00e8 partito in automatico e nessuno legge le risposte.

                Posta
                """);
        assertThat(Words.clickable(Village.text(mail))).isFalse();
    }

    @Test
    void anEnglishOwnerReadsItInEnglishWithTheTimeOfTheBrand() {
        var words = new BackWords(BackWords.Kind.CONTENTS, Instant.parse("2026-11-22T22:30:00Z"), UNTIL,
                OptionalInt.empty(),
                false, "Storage trouble");
        assertThat(village.voice().tell(village.bruno, OCCASION, words::in)).isEqualTo(Told.TOLD);

        String text = Village.text(village.mails(village.bruno).getFirst());
        assertThat(text).startsWith("""
                From 23:30 on Sunday 22 November 2026 to 11:47 on Monday 23 November
                2026 (Italian time), because of a fault in our systems, you could see
                the mails in your mailbox but not open them. We reported on it under the
                title \u201cStorage trouble\u201d.

                Everything works as always now, and there is nothing you need to do.

                Mail that came in the meantime was accepted, and is in your mailbox.

                There are no links in this message.""");
        assertThat(text).contains("We never ask you to click").doesNotContain("Nothing was lost");
    }

    @Test
    void theSignatureIsOverAllThatPeopleSee() {
        var _ = village.voice().tell(village.anna, OCCASION, WORDS::in);

        String mail = village.mails(village.anna).getFirst();
        assertThat(DkimVerifier.verify(mail.getBytes(UTF_8), (_, _) -> Village.KEY.open()))
                .containsExactly(new Result.Valid("posta.example", "casella-20261123"));
        assertThat(Headers.of(mail.getBytes(UTF_8)).all("DKIM-Signature").getFirst().asRaw().replaceAll("\\s",
                ""))
                .contains("From:From:To:To:Subject:Subject:Date:Date:Message-ID:Message-ID:Content-Type:Content-Type");
    }

    @Test
    void whatIsSentAgainIsThereOnce() {
        for (int i = 0; i < 3; i++) {
            assertThat(village.voice().tell(village.anna, OCCASION, WORDS::in)).isEqualTo(Told.TOLD);
        }
        assertThat(village.mails(village.anna)).hasSize(1);

        var account = village.store.accounts().open(village.anna);
        account.destroyEmail(account.read(view -> view.emails(null, 1)).getFirst());
        assertThat(village.voice().tell(village.anna, OCCASION, WORDS::in)).isEqualTo(Told.TOLD);
        assertThat(village.mails(village.anna)).isEmpty();

        var _ = village.voice().tell(village.anna, new Occasion("back-2", UNTIL), WORDS::in);
        var _ = village.voice().tell(village.bruno, OCCASION, WORDS::in);
        assertThat(village.mails(village.anna)).hasSize(1);
        assertThat(village.mails(village.bruno)).hasSize(1);
    }

    @Test
    void anAccountThatIsAwayHasItOnceFromTheQueue() throws InterruptedException {
        village.store.engine().writes(Trouble.unknownOutcome(), 1);
        assertThat(village.voice().tell(village.anna, OCCASION, WORDS::in)).isEqualTo(Told.TOLD);
        village.store.engine().all(Trouble.unavailable());
        for (int i = 0; i < 2; i++) {
            assertThat(village.voice().tell(village.anna, OCCASION, WORDS::in)).isEqualTo(Told.TOLD);
        }
        assertThat(village.queue.figures().total()).isPositive();
        village.store.engine().all(Trouble.none());
        assertThat(village.voice().tell(village.anna, OCCASION, WORDS::in)).isEqualTo(Told.TOLD);

        try (var drain = village.drain()) {
            var _ = drain.start();
            for (int i = 0; village.queue.figures().total() > 0; i++) {
                assertThat(i).isLessThan(300);
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
                village.store.clock().step(Duration.ofSeconds(5));
            }
        }

        assertThat(village.mails(village.anna)).hasSize(1);
    }

    @Test
    void whoIsNotThereIsNotTold() {
        var _ = village.directory.registrar().disable("anna@posta.example");

        assertThat(village.voice().tell(village.anna, OCCASION, WORDS::in)).isEqualTo(Told.NOBODY);
        assertThat(village.mails(village.anna)).isEmpty();
    }

    @Test
    void wordsWithSomethingToClickAreNone() {
        for (String one : List.of("see https://posta.example/x", "www.posta.example", "su posta.example ora",
                "a@b", "Posta.it",
                "posta\u3002it", "mailto:anna", "two\nlines", "")) {
            assertThatThrownBy(() -> new Words("Subject", List.of(one))).as(one)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Words(one, List.of("x"))).as(one)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Words("Alle 12.30", List.of("Fine. Inizio; 1.000 messaggi, 3.5 GB.")).paragraphs())
                .hasSize(1);
        assertThat(Words.said("Posta.it")).isEqualTo("Posta it");
        var linked = new BackWords(BackWords.Kind.FOLDERS, FROM, UNTIL, OptionalInt.of(0), true,
                "See posta.example");
        assertThat(linked.in(Language.ITALIAN, village.directory.brands().getFirst()).paragraphs().getFirst())
                .doesNotContain("posta.example");
    }
}
