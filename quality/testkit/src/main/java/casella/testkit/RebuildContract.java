package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.store.Account;
import casella.store.Debt;
import casella.store.Derived;
import casella.store.Entry;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.View;
import casella.store.archive.Archiver;
import casella.store.archive.Restorer;
import casella.store.archive.Holdings;
import casella.store.archive.Reconciliation;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves promises 4 and 5 over every engine: whatever is lost, the view made anew is the lost one row for row, and a view
/// that is behind, or another, is never served as it is.
public abstract class RebuildContract {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final byte[] END = {0x7F};

    /// Returns a new, empty engine.
    protected abstract Engine engine();

    private MemoryJournal journal;
    private TestStore store;
    private Account anna;

    @BeforeEach
    void open() {
        journal = new MemoryJournal();
        store = TestStore.over(engine(), journal);
        anna = store.account();
    }

    @AfterEach
    void close() {
        store.close();
    }

    /// The rows that are the account's state, in hex, as a person would compare them.
    private static SortedMap<String, String> state(Engine engine, AccountId account) {
        return engine.read(account, TIME, rows -> {
            var all = new TreeMap<String, String>();
            rows.scan(new byte[] {0}, END, false, (key, value) -> {
                if (Derived.kind(key) != Derived.Kind.OF_THIS_ENGINE) {
                    all.put(HexFormat.of().formatHex(key), HexFormat.of().formatHex(value));
                }
                return true;
            });
            return all;
        });
    }

    private static Modseq modseq(Account account) {
        return account.read(View::modseq);
    }

    private long objects(Vault vault, ObjectName.Kind kind) {
        return vault.list(anna.id(), kind, null, 10_000, TIME).size();
    }

    @Test
    void aViewRebuiltFromOneVaultIsTheLostOneRowForRow() {
        for (long seed = 1; seed <= 12; seed++) {
            Account account = store.account();
            var use = new RandomUse(seed);
            var dice = new Random(seed);
            for (int i = 0; i < 8; i++) {
                use.use(account, 30);
                if (dice.nextBoolean()) store.archiver().archive(account.id());
                if (dice.nextInt(3) == 0) store.archiver().checkpoint(account.id());
            }
            store.archiver().archive(account.id());
            SortedMap<String, String> before = state(store.engine(), account.id());
            Vault one = dice.nextBoolean() ? store.firstVault() : store.secondVault();

            try (TestStore again = TestStore.over(engine(), new MemoryJournal(), one,
                    new MemoryVault("new"))) {
                assertThat(modseq(again.accounts().open(account.id()))).isEqualTo(modseq(account));
                assertThat(state(again.engine(), account.id())).as("seed %d", seed).isEqualTo(before);
            }
        }
    }

    @Test
    void whatIsNotArchivedComesFromTheTail() {
        var use = new RandomUse(3);
        use.use(anna, 60);
        store.archiver().archive(anna.id());
        store.archiver().checkpoint(anna.id());
        use.use(anna, 40);
        store.archiver().archive(anna.id());
        use.use(anna, 25);

        try (TestStore again = TestStore.over(engine(), journal, store.firstVault(), store.secondVault())) {
            assertThat(again.accounts().recover()).isEmpty();
            assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(modseq(anna));
            assertThat(state(again.engine(), anna.id())).isEqualTo(state(store.engine(), anna.id()));
            // and goes on where it was: what the tail gave is archived next, and the account is used again
            use.use(again.accounts().open(anna.id()), 20);
            again.archiver().archive(anna.id());
            SortedMap<String, String> now = state(again.engine(), anna.id());
            try (TestStore third = TestStore.over(engine(), new MemoryJournal(), store.secondVault(),
                    new MemoryVault("n"))) {
                assertThat(modseq(third.accounts().open(anna.id())).value())
                        .isGreaterThan(modseq(anna).value());
                assertThat(state(third.engine(), anna.id())).isEqualTo(now);
            }
        }
    }

