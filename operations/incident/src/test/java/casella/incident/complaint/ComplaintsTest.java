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

    private final SteppedClock clock = new SteppedClock();

    @TempDir
    private Path folder;

    private Desk desk;
    private Complaints complaints;

    @BeforeEach
    void open() {
        desk = Desk.open(folder);
        complaints = new Complaints(desk, clock, WITHIN);
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
        Complaint after = new Complaints(desk, clock, WITHIN).complaint(id).orElseThrow();
        assertThat(after).isEqualTo(before);
        assertThat(after.state()).isEqualTo(State.CLOSED);
        assertThat(after.category()).isEqualTo(Category.COMPENSATION);
        assertThat(after.incident()).isEqualTo(7);
        assertThat(after.steps()).extracting(Step::by).containsExactly("anna", "anna", "bruno", "bruno",
                "bruno");
        assertThat(new Complaints(desk, clock, WITHIN).file(id, 3)).hasValueSatisfying(bytes ->
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
        assertThat(ids(new Filter(State.OPEN, null, null, clock.now()))).containsExactly(late);
        assertThat(ids(new Filter(null, null, "Consumatori", null))).containsExactly(soon);
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

    @Test
    void itIsLateOnlyPastItsDay() {
        Complaint one = complaints.open("a", received(Channel.TELEPHONE, "Non leggo."));
        Instant day = one.deadline();

        assertThat(one.overdue(day)).isFalse();
        assertThat(one.overdue(day.plusMillis(1))).isTrue();
    }
}
