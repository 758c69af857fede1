package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Modseq;
import casella.store.Account;
import casella.store.Derived;
import casella.store.Entry;
import casella.store.View;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import casella.testkit.RandomUse;
import casella.testkit.StandbyStore;
import casella.testkit.Trouble;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that an account goes on without its engine, row for row the same, and comes back to it with nothing
/// lost; and that what an engine writes late, under an epoch that is over, is refused.
final class StandbyTest {
    private static final Duration TIME = Duration.ofSeconds(10);

    private StandbyStore.World world;
    private StandbyStore store;
    private Account anna;

    @BeforeEach
    void open() {
        world = StandbyStore.World.over(new MemoryEngine());
        store = StandbyStore.open(world, Duration.ofSeconds(2));
        anna = store.account();
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

    /// The rows that are the account's state, in hex, without the epoch of the head row.
    private static SortedMap<String, String> state(Engine engine, AccountId account) {
        return engine.read(account, TIME, rows -> {
            var all = new TreeMap<String, String>();
            rows.scan(new byte[] {0}, new byte[] {0x7F}, false, (key, value) -> {
                if (Derived.kind(key) == Derived.Kind.OF_THIS_ENGINE) return true;
                byte[] said = key[0] == 0 ? HeadRow.of(value).under(0).bytes() : value;
                all.put(HexFormat.of().formatHex(key), HexFormat.of().formatHex(said));
                return true;
            });
            return all;
        });
    }

    /// The live engine's.
    private HeadRow head() {
        return store.live().read(anna.id(), TIME, rows -> {
            byte[] row = rows.get(new Key.Head().bytes());
            if (row == null) throw new AssertionError("no head row");
            return HeadRow.of(row);
        });
    }

    private SortedMap<String, String> state() {
        return state(store.engine(), anna.id());
    }

    private static Modseq modseq(Account account) {
        return account.read(View::modseq);
    }

    private void open(Account account) {
        assertThat(store.standby().open(account.id(),
                Claim.Reason.OPERATOR).ended()).isEqualTo(Standby.Ended.OPENED);
    }

    private Standby.Switched back(Account account) {
        Standby.Switched back = store.standby().giveBack(account.id());
        assertThat(back.ended()).isEqualTo(Standby.Ended.RETURNED);
        return back;
    }

    @Test
    void theStandbyShowsTheSameRows() {
        for (long seed = 1; seed <= 6; seed++) {
            Account account = store.account();
            var use = new RandomUse(seed);
            use.use(account, 120);
            if (seed % 2 == 0) store.archiver().archive(account.id());
            if (seed % 3 == 0) store.archiver().checkpoint(account.id());
            use.use(account, 60);
            SortedMap<String, String> before = state(store.engine(), account.id());

            open(account);

            assertThat(state(store.engine(), account.id())).as("seed %d", seed).isEqualTo(before);
        }
    }

    @Test
    void anAccountGoesOnWhileItsEngineHangsAndComesBackWithAll() {
        var use = new RandomUse(7);
        use.use(anna, 100);
        store.archiver().archive(anna.id());
        store.archiver().checkpoint(anna.id());
        use.use(anna, 40);
        Modseq before = modseq(anna);
        store.live().all(Trouble.hung());

        open(anna);
        use.use(anna, 120);
        assertThat(modseq(anna)).isGreaterThan(before);
        SortedMap<String, String> now = state();
        store.live().heal();
        back(anna);

        assertThat(state(store.live(), anna.id())).isEqualTo(now);
        use.use(anna, 40);
        assertThat(store.leftovers()).isEmpty();
    }

    @Test
    void aLateWriteOfTheOldEpochIsRefused() {
        new RandomUse(8).use(anna, 30);
        HeadRow head = head();
        var late = new HeadRow(head.version() + 1, head.epoch(), head.hash(), head.counters());
        var batch = new Batch(head.version(), head.epoch(),
                List.of(new Batch.Row(new Key.Head().bytes(), late.bytes())), List.of());

        open(anna);
        back(anna);

        assertThat(store.live().write(anna.id(),
                batch).await(Deadline.in(TIME))).isInstanceOf(Engine.Outcome.Refused.class);
        assertThat(modseq(anna).value()).isEqualTo(head.version());
    }

    @Test
    void aRestartFindsTheAccountOnStandby() {
        var use = new RandomUse(9);
        use.use(anna, 60);
        open(anna);
        use.use(anna, 40);
        store.archiver().archive(anna.id());
        use.use(anna, 20);
        SortedMap<String, String> now = state();

        restart();

        assertThat(store.standby().list()).hasSize(1);
        assertThat(state()).isEqualTo(now);
        use.use(anna, 20);
        now = state();
        back(anna);
        assertThat(state(store.live(), anna.id())).isEqualTo(now);
        restart();
        assertThat(store.standby().list()).isEmpty();
        assertThat(state()).isEqualTo(now);
    }

    @Test
    void bothOrdersGivenTwiceAreHarmless() {
        new RandomUse(10).use(anna, 20);

        open(anna);
        assertThat(store.standby().open(anna.id(),
                Claim.Reason.OPERATOR).ended()).isEqualTo(Standby.Ended.ALREADY);
        back(anna);
        assertThat(store.standby().giveBack(anna.id()).ended()).isEqualTo(Standby.Ended.ALREADY);
    }

    @Test
    void eachSwitchIsANewEpochAndChangesCarryIt() {
        new RandomUse(11).use(anna, 10);
        long first = anna.read(View::epoch);
        open(anna);
        assertThat(anna.read(View::epoch)).isEqualTo(first + 1);
        anna.createMailbox("Altrove", null);
        byte[] entry = world.journal().entries(anna.id(), modseq(anna), 1, TIME).getFirst();
        assertThat(Entry.decode(entry).change().epoch()).isEqualTo(first + 1);
        back(anna);
        assertThat(anna.read(View::epoch)).isEqualTo(first + 2);
    }

    @Test
    void aLiveEngineThatLostTheAccountIsGivenItAgain() {
        var use = new RandomUse(12);
        use.use(anna, 80);
        open(anna);
        use.use(anna, 30);
        SortedMap<String, String> now = state();
        store.live().erase(anna.id()).await(Deadline.in(TIME));

        back(anna);

        assertThat(state(store.live(), anna.id())).isEqualTo(now);
    }

    @Test
    void changesTheLiveEngineAloneHasAreKeptAndMerged() {
        var use = new RandomUse(13);
        use.use(anna, 40);
        StandbyStore.changeOnlyLive(world, anna.id(), account -> account.createMailbox("Solo qui", null));
        open(anna);
        use.use(anna, 30);
        SortedMap<String, String> now = state();

        assertThat(back(anna).merged()).isEqualTo(new Standby.Merged(1, 0));

        assertThat(state(store.live(), anna.id())).isEqualTo(now);
        assertThat(store.leftovers()).hasSize(1);
    }

    @Test
    void withoutTheTailsAnswerNothingIsOpened() {
        new RandomUse(14).use(anna, 30);
        store.live().writes(Trouble.hung());
        assertThatThrownBy(() -> anna.createMailbox("Forse", null)).isInstanceOf(Fault.Unavailable.class);

        open(anna); // the tail has it: it is history

        assertThat(anna.read(View::mailboxes)).anyMatch(mailbox -> mailbox.name().equals("Forse"));
    }

    @Test
    void anAccountWithoutAJournalIsNotOpened() {
        assertThatThrownBy(() ->
                store.standby().open(AccountId.random(), Claim.Reason.OPERATOR)).isInstanceOf(Fault.class);
        assertThat(store.standby().list()).isEmpty();
    }
}