    @Test
    void aLostFolderViewIsNeverServedInParts() {
        new RandomUse(4).use(anna, 60);
        store.archiver().archive(anna.id());
        var fresh = new FaultyEngine(engine());

        try (TestStore again = TestStore.over(fresh, journal, store.firstVault(), store.secondVault())) {
            store.firstVault().reads(Trouble.unavailable());
            store.secondVault().reads(Trouble.unavailable());
            Account lost = again.accounts().open(anna.id());
            assertThatThrownBy(() -> lost.read(View::mailboxes)).isInstanceOf(Fault.Unavailable.class);
            store.firstVault().heal();
            store.secondVault().heal();
            assertThat(lost.read(View::mailboxes)).isEqualTo(anna.read(View::mailboxes));
        }
    }

    @Test
    void aRebuildThatBreaksOffIsBegunAgain() {
        new RandomUse(5).use(anna, 80);
        store.archiver().archive(anna.id());
        SortedMap<String, String> before = state(store.engine(), anna.id());
        for (int fail = 0; fail < 4; fail++) {
            var fresh = new FaultyEngine(engine());
            try (TestStore again =
                    TestStore.over(fresh, new MemoryJournal(), store.firstVault(), store.secondVault())) {
                Account lost = again.accounts().open(anna.id());
                for (int i = 0; i <= fail; i++) {
                    again.engine().writes(fail % 2 == 0 ? Trouble.unavailable() : Trouble.unknownOutcome(),
                            1);
                    try {
                        var _ = lost.read(View::modseq);
                    } catch (Fault.Unavailable e) {
                        assertThat(e).isNotNull();
                    }
                }
                assertThat(modseq(lost)).isEqualTo(modseq(anna));
                assertThat(state(again.engine(), anna.id())).isEqualTo(before);
            }
        }
    }

    /// Copies an account's rows as they are: an engine that will have forgotten what comes after.
    private Engine frozen() {
        Engine copy = engine();
        var rows = new ArrayList<Batch.Row>();
        store.engine().read(anna.id(), TIME, all -> {
            all.scan(new byte[] {0}, END, false, (key, value) -> rows.add(new Batch.Row(key, value)));
            return true;
        });
        byte[] headKey = new Key.Head().bytes();
        Batch.Row head = rows.stream().filter(row -> Arrays.equals(row.key(), headKey)).findFirst()
                .orElseThrow();
        var batch = new Batch(0, HeadRow.of(head.value()).epoch(), rows, List.of());
        assertThat(copy.write(anna.id(), batch).await(Deadline.in(TIME)))
                .isEqualTo(new Engine.Outcome.Written());
        return copy;
    }

    @Test
    void anEngineThatForgotIsNoticedAtFirstUseThoughTheTailIsEmpty() {
        var use = new RandomUse(6);
        for (int round = 0; round < 3; round++) {
            use.use(anna, 30);
            if (round == 1) store.archiver().archive(anna.id());
            Engine stale = frozen();
            use.use(anna, 30);
            store.archiver().archive(anna.id());
            use.use(anna, 10);
            store.archiver().archive(anna.id());
            if (round == 2) store.archiver().checkpoint(anna.id());

            try (TestStore again =
                    TestStore.over(stale, new MemoryJournal(), store.firstVault(), store.secondVault())) {
                assertThat(again.accounts().recover()).isEmpty();
                assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(modseq(anna));
                assertThat(state(again.engine(), anna.id())).isEqualTo(state(store.engine(), anna.id()));
                assertThat(again.archiver().archive(anna.id())).isTrue();
            }
        }
    }

    @Test
    void anEngineWithAnotherHistoryIsClosedWhateverItIsAsked() {
        new RandomUse(7).use(anna, 30);
        Engine other = frozen();
        store.archiver().archive(anna.id());
        anna.createMailbox("Qui", null);
        store.archiver().archive(anna.id());
        try (TestStore elsewhere = TestStore.over(other, new MemoryJournal())) {
            elsewhere.accounts().open(anna.id()).createMailbox("Altrove", null);
            try (TestStore again =
                    TestStore.over(other, new MemoryJournal(), store.firstVault(), store.secondVault())) {
                Account closed = again.accounts().open(anna.id());
                anna.createMailbox("Ancora", null);
                store.archiver().archive(anna.id());
                assertThatThrownBy(() -> closed.read(View::modseq)).isInstanceOf(Fault.Corrupt.class);
                assertThatThrownBy(() -> closed.createMailbox("X", null)).isInstanceOf(Fault.Corrupt.class);
            }
        }
    }

