package casella.queue;

import static casella.queue.Stage.NOON;
import static casella.queue.Stage.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.queue.Outgoing.Standing;
import casella.queue.QueueRecord.Ending;
import casella.queue.RemoteQueue.Which;
import casella.testkit.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what waits for other servers: what is tried in which order, how it stands after whatever happens, and that a
/// restart or an index made anew forgets nothing of it.
final class RemoteQueueTest {
    private static final AccountId ANNA = new AccountId(7);

    @TempDir
    Path folder;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private LocalQueue queue;

    @BeforeEach
    void open() {
        queue = Stage.open(disk, folder.resolve("queue.db"));
    }

    @AfterEach
    void close() {
        queue.close();
    }

    private void again(boolean anew) throws java.io.IOException {
        queue.close();
        if (anew) Files.delete(folder.resolve("queue.db"));
        open();
    }

    private void keep(Priority priority, Instant received, @Nullable AccountId from, String... addresses) {
        List<RemoteItem> items = new ArrayList<>();
        for (String address : addresses) items.add(new RemoteItem(Stage.arrival(), address, Notify.UNSAID));
        byte[] content = "Subject: s\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);
        queue.keep(
                new QueuedMessage(
                        QueueId.random(), priority, received, "anna@posta.example", List.of(), items,
                                MailOptions.NONE,
                        from, content),
                TIME);
    }

    private static List<String> addresses(List<Outgoing> some) {
        return some.stream().map(one -> one.item().address()).toList();
    }

    private List<Outgoing> all() {
        return queue.remote().list(new Which.All(), null, 100);
    }

    private List<Outgoing> next() {
        return queue.remote().next(Priority.PERSONAL, false, 10);
    }

    @Test
    void whatIsTakenIsOfOneDomainAndUnderWay() {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example", "b@Y.example", "c@X.example");
        keep(Priority.PERSONAL, NOON.minusSeconds(5), null, "d@x.example");
        List<Outgoing> taken = next();
        assertThat(addresses(taken)).containsExactly("d@x.example", "a@x.example", "c@X.example");
        assertThat(taken.getLast().account()).isEqualTo(ANNA);
        assertThat(addresses(next())).containsExactly("b@Y.example");
        assertThat(next()).isEmpty();
        assertThat(all()).allMatch(one -> one.standing() == Standing.UNDER_WAY);
        queue.remote().back(taken);
        assertThat(addresses(queue.remote().more("x.example", 2))).containsExactly("d@x.example",
                "a@x.example");
    }

    @Test
    void whatEndedIsGoneWithItsMessage() {
        keep(Priority.URGENT, NOON, ANNA, "a@x.example", "b@x.example");
        List<Outgoing> first = queue.remote().next(Priority.URGENT, false, 1);
        assertThat(queue.figures().bytes()).isPositive();
        queue.remote().end(first, Ending.RELAYED);
        assertThat(addresses(all())).containsExactly("b@x.example");
        assertThat(queue.figures().bytes()).isPositive();
        queue.remote().end(queue.remote().next(Priority.URGENT, true, 1), Ending.FAILED);
        assertThat(all()).isEmpty();
        assertThat(queue.figures().bytes()).isZero();
    }

    @Test
    void oneThatIsDeferredIsReadyWhenItIsDue() {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example", "b@x.example");
        List<Outgoing> taken = next();
        queue.remote().defer(taken.getFirst(), 3, NOON.plusSeconds(60), "451 later");
        queue.remote().end(taken.subList(1, 2), Ending.RELAYED);
        assertThat(queue.remote().wake(NOON.plusSeconds(59))).contains(NOON.plusSeconds(60));
        assertThat(next()).isEmpty();
        queue.remote().wake(NOON.plusSeconds(60));
        Outgoing again = next().getFirst();
        assertThat(again.attempts()).isEqualTo(3);
        assertThat(again.why()).isEqualTo("451 later");
    }

    @Test
    void aDomainThatIsPutOffTakesAllItsLanesWithIt() {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example", "b@y.example");
        queue.remote().putOff("x.example", 2, NOON.plusSeconds(60), "no answer");
        keep(Priority.URGENT, NOON, ANNA, "c@x.example");
        assertThat(addresses(next())).containsExactly("b@y.example");
        assertThat(queue.remote().next(Priority.URGENT, true, 10)).isEmpty();
        assertThat(queue.remote().attempts("x.example")).isEqualTo(2);
        queue.remote().wake(NOON.plusSeconds(60));
        assertThat(addresses(queue.remote().next(Priority.URGENT, true, 10))).containsExactly("c@x.example");
        assertThat(queue.remote().attempts("x.example")).as("until it works").isEqualTo(2);
        queue.remote().served("x.example");
        assertThat(queue.remote().attempts("x.example")).isZero();
        assertThat(addresses(next())).containsExactly("a@x.example");
    }

    @Test
    void aBusyDomainIsPassedOver() {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example");
        keep(Priority.PERSONAL, NOON.plusSeconds(1), ANNA, "b@y.example");
        queue.remote().busy("x.example", true);
        assertThat(addresses(next())).containsExactly("b@y.example");
        assertThat(next()).isEmpty();
        queue.remote().busy("x.example", false);
        assertThat(addresses(next())).containsExactly("a@x.example");
    }

