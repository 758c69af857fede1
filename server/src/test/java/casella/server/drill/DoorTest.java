package casella.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.continuity.cohort.Cohorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Proves what a shut door does to whom, that it does it to nobody else, and that it opens by itself.
final class DoorTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);

    private final Door door = new Door("engine");
    private final List<String> done = new ArrayList<>();

    private void shut(Door.Trouble trouble, Cohort cohort) {
        door.shut(trouble, cohort, Deadline.in(LONG));
    }

    private Ticket<String> write(AccountId account) {
        return door.write(account, () -> {
            done.add(account.toString());
            return Ticket.done("write", "written");
        });
    }

    private static String awaited(Ticket<String> ticket) {
        return ticket.await(Deadline.in(LONG));
    }

    @Test
    void anOpenDoorLetsEverythingIn() {
        assertThat(door.pass(ANNA, LONG)).isEqualTo(LONG);
        assertThat(door.probe(LONG)).isEqualTo(LONG);
        assertThat(awaited(write(ANNA))).isEqualTo("written");
    }

    @Test
    void whatIsGoneAnswersNobodyAndIsNotReached() {
        shut(Door.Trouble.GONE, new Cohort.All());
        assertThatThrownBy(() -> door.pass(ANNA, LONG)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> door.pass(null, LONG)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> door.probe(LONG)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> awaited(write(ANNA))).isInstanceOf(Fault.Unavailable.class);
        assertThat(done).isEmpty();
        door.open();
        assertThat(awaited(write(ANNA))).isEqualTo("written");
    }

    @Test
    void aFullDiskIsReadAndTidiedButNotWritten() {
        shut(Door.Trouble.FULL, new Cohort.All());
        assertThat(door.pass(ANNA, LONG)).isEqualTo(LONG);
        assertThatThrownBy(() -> door.probe(LONG)).isInstanceOf(Fault.Exhausted.class);
        assertThatThrownBy(() -> awaited(write(ANNA))).isInstanceOf(Fault.Exhausted.class);
        assertThat(done).isEmpty();
        Ticket<String> removed = door.removal(ANNA, () -> Ticket.done("delete", "removed"));
        assertThat(awaited(removed)).isEqualTo("removed");
    }

    @Test
    void whatIsSlowAnswersLaterAndAtOnceWhenTheDrillEnds() throws Exception {
        shut(Door.Trouble.SLOW, new Cohort.All());
        long start = System.nanoTime();
        assertThat(door.pass(ANNA, LONG)).isEqualTo(LONG.minus(Door.LATE));
        assertThat(awaited(write(ANNA))).isEqualTo("written");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Door.LATE.multipliedBy(2));
        assertThatThrownBy(() -> door.pass(ANNA, Duration.ofMillis(5))).isInstanceOf(Fault.Unavailable.class);

        door.shut(Door.Trouble.SLOW, new Cohort.All(), Deadline.in(LONG));
        Ticket<String> held = write(ANNA);
        var reader = new FutureTask<>(() -> door.pass(ANNA, LONG));
        Thread.ofVirtual().start(reader);
        door.open();
        assertThat(awaited(held)).isEqualTo("written");
        assertThat(reader.get(30, TimeUnit.SECONDS)).isBetween(LONG.minus(Door.LATE), LONG);
    }

    @Test
    void othersAndProbesGoInWhereACohortSuffers() {
        shut(Door.Trouble.GONE, new Cohort.Some(Set.of(ANNA), "anna@posta.example"));
        assertThatThrownBy(() -> door.pass(ANNA, LONG)).isInstanceOf(Fault.Unavailable.class);
        assertThat(door.pass(BRUNO, LONG)).isEqualTo(LONG);
        assertThat(door.probe(LONG)).isEqualTo(LONG);
    }

    @Test
    void aSliceIsWhoIsInItAndTheDrillsOwnAccount() {
        var slice = new Cohort.Slice(Cohorts.BY_HASH.of(ANNA), Cohorts.BY_HASH, BRUNO);
        assertThat(slice.includes(ANNA)).isTrue();
        assertThat(slice.includes(BRUNO)).isTrue();
        assertThat(slice.includes(new AccountId(3))).isFalse();
        assertThat(slice.word()).isEqualTo(Cohorts.BY_HASH.of(ANNA).word());
    }

    @Test
    void itIsOpenAfterItsTimeWhoeverForgetsIt() {
        door.shut(Door.Trouble.GONE, new Cohort.All(), Deadline.in(Duration.ZERO));
        assertThat(door.pass(ANNA, LONG)).isEqualTo(LONG);
    }
}