    @Test
    void anAccountTheVaultsKnowIsNeverFoundedAnew() {
        new RandomUse(8).use(anna, 30);
        store.archiver().archive(anna.id());

        try (TestStore again =
                TestStore.over(engine(), new MemoryJournal(), store.firstVault(), store.secondVault())) {
            Account same = again.accounts().create(anna.id(), TestStore.MAILBOXES);
            assertThat(modseq(same)).isEqualTo(modseq(anna));
            assertThat(state(again.engine(), anna.id())).isEqualTo(state(store.engine(), anna.id()));
        }
    }

    @Test
    void withoutAnyVaultAProvenEngineServesOn() {
        new RandomUse(9).use(anna, 30);
        store.archiver().archive(anna.id());
        Modseq modseq = modseq(anna);
        store.firstVault().all(Trouble.unavailable());
        store.secondVault().all(Trouble.unavailable());

        try (TestStore again =
                TestStore.over(store.engine(), journal, store.firstVault(), store.secondVault())) {
            assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(modseq);
        }
    }

    @Test
    void theTailLostWithItsEntriesIsGivenThemByTheEngine() {
        var use = new RandomUse(10);
        use.use(anna, 30);
        store.archiver().archive(anna.id());
        use.use(anna, 15);
        var empty = new MemoryJournal();

        try (TestStore again =
                TestStore.over(store.engine(), empty, store.firstVault(), store.secondVault())) {
            assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(modseq(anna));
            assertThat(empty.newest()).containsKey(anna.id());
            assertThat(again.archiver().archive(anna.id())).isTrue();
        }
    }

    @Test
    void aDamagedCheckpointIsPassedOverForTheOneBefore() {
        var use = new RandomUse(11);
        use.use(anna, 60);
        store.archiver().archive(anna.id());
        store.archiver().checkpoint(anna.id());
        use.use(anna, 60);
        store.archiver().archive(anna.id());
        store.archiver().checkpoint(anna.id());
        SortedMap<String, String> before = state(store.engine(), anna.id());
        ObjectName newest = store.firstVault().list(anna.id(), ObjectName.Kind.CHECKPOINT, null, 10, TIME)
                .getLast().name();
        store.firstVault().put(newest, new byte[200]).await(Deadline.in(TIME));

        try (TestStore again = TestStore.over(engine(), new MemoryJournal(), store.firstVault(),
                new MemoryVault("n"))) {
            assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(modseq(anna));
            assertThat(state(again.engine(), anna.id())).isEqualTo(before);
        }
    }

    @Test
    void aMissingSegmentShutsTheAccountAndNothingIsMadeUp() {
        var use = new RandomUse(12);
        for (int i = 0; i < 3; i++) {
            use.use(anna, 30);
            store.archiver().archive(anna.id());
        }
        ObjectName second = store.firstVault().list(anna.id(), ObjectName.Kind.SEGMENT, null, 10, TIME).get(1)
                .name();
        store.firstVault().delete(second).await(Deadline.in(TIME));

        try (TestStore again = TestStore.over(engine(), new MemoryJournal(), store.firstVault(),
                new MemoryVault("n"))) {
            Account lost = again.accounts().open(anna.id());
            assertThatThrownBy(() -> lost.read(View::modseq)).isInstanceOf(Fault.Unavailable.class);
            assertThatThrownBy(() -> again.accounts().create(anna.id(), TestStore.MAILBOXES))
                    .isInstanceOf(Fault.class);
        }
        try (TestStore again =
                TestStore.over(engine(), new MemoryJournal(), store.firstVault(), store.secondVault())) {
            assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(modseq(anna));
        }
    }

