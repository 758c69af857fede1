package casella.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Notices.Listener;
import casella.continuity.cohort.Cohort;
import casella.continuity.cohort.Cohorts;
import casella.incident.Entry.Opened;
import casella.incident.Entry.Severity;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that whom an incident does not concern is not disturbed by it, and whom it may concern is told.
final class PartTest {
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);
    private static final Cohorts COHORTS =
            account -> account.equals(ANNA) ? new Cohort.Volunteers() : new Cohort.Slice(7);
    private static final Line LINE = new Line(ZoneId.of("Europe/Rome"), Map.of());

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Desk desk;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Incidents incidents;

    @BeforeEach
    void open() {
        desk = Desk.open(folder.resolve("desk"));
        incidents = new Incidents(desk, Clock.system(), LINE, COHORTS);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private void open(String title, Severity severity, Part part) {
        incidents.open(new Opened(new Words(title, title), severity, List.of(), "", part), List.of(),
                "carla");
    }

    private boolean told(@Nullable AccountId account, String door, String app) {
        return incidents.of(new Listener("posta", account, door, app)).isPresent();
    }

    private static Part cohorts(String... words) {
        return new Part(List.of(words), List.of(), List.of());
    }

    @Test
    void whatConcernsSomeCohortsIsToldToTheirOwnersAndOnPagesForAnybody() {
        open("Chiuse", Severity.MAJOR, cohorts("volunteers", "slice-08"));
        assertThat(told(ANNA, "imap", "")).isTrue();
        assertThat(told(ANNA, "web", "")).isTrue();
        assertThat(told(BRUNO, "imap", "")).isFalse();
        assertThat(told(BRUNO, "web", "")).isFalse();
        assertThat(told(null, "web", "")).isTrue();
        assertThat(told(null, "smtp", "")).isTrue();
    }

    @Test
    void whatConcernsADoorIsToldThereAndInTheWebmail() {
        open("Non si spedisce", Severity.MAJOR, new Part(List.of(), List.of("smtp"), List.of()));
        assertThat(told(null, "smtp", "")).isTrue();
        assertThat(told(ANNA, "web", "")).isTrue();
        assertThat(told(ANNA, "imap", "")).isFalse();
    }

    @Test
    void whatConcernsAProgramIsToldToWhoUsesIt() {
        open("Thunderbird", Severity.MAJOR, new Part(List.of(), List.of(), List.of("thunderbird")));
        assertThat(told(ANNA, "imap", "Mozilla Thunderbird")).isTrue();
        assertThat(told(ANNA, "imap", "Thunder")).isFalse();
        assertThat(told(ANNA, "imap", "")).isFalse();
        assertThat(told(ANNA, "web", "")).isTrue();
    }

    /// The worst of what concerns somebody, not the worst there is.
    @Test
    void whomTheWorstDoesNotConcernIsToldTheNext() {
        open("Grave", Severity.CRITICAL, cohorts("volunteers"));
        open("Lenta", Severity.MINOR, Part.ALL);
        assertThat(title(ANNA)).startsWith("Grave");
        assertThat(title(BRUNO)).startsWith("Lenta");
    }

    private String title(AccountId account) {
        return incidents.of(Listener.owner("posta", account)).orElseThrow().italian();
    }

    @Test
    void whomItConcernsIsSaidAndIsThereAfterARestart() {
        open("Lenta", Severity.MINOR, new Part(List.of("slice-07"), List.of("imap"), List.of("K-9 Mail")));
        assertThat(title(BRUNO))
                .contains("Riguarda una parte delle caselle; chi legge la posta con IMAP; chi usa K-9 Mail.");
        desk.close();
        open();
        assertThat(incidents.open()).singleElement()
                .satisfies(one -> assertThat(one.part()).isEqualTo(new Part(List.of("slice-07"),
                        List.of("imap"), List.of("K-9 Mail"))));
        assertThat(told(ANNA, "web", "")).isFalse();
    }

    /// As it was written before incidents knew parts.
    @Test
    void whatWasOpenedBeforeConcernsAll() {
        desk.write(s -> {
            s.change("INSERT INTO incidents (opened) VALUES (0)");
            return s.change("INSERT INTO entries (incident, number, at, document) VALUES (1, 1, 0, ?)", """
                    {"number":1,"at":"2026-01-01T00:00:00Z","by":"anna","what":{"what":"opened",
                    "title":{"italian":"a","english":"b"},"severity":"MINOR","brands":["posta"],"evidence":""}}""");
        });
        incidents = new Incidents(desk, Clock.system(), LINE, COHORTS);
        assertThat(incidents.open().getFirst().part()).isEqualTo(Part.ALL);
        assertThat(told(BRUNO, "imap", "")).isTrue();
    }

    @Test
    void whatIsNoPartIsRefusedByName() {
        assertThatThrownBy(() -> cohorts("slice-7")).hasMessageContaining("cohort: 'slice-7' is none");
        assertThatThrownBy(() -> new Part(List.of(), List.of("jmap"), List.of()))
                .hasMessageContaining("door:");
        assertThatThrownBy(() -> new Part(List.of(), List.of(), List.of("a\u0007")))
                .hasMessageContaining("app:");
        assertThat(Objects.requireNonNullElse(Part.ALL.words(), "all")).isEqualTo("all");
    }
}