    @Test
    void whatWasSaidOfARecipientOutlivesTheIndex() throws Exception {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example", "b@x.example", "c@x.example", "d@x.example");
        List<Outgoing> all = all();
        queue.remote().told(all.subList(0, 1));
        assertThat(queue.remote().hold(new Which.OfMessage(all.getFirst().message()))).isEqualTo(4);
        assertThat(next()).isEmpty();
        assertThat(queue.remote().redirect(new Which.OfDomain("x.example"), "z.example")).isEqualTo(4);
        assertThat(queue.remote().release(new Which.OfAccount(ANNA))).isEqualTo(4);
        queue.remote().hold(new Which.OfAccount(ANNA));
        queue.remote().release(new Which.OfDomain("z.example"));
        queue.remote().end(all().subList(3, 4), Ending.RELAYED);
        for (boolean anew : new boolean[] {false, true}) {
            again(anew);
            assertThat(addresses(all())).containsExactly("a@z.example", "b@z.example", "c@z.example");
            assertThat(all()).extracting(one -> one.item().told()).containsExactly(true, false, false);
            assertThat(all()).allMatch(one -> one.standing() == Standing.READY);
        }
        queue.remote().hold(new Which.All());
        again(true);
        assertThat(all()).allMatch(one -> one.item().held());
        assertThat(next()).isEmpty();
    }

    @Test
    void afterARestartNothingIsUnderWay() throws Exception {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example");
        assertThat(next()).hasSize(1);
        queue.remote().busy("x.example", true);
        again(false);
        assertThat(next()).hasSize(1);
    }

    /// A process that goes on has not given back what it took.
    @Test
    void anIndexMadeAnewGivesNothingOutTwice() {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example", "b@x.example");
        List<Outgoing> taken = queue.remote().next(Priority.PERSONAL, false, 1);
        var _ = queue.lookedFor(List.of());
        assertThat(addresses(next())).containsExactly("b@x.example");
        queue.remote().end(taken, Ending.RELAYED);
        assertThat(addresses(all())).containsExactly("b@x.example");
    }

    @Test
    void whatIsGivenBackIsTakenAgainWhoeverComesWhen() throws Exception {
        for (int i = 0; i < 20; i++) keep(Priority.PERSONAL, NOON, ANNA, "a" + i + "@x.example");
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int round = 0; round < 200; round++) queue.remote().back(queue.remote().more("x.example", 7));
            }));
        }
        for (Thread thread : threads) thread.join();
        assertThat(queue.remote().more("x.example", 100)).hasSize(20);
    }

    @Test
    void sendersAreToldInTimeAndOfWhatIsHeldNever() {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example", "b@x.example");
        Outgoing held = all().getLast();
        Instant late = NOON.plus(Patience.LATE);
        assertThat(queue.remote().wake(NOON)).contains(late);
        assertThat(queue.remote().toTell(late.minusMillis(1), 10)).isEmpty();
        List<Outgoing> told = queue.remote().toTell(late, 10);
        assertThat(told).hasSize(2);
        assertThat(next()).as("nobody sends to them meanwhile").isEmpty();
        queue.remote().restore(told);
        queue.remote().hold(new Which.All());
        assertThat(queue.remote().toTell(late.plus(Duration.ofDays(30)), 10)).isEmpty();
        queue.remote().told(List.of(held));
        assertThat(queue.remote().find(held.item().id()).orElseThrow().item().held()).as("held since").isTrue();
        queue.remote().release(new Which.All());
        List<Outgoing> one = queue.remote().toTell(late, 10);
        assertThat(addresses(one)).containsExactly("a@x.example");
        queue.remote().defer(one.getFirst(), 2, late.plusSeconds(60), "450 later");
        queue.remote().restore(queue.remote().toTell(late, 10));
        assertThat(all().getFirst().due()).as("put off as before").isEqualTo(late.plusSeconds(60));
        assertThat(all().getFirst().standing()).isEqualTo(Standing.DEFERRED);
        assertThat(addresses(queue.remote().toTell(NOON.plus(Patience.GIVE_UP), 10)))
                .containsExactlyInAnyOrder("a@x.example", "b@x.example");
    }

    @Test
    void operatorsRetryAndCancel() {
        keep(Priority.PERSONAL, NOON, ANNA, "a@x.example", "b@y.example");
        queue.remote().putOff("x.example", 5, NOON.plusSeconds(3_600), "no answer");
        Outgoing other = queue.remote().next(Priority.PERSONAL, false, 1).getFirst();
        queue.remote().defer(other, 1, NOON.plusSeconds(3_600), "450 grey");
        assertThat(queue.remote().destinations(10))
                .extracting(RemoteQueue.Destination::domain, RemoteQueue.Destination::putOff)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("x.example", true),
                        org.assertj.core.groups.Tuple.tuple("y.example", false));
        assertThat(queue.remote().retry(new Which.All())).isEqualTo(2);
        assertThat(addresses(all())).hasSize(2);
        assertThat(next()).hasSize(1);
        assertThat(next()).hasSize(1);
        assertThat(queue.remote().cancel(new Which.OfDomain("y.example"))).isEqualTo(1);
        assertThat(addresses(all())).containsExactly("a@x.example");
    }
}