    @Test
    void checkpointsShareThePagesThatDidNotChange() {
        var paper = "x".repeat(600);
        for (int i = 0; i < 700; i++) {
            String mail = "Subject: numero " + i + "\r\nMessage-ID: <n" + i + "@test.example>\r\n\r\n"
                    + paper;
            var kept = anna.add(
                    NewEmail.delivery(mail.getBytes(StandardCharsets.US_ASCII),
                            Instant.EPOCH.plusSeconds(i), "a@b.c", "d@e.f"));
            assertThat(kept).isInstanceOf(Outcome.Kept.class);
        }
        store.archiver().archive(anna.id());
        store.archiver().checkpoint(anna.id());
        long pages = objects(store.firstVault(), ObjectName.Kind.PAGE);
        assertThat(pages).isGreaterThan(2);

        anna.putDocument(casella.store.DocumentKind.SETTING, "s", new byte[10]);
        store.archiver().archive(anna.id());
        store.archiver().checkpoint(anna.id());

        assertThat(objects(store.firstVault(), ObjectName.Kind.PAGE)).isEqualTo(pages + 1);
        assertThat(objects(store.firstVault(), ObjectName.Kind.CHECKPOINT)).isGreaterThanOrEqualTo(2);
        try (TestStore again = TestStore.over(engine(), new MemoryJournal(), store.firstVault(),
                new MemoryVault("n"))) {
            assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(modseq(anna));
            assertThat(state(again.engine(), anna.id())).isEqualTo(state(store.engine(), anna.id()));
        }
    }

    @Test
    void aCheckpointComesByItselfAfterAThousandChanges() {
        for (int i = 0; i < Archiver.Limits.STANDARD.checkpointChanges(); i++) anna.createMailbox("C" + i,
                null);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(objects(store.secondVault(), ObjectName.Kind.CHECKPOINT)).isEqualTo(1);
    }

    @Test
    void aRebuildOrderedByHandRefusesAJournalThatEndsBeforeTheView() {
        new RandomUse(13).use(anna, 30);
        store.archiver().archive(anna.id());
        anna.createMailbox("Nuova", null);
        var restorer = new Restorer(store.engine(), new MemoryJournal(),
                Holdings.of(store.firstVault(), TIME),
                new Reconciliation(store.accounts().copies(), Clock.system(), Metrics.none()));

        assertThatThrownBy(() ->
                restorer.rebuild(anna.id(), Holdings.of(store.firstVault(), TIME), modseq(anna)))
                .isInstanceOf(Fault.Unavailable.class);
        assertThat(anna.read(View::mailboxes)).extracting(Mailbox::name).contains("Nuova");
    }

