package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.store.Account;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.archive.Reckoning;
import casella.store.archive.Reckoning.Fate;
import casella.store.deletion.Restore;
import casella.store.vault.ObjectName;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that each mail is counted for what became of it: filed, deleted, waiting, lost, out of reach, or nobody's.
final class ReckoningTest {
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
    private static final Duration TIME = Duration.ofSeconds(10);

    private TestStore store = TestStore.over(new MemoryEngine());
    private Account anna = store.account();
    private int number;

    @BeforeEach
    void open() {
        store = TestStore.over(new MemoryEngine());
        anna = store.account();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Reckoning reckoning() {
        var policy = new Copies.Policy(2, Copies.Distinct.TECHNOLOGY, 2, 1, TIME, TIME);
        return new Reckoning(store.journal(), new Copies(List.of(store.firstVault(), store.secondVault()),
                policy,
                new Debt(store.clock(), Metrics.none()), Metrics.none()));
    }

    private Map<ArrivalId, Fate> count(Instant from, Instant until, ArrivalId... waiting) {
        var fates = new HashMap<ArrivalId, Fate>();
        reckoning().account(anna.id(), from, until, () -> Set.of(waiting),
                (arrival, fate) -> assertThat(fates.put(arrival, fate)).as("told twice").isNull());
        return fates;
    }

    private Map<ArrivalId, Fate> count(ArrivalId... waiting) {
        return count(Instant.EPOCH, LATER, waiting);
    }

    private static byte[] content(int number) {
        return ("Subject: numero " + number + "\r\n\r\nriga\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private ArrivalId add() {
        byte[] content = content(++number);
        ArrivalId arrival = store.accounts().nextArrival();
        assertThat(anna.add(arrival, NewEmail.delivery(content, Instant.EPOCH, "x@test.example", "anna@posta.example"))).isInstanceOf(Outcome.Kept.class);
        return arrival;
    }

    private void remove(ArrivalId arrival, int number) {
        ObjectName name = ObjectName.mail(anna.id(), arrival, Sha256.of(content(number)));
        store.firstVault().delete(name).await(Deadline.in(TIME));
        store.secondVault().delete(name).await(Deadline.in(TIME));
    }

    @Test
    void whatIsFiledDeletedAndWaitingIsCountedOnce() {
        ArrivalId one = add();
        ArrivalId two = add();
        ArrivalId three = add();
        anna.destroyEmail(two);
        ArrivalId waits = store.accounts().nextArrival();

        // The third waits too: its filing was answered too late, and it is there.
        assertThat(count(three, waits)).isEqualTo(Map.of(one, Fate.FILED, two, Fate.DELETED,
                three, Fate.FILED, waits, Fate.PENDING));

        var restore = new Restore(store.accounts(), store.journal());
        var _ = restore.restore(anna.id(), new Restore.What.Emails(List.of(two), null));
        assertThat(count(three, waits)).as("had back").containsEntry(two, Fate.FILED);
        anna.destroyEmail(two);

        store.archiver().archive(anna.id());
        assertThat(count(three, waits)).as("archived").isEqualTo(Map.of(one, Fate.FILED,
                two, Fate.DELETED, three, Fate.FILED, waits, Fate.PENDING));
    }

    @Test
    void whatNoVaultHasIsLostAndWhatOneMayHaveIsNot() {
        ArrivalId kept = add();
        ArrivalId lost = add();
        remove(lost, 2);

        assertThat(count()).isEqualTo(Map.of(kept, Fate.FILED, lost, Fate.LOST));
        store.secondVault().reads(Trouble.unavailable());
        assertThat(count()).isEqualTo(Map.of(kept, Fate.FILED, lost, Fate.UNREACHABLE));
    }

    @Test
    void aReceiptThatNobodyKnowsIsNobodys() {
        ArrivalId kept = add();
        ArrivalId tried = store.accounts().nextArrival();
        byte[] content = content(99);
        var receipt = new Receipt(tried, Instant.EPOCH, "x@test.example", "anna@posta.example", null, List.of());
        ObjectName name = ObjectName.mail(anna.id(), tried, Sha256.of(content));
        store.secondVault().put(name, StoredObject.encode(name, receipt.encode(),
                content)).await(Deadline.in(TIME));

        assertThat(count(tried)).as("it waits").isEqualTo(Map.of(kept, Fate.FILED, tried, Fate.PENDING));
        assertThat(count()).isEqualTo(Map.of(kept, Fate.FILED, tried, Fate.UNCLAIMED));
    }

    @Test
    void onlyWhatCameInTheTimeIsCounted() {
        ArrivalId one = add();
        ArrivalId two = add();
        ArrivalId waits = store.accounts().nextArrival();
        remove(two, 2);

        assertThat(count(Instant.EPOCH, Instant.ofEpochMilli(one.unixMillis()), waits)).isEmpty();
        assertThat(count(Instant.ofEpochMilli(waits.unixMillis() + 1), LATER, waits)).isEmpty();
        assertThat(count(Instant.ofEpochMilli(one.unixMillis()),
                Instant.ofEpochMilli(waits.unixMillis() + 1), waits))
                .isEqualTo(Map.of(one, Fate.FILED, two, Fate.LOST, waits, Fate.PENDING));
    }

    @Test
    void whatCannotBeReadIsNotCountedAsNothing() {
        var _ = add();
        store.firstVault().all(Trouble.unavailable());
        store.secondVault().all(Trouble.unavailable());

        assertThatThrownBy(this::count).isInstanceOf(Fault.class);
    }
}
