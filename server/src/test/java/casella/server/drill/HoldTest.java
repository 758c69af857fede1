package casella.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Engine.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Proves that what a drill holds comes back: readers with the time they had left, writes in their order, and nobody is held
/// past the end whoever forgets to let him go.
final class HoldTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final List<String> done = new ArrayList<>();
    private final Hold hold = new Hold(new Cohort.All(), Deadline.in(LONG));

    private Ticket<Outcome> write(Hold into, String name) {
        return into.write("engine.write", 10, () -> {
            done.add(name);
            return Ticket.done("engine.write", new Outcome.Written());
        });
    }

    private FutureTask<Duration> reader(Hold into, Duration time) throws InterruptedException {
        var task = new FutureTask<>(() -> into.pass("engine.read", time));
        Thread.ofVirtual().start(task);
        while (into.oldest().isZero() && !task.isDone()) Thread.onSpinWait();
        return task;
    }

    @Test
    void readersGoOnWithWhatIsLeftOfTheirTime() throws Exception {
        FutureTask<Duration> reader = reader(hold, LONG);
        assertThat(reader.isDone()).isFalse();
        hold.release();
        assertThat(reader.get(30, TimeUnit.SECONDS)).isBetween(LONG.minusSeconds(60), LONG);
        assertThat(hold.pass("engine.read", LONG)).isEqualTo(LONG);
        assertThat(hold.oldest()).isZero();
    }

    @Test
    void aReaderWaitsNoLongerThanHisOwnDeadline() {
        assertThatThrownBy(() -> hold.pass("engine.read", Duration.ofMillis(20)))
                .isInstanceOf(Fault.Unavailable.class);
    }

    @Test
    void writesAreDoneInTheirOrderWhenTheHoldEnds() {
        Ticket<Outcome> first = write(hold, "first");
        Ticket<Outcome> second = write(hold, "second");
        assertThat(done).isEmpty();
        assertThat(first.answered()).isFalse();
        hold.release();
        write(hold, "third");
        assertThat(done).containsExactly("first", "second", "third");
        assertThat(second.await(Deadline.in(LONG))).isEqualTo(new Outcome.Written());
    }

    @Test
    void whoIsGivenUpIsAnsweredAndHisWriteIsDoneLate() throws Exception {
        FutureTask<Duration> reader = reader(hold, LONG);
        Ticket<Outcome> write = write(hold, "late");
        hold.giveUp();
        assertThatThrownBy(() -> reader.get(30, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> write.await(Deadline.in(LONG))).isInstanceOf(Fault.Unavailable.class);
        assertThat(hold.oldest()).isZero();
        hold.release();
        assertThat(done).containsExactly("late");
    }

    @Test
    void nobodyIsHeldPastTheEndThatWasSetForIt() {
        var forgotten = new Hold(new Cohort.All(), Deadline.in(Duration.ofMillis(20)));
        assertThat(forgotten.pass("engine.read", LONG)).isBetween(LONG.minusSeconds(60), LONG);
    }

    @Test
    void writesAreHeldUpToABound() {
        for (int i = 0; i < Hold.CALLS_MAX; i++) write(hold, "held");
        assertThatThrownBy(() -> write(hold, "too many").await(Deadline.in(LONG)))
                .isInstanceOf(Fault.Unavailable.class)
                .hasMessageContaining("Too many");
        hold.release();
        assertThat(done).hasSize(Hold.CALLS_MAX).doesNotContain("too many");
    }

    @Test
    void aHoldForSomeIsForNobodyElse() {
        var one = AccountId.random();
        var some = new Hold(new Cohort.Some(Set.of(one), "one"), Deadline.in(LONG));
        assertThat(some.covers(one)).isTrue();
        assertThat(some.covers(AccountId.random())).isFalse();
        assertThat(some.coversAll()).isFalse();
    }
}
