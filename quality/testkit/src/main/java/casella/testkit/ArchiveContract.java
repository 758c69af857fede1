package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Account;
import casella.store.Change;
import casella.store.Entry;
import casella.store.View;
import casella.store.archive.Archived;
import casella.store.archive.Archiver;
import casella.store.archive.JournalSegment;
import casella.store.archive.Verifier;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import casella.store.engine.Standing;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the archive does over every engine: entries go to the vaults, leave engine and tail only then, whatever fails.
public abstract class ArchiveContract {
    private static final Duration TIME = Duration.ofSeconds(10);

    /// Returns a new, empty engine.
    protected abstract Engine engine();

    private MemoryJournal journal;
    private TestStore store;
    private Account anna;
    private RandomUse use;

    @BeforeEach
    void open() {
        journal = new MemoryJournal();
        store = TestStore.over(engine(), journal);
        anna = store.account();
        use = new RandomUse(7);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Modseq modseq() {
        return anna.read(View::modseq);
    }

    private Archived archived() {
        return store.engine().read(anna.id(), TIME, rows -> Archived.of(rows.get(new Key.Archived())));
    }

    private List<byte[]> engineEntries() {
        return store.engine().read(anna.id(), TIME, rows -> {
            var found = new ArrayList<byte[]>();
            rows.scan(new byte[] {0x01}, (_, value) -> found.add(value));
            return found;
        });
    }

    private List<byte[]> tailEntries() {
        return journal.entries(anna.id(), new Modseq(1), 10_000, TIME);
    }

    private List<JournalSegment> segments(Vault vault) {
        return vault.list(anna.id(), ObjectName.Kind.SEGMENT, null, 1_000, TIME).stream()
                .map(entry -> {
                    byte[] stored = Objects.requireNonNull(
                            vault.get(entry.name(), 0, Integer.MAX_VALUE, TIME));
                    return JournalSegment.decode(entry.name(), StoredObject.read(entry.name(), stored));
                })
                .toList();
    }

    /// The segments of `vault` are one chain from the first change to the newest.
    private void theChainIsWholeIn(Vault vault) {
        Sha256 previous = Change.NO_PREVIOUS;
        long next = 1;
        for (JournalSegment segment : segments(vault)) {
            assertThat(segment.first().value()).isEqualTo(next);
            assertThat(segment.before()).isEqualTo(previous);
            previous = segment.head();
            next = segment.last().value() + 1;
        }
        assertThat(next - 1).isEqualTo(modseq().value());
        assertThat(previous).isEqualTo(anna.read(View::headHash));
    }

    @Test
    void entriesWaitFiveSecondsAndThenAreInEveryVaultAndNowhereElse() {
        use.use(anna, 40);
        int waiting = tailEntries().size();
        assertThat(engineEntries()).hasSize(waiting).hasSizeGreaterThan(20);
        assertThat(store.archiver().round()).isZero();

        store.clock().step(Duration.ofSeconds(5));
        assertThat(store.archiver().round()).isEqualTo(1);

        theChainIsWholeIn(store.firstVault());
        theChainIsWholeIn(store.secondVault());
        assertThat(engineEntries()).isEmpty();
        assertThat(tailEntries()).isEmpty();
        assertThat(archived().upTo()).isEqualTo(modseq());
        assertThat(archived().hash()).isEqualTo(anna.read(View::headHash));
        assertThat(store.archiver().backlog().accounts()).isZero();
    }

    @Test
    void manyBytesAreDueAtOnce() {
        anna.putDocument(casella.store.DocumentKind.SIEVE, "gross", new byte[70_000]);
        assertThat(store.archiver().backlog().bytes()).isGreaterThan(70_000);

        assertThat(store.archiver().round()).isEqualTo(1);

        assertThat(store.archiver().backlog().bytes()).isZero();
        theChainIsWholeIn(store.secondVault());
    }

    @Test
    void theChainGoesOnOverManySegments() {
        for (int i = 0; i < 8; i++) {
            use.use(anna, 10);
            assertThat(store.archiver().archive(anna.id())).isTrue();
        }

        theChainIsWholeIn(store.firstVault());
        assertThat(segments(store.firstVault())).hasSizeGreaterThan(4);
    }

    /// A checkpoint may end where a segment ends whose mark was lost; the one made again began before it.
    @Test
    void aLongerSegmentThatBeganBeforeACheckpointIsFound() {
        use.use(anna, 20);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        use.use(anna, 20);
        store.engine().writes(Trouble.unavailable(), 1);
        assertThatThrownBy(() -> store.archiver().archive(anna.id())).isInstanceOf(Fault.Unavailable.class);
        store.archiver().checkpoint(anna.id());
        use.use(anna, 20);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(tailEntries()).isEmpty();

        var verifier = new Verifier(store.engine(), journal, store.accounts().copies());
        assertThat(verifier.verify(anna.id()).problems()).isEmpty();
        assertThat(verifier.verify(anna.id()).modseq()).isEqualTo(modseq());
    }

    /// An engine that lost what it had synced may have gone back behind a mark. What is archived then again begins before
    /// a checkpoint after which there is a segment, too, that leads less far.
    @Test
    void aLongerSegmentThatBeganBeforeACheckpointIsFoundBehindAShorterOne() {
        use.use(anna, 20);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        Archived before = archived();
        use.use(anna, 20);
        var entries = new ArrayList<Batch.Row>(entryRows());
        assertThat(store.archiver().archive(anna.id())).isTrue();
        store.archiver().checkpoint(anna.id());
        use.use(anna, 20);
        entries.addAll(entryRows());
        assertThat(store.archiver().archive(anna.id())).isTrue();

        Standing now = store.engine().read(anna.id(), TIME,
                rows -> Standing.of(rows.get(new Key.Head().bytes())));
        entries.add(new Batch.Row(new Key.Archived().bytes(), before.row()));
        assertThat(store.engine().write(anna.id(), new Batch(now.version(), now.epoch(), entries, List.of()))
                        .await(Deadline.in(TIME)))
                .isEqualTo(new Engine.Outcome.Written());
        use.use(anna, 20);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(segments(store.firstVault()).stream().map(JournalSegment::last).max(Comparator.naturalOrder()))
                .contains(modseq());

        var verifier = new Verifier(store.engine(), journal, store.accounts().copies());
        assertThat(verifier.verify(anna.id()).problems()).isEmpty();
        assertThat(verifier.verify(anna.id()).modseq()).isEqualTo(modseq());
    }

    private List<Batch.Row> entryRows() {
        return store.engine().read(anna.id(), TIME, rows -> {
            var found = new ArrayList<Batch.Row>();
            rows.scan(new byte[] {0x01}, (key, value) -> found.add(new Batch.Row(key, value)));
            return found;
        });
    }

    @Test
    void withNoVaultNothingLeavesEngineAndTail() {
        use.use(anna, 20);
        int waiting = tailEntries().size();
        store.firstVault().all(Trouble.unavailable());
        store.secondVault().all(Trouble.unavailable());
        store.clock().step(Duration.ofSeconds(5));

        store.archiver().round();

        assertThat(tailEntries()).hasSize(waiting);
        assertThat(engineEntries()).hasSize(waiting);
        assertThat(archived()).isEqualTo(Archived.NOTHING);
        store.firstVault().heal();
        store.secondVault().heal();
        try (TestStore again =
                TestStore.over(store.engine(), journal, store.firstVault(), store.secondVault())) {
            again.archiver().begin();
            assertThat(again.archiver().rest(TIME)).isTrue();
            theChainIsWholeIn(store.firstVault());
        }
    }

    @Test
    void oneVaultAwayIsWaitedForAndThenIsDebt() {
        use.use(anna, 20);
        int waiting = tailEntries().size();
        store.secondVault().all(Trouble.unavailable());

        assertThat(store.archiver().archive(anna.id())).isFalse();
        assertThat(tailEntries()).hasSize(waiting);
        assertThat(archived()).isEqualTo(Archived.NOTHING);
        store.clock().step(Archiver.Limits.STANDARD.patience());
        assertThat(store.archiver().archive(anna.id())).isTrue();

        assertThat(tailEntries()).isEmpty();
        assertThat(archived().upTo()).isEqualTo(modseq());
        assertThat(store.accounts().copies().debt().figures().objects()).isPositive();
        theChainIsWholeIn(store.firstVault());
    }

    @Test
    void anEngineThatFailsBetweenSegmentAndMarkCostsARepetition() {
        use.use(anna, 20);
        store.engine().writes(Trouble.unavailable(), 1);
        store.clock().step(Duration.ofSeconds(5));
        store.archiver().round();
        assertThat(archived()).isEqualTo(Archived.NOTHING);
        assertThat(engineEntries()).isNotEmpty();
        assertThat(tailEntries()).isNotEmpty();
        use.use(anna, 20);

        assertThat(store.archiver().archive(anna.id())).isTrue();

        assertThat(archived().upTo()).isEqualTo(modseq());
        List<JournalSegment> both = segments(store.firstVault());
        assertThat(both).hasSize(2).allMatch(segment -> segment.first().value() == 1);
        assertThat(both.getLast().last()).isEqualTo(modseq());
    }

    @Test
    void entriesDamagedInTheEngineAreTakenFromTheTail() {
        use.use(anna, 10);
        var key = new Key.Entry(new Modseq(2)).bytes();
        Entry entry = Entry.decode(tailEntries().get(1));
        byte[] other = new Entry(entry.encodedChange(), java.util.Map.of(Sha256.of(new byte[1]), new byte[9]))
                .encode();
        var batch = new casella.store.engine.Batch(
                modseq().value(), 1, List.of(new casella.store.engine.Batch.Row(key, other)), List.of());
        assertThat(store.engine().write(anna.id(), batch).await(casella.base.Deadline.in(TIME)))
                .isEqualTo(new Engine.Outcome.Written());

        assertThat(store.archiver().archive(anna.id())).isTrue();

        theChainIsWholeIn(store.firstVault());
    }

    @Test
    void afterAStartWhatIsArchivedIsNotMissedInTheTail() {
        use.use(anna, 10);
        store.archiver().archive(anna.id());
        use.use(anna, 10);

        try (TestStore again = TestStore.over(store.engine(), journal)) {
            assertThat(again.accounts().recover()).isEmpty();
            again.archiver().begin();
            assertThat(again.archiver().backlog().accounts()).isEqualTo(1);
        }
    }

    @Test
    void aTailWithAGapBelowWhatIsArchivedIsCompletedFromTheEngine() {
        use.use(anna, 10);
        List<byte[]> old = tailEntries();
        store.archiver().archive(anna.id());
        use.use(anna, 10);
        var gap = new MemoryJournal();
        for (int i = 0; i < 3; i++) gap.append(anna.id(), new Modseq(i + 1), old.get(i));

        try (TestStore again = TestStore.over(store.engine(), gap)) {
            assertThat(again.accounts().recover()).isEmpty();
            var newest = Objects.requireNonNull(gap.newest(anna.id()));
            assertThat(newest.modseq()).isEqualTo(modseq());
        }
    }
}