    /// The first vault alone has the newest segments, and the tail has let go.
    private Modseq secondOwes() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        store.secondVault().writes(Trouble.unavailable());
        new RandomUse(14).use(anna, 30);
        assertThat(store.archiver().archive(anna.id())).isFalse();
        store.clock().step(Duration.ofHours(1));
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(store.journal().newest(anna.id())).isNull();
        store.secondVault().heal();
        return modseq(anna);
    }

    private static Restorer restorer(TestStore of) {
        return new Restorer(of.engine(), of.journal(), Holdings.of(of.accounts().copies(), TIME),
                new Reconciliation(of.accounts().copies(), Clock.system(), Metrics.none()));
    }

    @Test
    void aRebuildFromAVaultThatLacksTheNewestSegmentsTakesThemFromTheOther() {
        Modseq before = secondOwes();

        try (TestStore again = TestStore.over(
                engine(), store.journal(), store.firstVault(), store.secondVault())) {
            Holdings second = Holdings.of(again.secondVault(), TIME);
            assertThat(restorer(again).rebuild(anna.id(), second, Modseq.NONE).modseq()).isEqualTo(before);
            assertThat(state(again.engine(), anna.id())).isEqualTo(state(store.engine(), anna.id()));
        }
    }

    @Test
    void neitherARebuildNorAFirstUseMakesAShorterAccountWhileAVaultIsAway() {
        Modseq before = secondOwes();

        try (TestStore again = TestStore.over(
                engine(), store.journal(), store.firstVault(), store.secondVault())) {
            again.firstVault().all(Trouble.unavailable());
            Holdings second = Holdings.of(again.secondVault(), TIME);
            assertThatThrownBy(() -> restorer(again).rebuild(anna.id(), second, Modseq.NONE))
                    .isInstanceOf(Fault.Unavailable.class)
                    .hasMessageContaining("bring it back");
            Account same = again.accounts().open(anna.id());
            assertThatThrownBy(() -> modseq(same)).isInstanceOf(Fault.Unavailable.class);

            again.firstVault().heal();
            assertThat(modseq(same)).isEqualTo(before);
        }
    }

    @Test
    void anEngineThatWentBackIsNotServedWhileAVaultOwesWhatItLacksAndTheOtherIsAway() {
        Engine behind = frozen();
        Modseq before = secondOwes();

        try (TestStore again = TestStore.over(
                behind, store.journal(), store.firstVault(), store.secondVault())) {
            for (Debt.Hint hint : store.accounts().copies().debt().all()) again.accounts().copies().debt()
                    .note(hint);
            again.firstVault().all(Trouble.unavailable());
            assertThatThrownBy(() -> modseq(again.accounts().open(anna.id())))
                    .isInstanceOf(Fault.Unavailable.class).hasMessageContaining("owes segments");
            again.firstVault().heal();
            assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(before);
        }
    }

    @Test
    void aViewIsAskedAgainForWhileAVaultIsAwayThatMayKnowMore() {
        Engine behind = frozen();
        secondOwes();

        try (TestStore again = TestStore.over(
                behind, store.journal(), store.firstVault(), store.secondVault())) {
            Debt debt = again.accounts().copies().debt();
            again.firstVault().all(Trouble.unavailable());
            assertThat(restorer(again).settle(anna.id())).isEqualTo(Restorer.Found.UNPROVEN);
            // What the second one lacks is said to be known: then it has all there is.
            debt.known(true);
            assertThat(restorer(again).settle(anna.id())).isEqualTo(Restorer.Found.WHOLE);
            debt.known(false);
            again.firstVault().heal();
            assertThat(restorer(again).settle(anna.id())).isEqualTo(Restorer.Found.RESTORED);
        }
    }

    /// Entries that the journal held before the archiver let go of them, and holds again as after a kill.
    private void archivedAndHeldStill() {
        List<byte[]> held = store.journal().entries(anna.id(), Modseq.NONE.next(), 10_000, TIME);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(store.journal().newest(anna.id())).isNull();
        for (byte[] entry : held) {
            assertThat(store.journal().append(anna.id(), Entry.decode(entry).change().modseq(), entry)
                    .await(Deadline.in(TIME))).isNull();
        }
    }

    private void loseSegments(Vault vault) {
        for (Vault.Entry entry : vault.list(anna.id(), ObjectName.Kind.SEGMENT, null, 1_000, TIME)) {
            assertThat(vault.delete(entry.name()).await(Deadline.in(TIME))).isNull();
        }
    }

    @Test
    void whatEveryVaultLostOfTheArchivedIsPutAnewBeforeTheJournalLetsGoOfIt() {
        new RandomUse(15).use(anna, 30);
        archivedAndHeldStill();
        loseSegments(store.firstVault());
        loseSegments(store.secondVault());

        try (TestStore again = TestStore.over(
                frozen(), store.journal(), store.firstVault(), store.secondVault())) {
            assertThat(again.archiver().archive(anna.id())).isTrue();
            assertThat(store.journal().newest(anna.id())).isNull();
        }
        for (Vault vault : List.of(store.firstVault(), store.secondVault())) {
            try (TestStore again = TestStore.over(engine(), new MemoryJournal(), vault,
                    new MemoryVault("new"))) {
                assertThat(modseq(again.accounts().open(anna.id()))).isEqualTo(modseq(anna));
                assertThat(state(again.engine(), anna.id())).isEqualTo(state(store.engine(), anna.id()));
            }
        }
    }

    @Test
    void whatTheJournalHoldsOfAnArchivedStretchIsNotLetGoWhileNoVaultTakesIt() {
        new RandomUse(16).use(anna, 30);
        archivedAndHeldStill();
        loseSegments(store.firstVault());
        loseSegments(store.secondVault());

        try (TestStore again = TestStore.over(
                frozen(), store.journal(), store.firstVault(), store.secondVault())) {
            again.firstVault().writes(Trouble.unavailable());
            again.secondVault().writes(Trouble.unavailable());
            assertThatThrownBy(() -> again.archiver().archive(anna.id()))
                    .isInstanceOf(Fault.Unavailable.class);
            assertThat(store.journal().newest(anna.id())).isNotNull();
        }
    }
}
