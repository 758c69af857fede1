package casella.incident.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.incident.Desk;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Channel;
import casella.incident.complaint.Complaint.Person;
import casella.incident.complaint.Complaint.Received;
import casella.incident.complaint.Complaint.State;
import casella.incident.complaint.Complaints.Filter;
import casella.testkit.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a complaint that was taken has one number, stays with all that was done, and is known to be due.
final class ComplaintsTest {
    static final Duration WITHIN = Duration.ofDays(45);
    static final Duration KEPT = Duration.ofDays(3_653);

    private final SteppedClock clock = new SteppedClock();

    @TempDir
    private Path folder;

    private Desk desk;
    private Complaints complaints;

    @BeforeEach
    void open() {
        desk = Desk.open(folder);
        complaints = new Complaints(desk, clock, WITHIN, KEPT);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private Received received(Channel channel, String text) {
        String protocol = channel == Channel.PEC ? "2026/117" : "";
        String association = channel == Channel.ASSOCIATION ? "Consumatori" : "";
        return new Received(clock.now(), channel, Category.AVAILABILITY, "posta", null,
                new Person("Anna Bianchi", "Via Roma 1"),
                "", text, "it", protocol, association, association.isEmpty() ? "" : "mandato 3");
    }

    @Test
    void whatCameTwiceIsOneCase() {
        Complaint first = complaints.open("letter-1", received(Channel.TELEPHONE, "Non leggo."));
        Complaint again = complaints.open("letter-1", received(Channel.TELEPHONE, "Non leggo."));
        Complaint other = complaints.open("letter-2", received(Channel.TELEPHONE, "Non leggo."));

        assertThat(again).isEqualTo(first);
        assertThat(other.id()).isEqualTo(first.id() + 1);
        assertThat(first.number())
                .isEqualTo("R-%d-000001".formatted(clock.now().atOffset(ZoneOffset.UTC).getYear()));
        assertThat(first.deadline()).isEqualTo(first.received().at().plus(WITHIN));
    }

    @Test
    void whatWasDoneIsThereAfterARestartAndSaysHowFarItIs() {
        long id = complaints.open("a", received(Channel.PEC, "Dieci giorni senza posta.")).id();
        complaints.add(id, new Step.Said(Step.Way.PEC, "Guardiamo."), "anna");
        assertThat(complaints.complaint(id).orElseThrow().state()).isEqualTo(State.ANSWERED);
        complaints.add(id, new Step.Heard("E allora?", ""), "anna");
        assertThat(complaints.complaint(id).orElseThrow().state()).isEqualTo(State.OPEN);
        complaints.attach(id, "ricevuta.pdf", "application/pdf", new byte[] {1, 2, 3}, "bruno");
        complaints.add(id, new Step.Sorted(Category.COMPENSATION, 7), "bruno");
        Complaint before = complaints.add(id,
                new Step.Decided(Step.Outcome.UPHELD, Step.Way.PEC, "Avete ragione."), "bruno");
        // An order given again changes nothing.
        assertThat(complaints.add(id,
                new Step.Decided(Step.Outcome.UPHELD, Step.Way.PEC, "Avete ragione."), "bruno"))
                .isEqualTo(before);
        desk.close();

        desk = Desk.open(folder);
        Complaint after = new Complaints(desk, clock, WITHIN, KEPT).complaint(id).orElseThrow();
        assertThat(after).isEqualTo(before);
        assertThat(after.state()).isEqualTo(State.CLOSED);
        assertThat(after.category()).isEqualTo(Category.COMPENSATION);
        assertThat(after.incident()).isEqualTo(7);
        assertThat(after.steps()).extracting(Step::by).containsExactly("anna", "anna", "bruno", "bruno",
                "bruno");
        assertThat(new Complaints(desk, clock, WITHIN, KEPT).file(id, 3)).hasValueSatisfying(bytes ->
                assertThat(bytes).containsExactly(1, 2, 3));
    }

    @Test
    void whatIsDueIsFoundAndCounted() {
        long late = complaints.open("a", received(Channel.TELEPHONE, "Prima.")).id();
        long closed = complaints.open("b", received(Channel.TELEPHONE, "Seconda.")).id();
        complaints.add(closed, new Step.Decided(Step.Outcome.WITHDRAWN, Step.Way.TELEPHONE, "Ritirato."),
                "anna");
        clock.step(Duration.ofDays(40));
        long soon = complaints.open("c", received(Channel.ASSOCIATION, "Terza.")).id();
        clock.step(Duration.ofDays(6));

        assertThat(complaints.figures().overdue()).isEqualTo(1);
        assertThat(complaints.figures().dueSoon()).isZero();
        clock.step(Duration.ofDays(34));
        assertThat(complaints.figures().dueSoon()).isEqualTo(1);
        assertThat(complaints.figures().states()).containsEntry(State.OPEN, 2L).containsEntry(State.CLOSED,
                1L);
        assertThat(complaints.figures().open()).containsEntry(Category.AVAILABILITY, 2L);
        assertThat(ids(new Filter(State.OPEN, null, null, clock.now(), null))).containsExactly(late);
        assertThat(ids(new Filter(null, null, "Consumatori", null, null))).containsExactly(soon);
        assertThat(ids(Filter.ALL)).containsExactly(late, closed, soon);
        assertThat(complaints.page(Filter.ALL, late, 1)).extracting(Complaint::id).containsExactly(closed);
    }

    private List<Long> ids(Filter filter) {
        return complaints.page(filter, 0, 100).stream().map(Complaint::id).toList();
    }

    @Test
    void whatCannotBeSaysWhatIsWrong() {
        long id = complaints.open("a", received(Channel.TELEPHONE, "Non leggo.")).id();

        assertThatThrownBy(() -> complaints.add(99, new Step.Heard("?", ""), "anna"))
                .hasMessage("complaint: there is no 99");
        assertThatThrownBy(() -> received(Channel.LETTER, "Senza numero."))
                .hasMessageStartingWith("protocol:");
        assertThatThrownBy(() -> received(Channel.TELEPHONE, " \n ")).hasMessage("text: must not be empty");
        assertThatThrownBy(() -> received(Channel.TELEPHONE, "x".repeat(8_001)))
                .hasMessageContaining("8000 characters");
        assertThatThrownBy(() -> received(Channel.TELEPHONE, "a\u0000b"))
                .hasMessageContaining("control characters");
        assertThatThrownBy(() -> new Person("Anna\nBcc: x", "")).hasMessage("name: must be one line");
        assertThatThrownBy(() -> complaints.attach(id, "a.pdf", "application/pdf", new byte[0], "anna"))
                .hasMessageContaining("bytes");
        for (int i = 0; i < Complaints.FILES_MAX; i++) {
            complaints.attach(id, "a.pdf", "application/pdf", new byte[] {1, (byte) i}, "anna");
        }
        // The same file again is there already.
        complaints.attach(id, "b.pdf", "application/pdf", new byte[] {1, 1}, "anna");
        assertThatThrownBy(() -> complaints.attach(id, "a.pdf", "application/pdf", new byte[] {2}, "anna"))
                .hasMessage("file: " + id + " has 20");
        assertThat(complaints.complaint(id).orElseThrow().steps()).hasSize(Complaints.FILES_MAX);
    }

    private Step.Decided decided() {
        return new Step.Decided(Step.Outcome.REJECTED, Step.Way.TELEPHONE, "No.");
    }

    @Test
    void whatWasClosedLongAgoIsErasedAndNothingElse() {
        long old = complaints.open("a", received(Channel.TELEPHONE, "Prima.")).id();
        long again = complaints.open("b", received(Channel.TELEPHONE, "Seconda.")).id();
        long open = complaints.open("c", received(Channel.TELEPHONE, "Terza.")).id();
        complaints.attach(old, "a.pdf", "application/pdf", new byte[] {1}, "anna");
        complaints.add(old, decided(), "anna");
        complaints.add(again, decided(), "anna");
        clock.step(Duration.ofDays(1));
        complaints.add(again, new Step.Heard("E allora?", ""), "anna");
        complaints.add(again, decided(), "anna");

        clock.step(KEPT.minusDays(1));
        assertThat(complaints.erase(0, 10).erased()).as("not a moment before").isZero();
        clock.step(Duration.ofMillis(1));
        assertThat(complaints.erase(0, 10)).isEqualTo(new Complaints.Erased(1, again));

        assertThat(ids(Filter.ALL)).containsExactly(again, open);
        assertThat(complaints.complaint(old)).isEmpty();
        assertThat(complaints.file(old, 1)).isEmpty();
        assertThat(complaints.has("a")).isFalse();
        long rows = desk.read(s -> s.number("SELECT (SELECT count(*) FROM complaint_steps WHERE complaint = ?1)"
                + " + (SELECT count(*) FROM complaint_letters WHERE complaint = ?1)", old));
        assertThat(rows).isZero();
        // A number means one case for ever.
        assertThat(complaints.open("d", received(Channel.TELEPHONE, "Quarta.")).id()).isEqualTo(open + 1);
        assertThat(complaints.erase(0, 1).last()).isEqualTo(again);
        assertThat(complaints.erase(again, 1).last()).isNull();
    }

    @Test
    void itSaysWhetherItWasAnsweredInTimeAndWhatItCameTo() {
        long late = complaints.open("a", received(Channel.TELEPHONE, "Prima.")).id();
        long early = complaints.open("b", received(Channel.TELEPHONE, "Seconda.")).id();
        long open = complaints.open("c", received(Channel.TELEPHONE, "Terza.")).id();
        complaints.add(early, new Step.Said(Step.Way.TELEPHONE, "Guardiamo."), "anna");
        assertThat(complaints.complaint(open).orElseThrow().inTime(clock.now())).isEmpty();
        clock.step(WITHIN.plusMillis(1));
        Complaint after = complaints.add(late, decided(), "anna");
        Instant closed = clock.now();
        clock.step(Duration.ofDays(1));

        assertThat(after.inTime(clock.now())).contains(false);
        assertThat(after.closed()).contains(closed);
        assertThat(after.outcome()).contains(Step.Outcome.REJECTED);
        assertThat(complaints.complaint(early).orElseThrow().inTime(clock.now())).contains(true);
        assertThat(complaints.complaint(early).orElseThrow().outcome()).isEmpty();
        assertThat(complaints.complaint(open).orElseThrow().inTime(clock.now())).contains(false);
        complaints.add(late, new Step.Heard("No!", ""), "anna");
        assertThat(complaints.complaint(late).orElseThrow().closed()).isEmpty();
    }

    @Test
    void casesOfAnIncidentAreFound() {
        long one = complaints.open("a", received(Channel.TELEPHONE, "Prima.")).id();
        complaints.open("b", received(Channel.TELEPHONE, "Seconda."));
        complaints.add(one, new Step.Sorted(Category.AVAILABILITY, 7), "anna");

        assertThat(ids(new Filter(null, null, null, null, 7L))).containsExactly(one);
        assertThat(ids(new Filter(null, null, null, null, 8L))).isEmpty();
    }

    @Test
    void itIsLateOnlyPastItsDay() {
        Complaint one = complaints.open("a", received(Channel.TELEPHONE, "Non leggo."));
        Instant day = one.deadline();

        assertThat(one.overdue(day)).isFalse();
        assertThat(one.overdue(day.plusMillis(1))).isTrue();
    }
}
