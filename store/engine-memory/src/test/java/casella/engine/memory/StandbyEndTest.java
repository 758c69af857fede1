package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Fault;
import casella.base.Modseq;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.View;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import casella.testkit.FaultyVault;
import casella.testkit.MemoryJournal;
import casella.testkit.RandomUse;
import casella.testkit.StandbyStore;
import casella.testkit.Trouble;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that the standby never serves less than what was answered: with a vault away it says how far the journal
/// goes or refuses; and that no change is seen on it before the journal has it (I5).
final class StandbyEndTest {
    private StandbyStore.World world;
    private StandbyStore store;
    private Account anna;

    @BeforeEach
    void open() {
        world = StandbyStore.World.over(new MemoryEngine());
        store = StandbyStore.open(world, Duration.ofSeconds(2));
        anna = store.account();
        new RandomUse(1).use(anna, 30);
    }

    @AfterEach
    void close() {
        store.close();
        world.close();
    }

    private void restart() {
        store.close();
        store = StandbyStore.open(world, Duration.ofSeconds(2));
        anna = store.accounts().open(anna.id());
    }

    private FaultyVault first() {
        return (FaultyVault) world.first();
    }

    private FaultyVault second() {
        return (FaultyVault) world.second();
    }

    private Standby.Switched open(Account account) {
        return store.standby().open(account.id(), Claim.Reason.OPERATOR);
    }

    private static Modseq modseq(Account account) {
        return account.read(View::modseq);
    }

    /// The first vault alone has the newest segments, and the tail has let go.
    private void secondOwes() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        second().writes(Trouble.unavailable());
        new RandomUse(2).use(anna, 30);
        assertThat(store.archiver().archive(anna.id())).isFalse();
        store.clock().step(Duration.ofHours(1));
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(world.journal().newest(anna.id())).isNull();
        second().heal();
    }

    @Test
    void aVaultThatOwesTheNewestSegmentsIsNotServedAlone() {
        secondOwes();
        Modseq before = modseq(anna);
        store.live().all(Trouble.hung());
        first().all(Trouble.unavailable());

        assertThatThrownBy(() -> open(anna)).isInstanceOf(Fault.Unavailable.class);
        assertThat(store.standby().list()).isEmpty();

        first().heal();
        open(anna);
        assertThat(modseq(anna)).isEqualTo(before);
    }

    @Test
    void norAfterARestartWhenNobodyKnowsWhatItOwes() {
        secondOwes();
        Modseq before = modseq(anna);
        first().all(Trouble.unavailable());
        store.live().all(Trouble.hung());
        restart();

        assertThatThrownBy(() -> open(anna))
                .isInstanceOf(Fault.Unavailable.class)
                .hasMessageContaining("what it lacks is not known: bring it back");

        first().heal();
        open(anna);
        assertThat(modseq(anna)).isEqualTo(before);
    }

    @Test
    void anAccountOnStandbyIsNotOpenedAgainWithLessAfterARestart() {
        open(anna);
        secondOwes();
        Modseq before = modseq(anna);
        first().all(Trouble.unavailable());
        restart();

        assertThatThrownBy(() -> modseq(anna)).isInstanceOf(Fault.Unavailable.class);

        first().heal();
        assertThat(modseq(anna)).isEqualTo(before);
    }

    @Test
    void aKnownDebtNamesTheVaultThatOwes() {
        secondOwes();
        List<String> before = anna.read(View::mailboxes).stream().map(Mailbox::name).toList();
        var debt = store.copies().debt().all();
        store.live().all(Trouble.hung());
        first().all(Trouble.unavailable());
        restart();
        debt.forEach(store.copies().debt()::note);
        store.copies().debt().known(true);

        assertThatThrownBy(() -> open(anna))
                .isInstanceOf(Fault.Unavailable.class)
                .hasMessageContaining("owes the account's newest segments")
                .satisfies(e -> assertThat(((Fault) e).facts()).containsEntry("vault", "two"));

        first().heal();
        open(anna);
        assertThat(anna.read(View::mailboxes)).extracting(Mailbox::name).containsExactlyElementsOf(before);
    }

    @Test
    void oneVaultIsEnoughWhenNothingIsOwed() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        Modseq before = modseq(anna);
        store.live().all(Trouble.hung());
        first().all(Trouble.unavailable());
        restart();
        assertThatThrownBy(() -> open(anna)).isInstanceOf(Fault.Unavailable.class);
        store.copies().debt().known(true);

        open(anna);

        assertThat(modseq(anna)).isEqualTo(before);
    }

    @Test
    void whoAnsweredTheLastChangeKnowsTheEnd() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        Modseq before = modseq(anna);
        store.live().all(Trouble.hung());
        first().all(Trouble.unavailable());

        open(anna);

        assertThat(modseq(anna)).isEqualTo(before);
    }

    @Test
    void aChangeIsSeenOnlyOnceTheJournalHasIt() {
        open(anna);
        var journal = (MemoryJournal) world.journal();
        journal.failing(true);
        assertThatThrownBy(() -> anna.createMailbox("Forse", null)).isInstanceOf(Fault.Unavailable.class);

        assertThat(anna.read(View::mailboxes)).noneMatch(mailbox -> mailbox.name().equals("Forse"));

        journal.failing(false);
        anna.createMailbox("Certo", null);
        assertThat(anna.read(View::mailboxes)).extracting(Mailbox::name).contains("Forse", "Certo");
        Modseq now = modseq(anna);
        restart();
        assertThat(modseq(anna)).isEqualTo(now);
    }
}
