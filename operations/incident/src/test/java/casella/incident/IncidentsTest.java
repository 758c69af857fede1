package casella.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Clock;
import casella.base.Notices.Listener;
import casella.base.Notices.Notice;
import casella.continuity.cohort.Cohort;
import casella.continuity.cohort.Cohorts;
import casella.incident.Entry.Confidence;
import casella.incident.Entry.Estimated;
import casella.incident.Entry.Opened;
import casella.incident.Entry.Published;
import casella.incident.Entry.Severity;
import casella.incident.Entry.State;
import casella.incident.Entry.Told;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an incident remembers, and who is told what of it.
final class IncidentsTest {
    static final Line LINE = new Line(ZoneId.of("Europe/Rome"), Map.of(
            "posta", new Line.Contact("800 100 200", new Words("tutti i giorni 8–20", "every day 8–20"))));
    static final Opened STORAGE = new Opened(
            new Words("Le caselle non si aprono", "Mailboxes do not open"), Severity.CRITICAL,
                    List.of("posta"), "");

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Desk desk;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Incidents incidents;

    @BeforeEach
    void open() {
        desk = Desk.open(folder.resolve("desk"));
        incidents = new Incidents(desk, Clock.system(), LINE, Cohorts.BY_HASH);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void whatWasSaidIsThereAfterARestart() {
        Incident begun = incidents.open(STORAGE, List.of(told(State.INVESTIGATING, "Cerchiamo.", "We look.")),
                "anna");
        incidents.add(begun.id(), new Estimated(Instant.parse("2023-01-24T18:00:00Z"), Confidence.LOW),
                "anna");
        incidents.add(begun.id(), new Estimated(Instant.parse("2023-01-25T09:00:00Z"), Confidence.MEDIUM),
                "bruno");
        incidents.add(begun.id(), told(State.IDENTIFIED, "Trovata.", "Found."), "bruno");
        List<Entry> before = incidents.incident(begun.id()).orElseThrow().entries();

        desk.close();
        open();

        Incident after = incidents.incident(begun.id()).orElseThrow();
        assertThat(after.entries()).isEqualTo(before).hasSize(5);
        assertThat(after.entries()).extracting(Entry::by).containsExactly("anna", "anna", "anna", "bruno",
                "bruno");
        assertThat(after.state()).isEqualTo(State.IDENTIFIED);
        assertThat(after.estimates()).hasSize(2);
        assertThat(after.estimate().orElseThrow().back()).isEqualTo("2023-01-25T09:00:00Z");
    }

    @Test
    void anOrderGivenAgainOpensNoSecondOne() {
        Incident first = incidents.open(STORAGE, List.of(), "anna");
        assertThat(incidents.open(STORAGE, List.of(told(State.INVESTIGATING, "a", "b")), "anna"))
                .isEqualTo(first);
        assertThat(incidents.all()).hasSize(1);
    }

    @Test
    void theOwnersOfABrandAreToldTheWorstThatConcernsThem() {
        incidents.open(new Opened(new Words("App lenta", "Slow app"), Severity.MINOR, List.of(), ""),
                List.of(), "anna");
        assertThat(notice("virgola").english()).contains("Slow app");
        incidents.open(STORAGE, List.of(), "anna");

        assertThat(notice("posta").english()).contains("Mailboxes do not open")
                .contains("800 100 200 (every day 8–20)");
        assertThat(notice("virgola").english()).contains("Slow app").doesNotContain("800");
    }

    /// Every command of every session asks.
    @Test
    void whatIsToldIsMadeOnceForEachChange() {
        Incident one = incidents.open(STORAGE, List.of(), "anna");
        Notice first = notice("posta");
        assertThat(notice("posta")).isSameAs(first);
        incidents.add(one.id(), told(State.IDENTIFIED, "Trovata.", "Found."), "anna");
        assertThat(notice("posta")).isNotSameAs(first);
        assertThat(notice("posta").state()).isEqualTo("identified");
    }

    @Test
    void whatIsOverIsToldNoMoreAndTakesNoMoreNotices() {
        Incident one = incidents.open(STORAGE, List.of(), "anna");
        Incident over = incidents.add(one.id(), told(State.RESOLVED, "Finita.", "Over."), "anna");

        assertThat(incidents.of(Listener.anybody("posta"))).isEmpty();
        assertThat(over.resolved()).isEqualTo(over.entries().getLast().at());
        assertThatThrownBy(() -> incidents.add(one.id(), told(State.MONITORING, "a", "b"), "anna"))
                .hasMessageContaining("is resolved");
        // What became of the last notice is still taken down.
        incidents.add(one.id(), new Published(2, "webhook", "answered 500"), "casella");
        assertThat(incidents.incident(one.id()).orElseThrow().failed()).containsOnly(Map.entry("webhook",
                "answered 500"));
        incidents.add(one.id(), new Published(2, "webhook", ""), "casella");
        assertThat(incidents.incident(one.id()).orElseThrow().failed()).isEmpty();
        // Another one like it is another one.
        assertThat(incidents.open(STORAGE, List.of(), "anna").id()).isNotEqualTo(one.id());
    }

    @Test
    void whatWasLearnedIsPublishedInVersionsOnceItIsOver() {
        Incident one = incidents.open(STORAGE, List.of(), "anna");
        var page = new Entry.PostMortem("# Il disco\nEra pieno.", "# The disk\nIt was full.", "");
        assertThatThrownBy(() -> incidents.add(one.id(), page, "anna"))
                .hasMessageContaining("is not resolved yet");
        incidents.add(one.id(), told(State.RESOLVED, "Finita.", "Over."), "anna");

        Incident first = incidents.add(one.id(), page, "anna");
        assertThat(incidents.add(one.id(), page, "bruno")).isEqualTo(first);
        var better = new Entry.PostMortem("# Il disco\nEra vuoto.", "# The disk\nIt was empty.", "");
        incidents.add(one.id(), better, "bruno");
        desk.close();
        open();

        Incident after = incidents.incident(one.id()).orElseThrow();
        assertThat(after.postMortems()).extracting(Entry::what).containsExactly(page, better);
        assertThat(after.over()).isTrue();
        assertThat(after.resolved()).isEqualTo(first.resolved());
        for (int i = 2; i < Incidents.VERSIONS_MAX; i++) {
            incidents.add(one.id(), new Entry.PostMortem("# T\n" + i, "# T\n" + i, ""), "anna");
        }
        assertThatThrownBy(() -> incidents.add(one.id(), page, "anna")).hasMessageContaining("20 versions");
    }

    @Test
    void whoListensHearsOfEveryChangeAndOfNoneThatWasNotKept() {
        var heard = new AtomicInteger();
        incidents.onChange(heard::incrementAndGet);
        Incident one = incidents.open(STORAGE, List.of(), "anna");
        incidents.add(one.id(), told(State.IDENTIFIED, "a", "b"), "anna");
        assertThat(heard).hasValue(2);

        desk.close();
        assertThatThrownBy(() -> incidents.add(one.id(), told(State.RESTORING, "c", "d"), "anna"));
        assertThat(heard).hasValue(2);
        assertThat(notice("posta").state()).isEqualTo("identified");
    }

    @Test
    void theLineKeepsTheEstimateAndTheNumberHoweverLongTheNoticeIs() {
        Incident one = incidents.open(STORAGE, List.of(told(State.INVESTIGATING, "parola ".repeat(200),
                "word\n".repeat(300))), "anna");
        incidents.add(one.id(), new Estimated(Instant.parse("2023-01-24T18:00:00Z"), Confidence.LOW), "anna");
        for (String text : List.of(notice("posta").italian(), notice("posta").english())) {
            assertThat(text).hasSizeLessThanOrEqualTo(Line.CHARACTERS_MAX).contains("…")
                    .contains("800 100 200").doesNotContain("\n");
        }
        assertThat(notice("posta").italian())
                .contains("Una prima stima, ancora incerta: verso il 24 gennaio alle 19:00.");
        assertThat(notice("posta").english())
                .contains("A first estimate, still uncertain: at about 24 January at 19:00.");
    }

    @Test
    void aQuestionAnsweredAgainHasItsNewestAnswerForItsBrandAlone() {
        Incident one = incidents.open(STORAGE, List.of(), "anna");
        var question = new Words("Ho perso posta?", "Is mail lost?");
        incidents.add(one.id(), new Entry.Answered("lost", "", question, new Words("Stiamo verificando.",
                "We check.")), "anna");
        incidents.add(one.id(), new Entry.Answered("lost", "", question, new Words("Verificato: no.",
                "Checked: no.")), "anna");
        Incident now = incidents.add(one.id(), new Entry.Answered("app", "virgola", question, question),
                "anna");

        assertThat(now.questions("posta")).singleElement().extracting(answered -> answered.answer().english())
                .isEqualTo("Checked: no.");
        assertThat(now.questions("virgola")).hasSize(2);
    }

    private Notice notice(String brand) {
        return incidents.of(Listener.anybody(brand)).orElseThrow();
    }

    static Told told(State state, String italian, String english) {
        return new Told(state, new Words(italian, english), "");
    }
}
