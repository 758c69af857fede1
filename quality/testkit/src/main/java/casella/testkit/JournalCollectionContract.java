package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.View;
import casella.store.archive.Heads;
import casella.store.archive.Holdings;
import casella.store.archive.JournalCollection;
import casella.store.archive.Past;
import casella.store.archive.Reconciliation;
import casella.store.archive.Restorer;
import casella.store.archive.Verifier;
import casella.store.care.Care;
import casella.store.care.CareFile;
import casella.store.deletion.Brake;
import casella.store.deletion.Collector;
import casella.store.deletion.Restore;
import casella.store.deletion.Terms;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an account's old journal goes where nobody can need it and stays where somebody may: the chain of heads
/// is unbroken, every vault alone makes the account, each moment within the retention can be had back, and nothing that
/// went comes back or is owed.
public abstract class JournalCollectionContract {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration DAYS_30 = Duration.ofDays(30);
    private static final Collector.Limits WIDE =
            new Collector.Limits(DAY, 1_000_000, 1, 1_000_000, 3, 1_000_000_000);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final SteppedClock clock = new SteppedClock();
    private final Bulkhead files = new Bulkhead("test.files", 1, 16);
    private Engine engine;
    private Vault one;
    private Vault two;
    private final MemoryJournal journal = new MemoryJournal();
    private TestStore store;
    /// Stores of runs that were cut.
    private final List<TestStore> before = new java.util.ArrayList<>();
    private Account anna;
    private MailboxId inbox;
    private Collector collector;
    /// How many emails lived at a moment.
    private final TreeMap<Instant, Long> lived = new TreeMap<>();

    protected abstract Engine engine(Path folder);

    /// @param first whether it is the one that is called `one`
    protected abstract Vault vault(boolean first, Path folder);

    @BeforeEach
    void open() {
        engine = engine(folder.resolve("engine"));
        one = vault(true, folder.resolve("one"));
        two = vault(false, folder.resolve("two"));
        store = TestStore.at(clock, engine, journal, one, two);
        collector = collector(WIDE);
        anna = store.account();
        inbox = Objects.requireNonNull(anna.read(view -> view.mailbox("INBOX"))).id();
    }

    @AfterEach
    void close() {
        collector.close();
        store.close();
        before.forEach(TestStore::close);
        one.close();
        two.close();
        files.close();
    }

    private Collector collector(Collector.Limits limits) {
        var file = new CareFile(Disk.real(), folder.resolve("collect"), files);
        return Collector.open(
                store.engine(), store.journal(), store.archiver(), store.accounts(),
                _ -> Optional.of(new Terms(DAYS_30, Long.MAX_VALUE, false)), file, clock, Metrics.none(),
                        limits);
    }

    private Email deliver(String text) {
        byte[] content = ("Subject: " + text + "\r\n\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
        var mail = NewEmail.delivery(content, clock.now(), "b@v.example", "a@p.example");
        return ((Outcome.Kept) anna.add(mail)).email();
    }

    /// A day of an account: mail comes, an older one goes, a flag changes; all of it archived.
    private void day(int number) {
        Email first = deliver("mail " + number);
        deliver("more " + number);
        if (number % 3 == 0) anna.destroyEmail(first.id());
        var uids = anna.read(view -> view.placements(inbox, Uid.FIRST, 1));
        var day = new Keywords.Edit.Replace(Keywords.of("day" + number % 7));
        anna.setKeywords(inbox, List.of(uids.getFirst().uid()), day, null);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        lived.put(clock.now(), anna.read(View::emailCount));
        clock.step(DAY);
    }

    private Collector.Result run() {
        Collector.Result result = collector.run(false);
        assertThat(result).isInstanceOf(Collector.Result.Ran.class);
        return result;
    }

    private void days(int from, int until) {
        for (int i = from; i < until; i++) {
            day(i);
            run();
        }
    }

    private Set<ObjectName> names(Vault vault, Kind... kinds) {
        var names = new java.util.TreeSet<ObjectName>();
        for (Kind kind : kinds) names.addAll(Holdings.of(vault, TIME).all(anna.id(), kind));
        return names;
    }

    private Holdings both() {
        return Holdings.of(store.accounts().copies(), TIME);
    }

    private void right(String when) {
        var verifier = new Verifier(store.engine(), store.journal(), store.accounts().copies());
        assertThat(verifier.verify(anna.id()).problems()).as(when).isEmpty();
    }

    private void rebuiltFrom(Vault vault) {
        Modseq modseq = anna.read(View::modseq);
        long emails = anna.read(View::emailCount);
        var restorer = new Restorer(store.engine(), store.journal(), both(),
                new Reconciliation(store.accounts().copies(), Clock.system(), Metrics.none()));
        var rebuilt = restorer.rebuild(anna.id(), Holdings.of(vault, TIME), modseq);
        store.accounts().doubt(anna.id());
        assertThat(rebuilt.modseq()).isEqualTo(modseq);
        assertThat(anna.read(View::emailCount)).isEqualTo(emails);
    }

    @Test
    void whatIsOlderThanTheRetentionGoesAndEveryVaultAloneStillMakesTheAccount() {
        days(0, 70);

        Heads heads = Heads.newest(both(), anna.id()).orElseThrow();
        var floor = Heads.floor(both(), anna.id());
        Set<ObjectName> kept = names(one, Kind.SEGMENT);
        assertThat(kept).allMatch(name -> name.low() > floor.value());
        assertThat(kept.size()).isLessThan(55);
        assertThat(names(one, Kind.CONTENTS)).allMatch(name -> name.low() > floor.value());
        assertThat(names(one, Kind.HEADS)).hasSize(1);
        // Each head goes on from the one before, the first segment that is left from the last of them.
        long next = 1;
        for (Heads.Head head : heads.heads()) {
            assertThat(head.first().value()).isEqualTo(next);
            next = head.last().value() + 1;
        }
        assertThat(kept.iterator().next().high()).isEqualTo(next);
        Set<casella.base.Sha256> named = JournalCollection.pages(store.accounts().copies(), anna.id(), floor);
        assertThat(names(one, Kind.PAGE)).extracting(ObjectName::hash).containsExactlyInAnyOrderElementsOf(named);
        assertThat(names(two, Kind.PAGE)).extracting(ObjectName::hash).containsAll(named);
        right("after 70 days");
        rebuiltFrom(one);
        rebuiltFrom(two);
        right("rebuilt");
    }

    @Test
    void theOtherVaultFollowsAWeekLater() {
        days(0, 20);
        for (int i = 20; names(one, Kind.HEADS).isEmpty(); i++) days(i, i + 1);
        Modseq floor = Heads.floor(both(), anna.id());
        assertThat(names(one, Kind.SEGMENT)).allMatch(name -> name.low() > floor.value());
        assertThat(names(two, Kind.SEGMENT)).anyMatch(name -> name.low() <= floor.value());
        for (int i = 0; i < 6; i++) {
            clock.step(DAY);
            run();
            assertThat(names(two, Kind.SEGMENT)).anyMatch(name -> name.low() <= floor.value());
        }
        clock.step(DAY);
        run();

        assertThat(names(two, Kind.SEGMENT)).allMatch(name -> name.low() > floor.value());
        assertThat(names(two, Kind.CHECKPOINT)).allMatch(name -> name.high() > floor.value());
        right("after the other vault");
    }

    @Test
    void everyMomentWithinTheRetentionIsToldAndFromWhenIsSaid() {
        days(0, 70);
        var past = new Past(both(), journal, anna.id());
        Past.Since since = past.since().orElseThrow();
        Instant retention = clock.now().minus(DAYS_30);
        assertThat(since.at()).isBefore(retention);
        int told = 0;
        for (var moment : lived.tailMap(retention).entrySet()) {
            assertThat(past.after(past.at(moment.getKey())).emailCount()).isEqualTo(moment.getValue());
            told++;
        }
        assertThat(told).isGreaterThan(25);

        assertThatThrownBy(() -> past.at(lived.firstKey()))
                .isInstanceOfSatisfying(Fault.Unavailable.class, fault -> {
                    assertThat(fault).hasMessage("The journal no longer reaches back to that moment");
                    assertThat(fault.facts()).containsEntry("since", since.at());
                });
        var restore = new Restore(store.accounts(), journal);
        for (Restore.Recoverable one : restore.list(anna.id(), 100)) {
            assertThat(one.summary()).isNotNull();
            var what = new Restore.What.Emails(List.of(one.email().arrival()), null);
            assertThat(restore.restore(anna.id(), what).missing()).isEmpty();
        }
    }

    @Test
    void aVaultThatWasAwayBringsNothingBackAndOwesNothing() {
        days(0, 45);
        for (int i = 45; names(two, Kind.HEADS).isEmpty(); i++) days(i, i + 1);
        // A copy of the second vault's journal from before it was collected there.
        var old = new TreeMap<ObjectName, byte[]>();
        for (ObjectName name : names(two, Kind.SEGMENT, Kind.CONTENTS, Kind.CHECKPOINT, Kind.PAGE)) {
            old.put(name, Objects.requireNonNull(two.get(name, 0, Integer.MAX_VALUE, TIME)));
        }
        for (int i = 60; i < 90; i++) days(i, i + 1);
        Modseq floor = Heads.floor(both(), anna.id());
        assertThat(names(two, Kind.SEGMENT)).as("it went").doesNotContainSequence(old.keySet());
        Set<ObjectName> there = names(one, Kind.values());
        old.forEach((name, bytes) -> two.put(name, bytes).await(Deadline.in(TIME)));
        assertThat(names(two, Kind.SEGMENT)).anyMatch(name -> name.low() <= floor.value());

        // With nothing remembered of what is owed, all is compared.
        try (Care care = Care.open(
                store.engine(), store.accounts().copies(), new Care.Rates(1L << 40, 1L << 40), Disk.real(),
                folder.resolve("care"), Clock.system(), Metrics.none()).start(store.accounts())) {
            care.scrubNow();
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!care.status().surveyed()
                    || !care.status().vaults().stream().allMatch(vault -> vault.provenSince() != null)) {
                assertThat(System.nanoTime()).as("surveyed and scrubbed").isLessThan(end);
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
            assertThat(store.accounts().copies().debt().figures().objects()).isZero();
            assertThat(care.status().lost()).isZero();
        }
        assertThat(names(one, Kind.values())).isEqualTo(there);
        right("with a vault put back");
        run();
        assertThat(names(two, Kind.SEGMENT)).as("collected once more")
                .noneMatch(name -> name.low() <= Heads.floor(both(), anna.id()).value() - 500);
        right("and collected again");
    }

    @Test
    void nothingGoesWhileAVaultCannotProveThatItHasTheRest() {
        days(0, 25);
        // A page of a checkpoint is nowhere in the second vault any more: it does not make the account alone.
        for (int i = 25; i < 50; i++) {
            for (ObjectName page : names(two, Kind.PAGE)) two.delete(page).await(Deadline.in(TIME));
            days(i, i + 1);
        }

        assertThat(names(one, Kind.HEADS)).isEmpty();
        assertThat(names(one, Kind.SEGMENT)).anyMatch(name -> name.high() == 1);
    }

    @Test
    void moreThanAShareOfAVaultAsks() {
        for (int i = 0; i < 70; i++) day(i);
        store.archiver().checkpoint(anna.id());
        for (int i = 70; i < 110; i++) day(i);
        store.archiver().checkpoint(anna.id());
        collector = collector(new Collector.Limits(DAY, 5, 0.01, 3, 3, 1_000_000_000));
        Collector.Result result = collector.run(false);
        if (result instanceof Collector.Result.Stopped(Brake brake) && brake.reason() == Brake.Reason.CLOCK) {
            result = collector.run(true);
        }

        assertThat(result).isInstanceOf(Collector.Result.Stopped.class);
        Brake brake = ((Collector.Result.Stopped) result).brake();
        assertThat(brake.reason()).isEqualTo(Brake.Reason.VOLUME);
        assertThat(names(one, Kind.HEADS)).isEmpty();
    }

    /// Ends the process in the middle of a run: from the n-th removal or put on, nothing reaches a vault.
    private void cut(int after) {
        before.add(store);
        var first = new CutVault(one, after);
        var second = new CutVault(two, after);
        store = TestStore.at(clock, engine, journal, first, second);
        anna = store.accounts().open(anna.id());
        collector.close();
        collector = collector(WIDE);
        var _ = collector.run(true);
        before.add(store);
        store = TestStore.at(clock, engine, journal, one, two);
        anna = store.accounts().open(anna.id());
        collector.close();
        collector = collector(WIDE);
    }

    /// How many days a run is cut at, one operation further each.
    protected int cuts() {
        return 30;
    }

    @Test
    void aRunCutAtAnyStepLosesNothingAndTheNextGoesOn() {
        days(0, 38);
        for (int i = 0; i < cuts(); i++) {
            day(38 + i);
            cut(i);
            right("cut after " + i);
            rebuiltFrom(i % 2 == 0 ? one : two);
            var past = new Past(both(), journal, anna.id());
            Instant moment = lived.ceilingKey(clock.now().minus(DAYS_30));
            assertThat(past.after(past.at(moment)).emailCount()).isEqualTo(lived.get(moment));
        }
        for (int i = 0; i < 15; i++) {
            clock.step(DAY);
            var _ = collector.run(true);
        }
        Modseq floor = Heads.floor(both(), anna.id());
        assertThat(floor).isNotEqualTo(Modseq.NONE);
        for (int i = 0; i < 15; i++) {
            clock.step(DAY);
            var _ = collector.run(true);
        }
        for (Vault vault : List.of(one, two)) {
            assertThat(names(vault, Kind.SEGMENT)).allMatch(name -> name.low() > floor.value());
        }
        right("after all cuts");
    }

    /// A vault whose process ends after so many writes: nothing after them is done, nothing answered.
    private static final class CutVault extends LentVault {
        private int left;

        CutVault(Vault inner, int left) {
            super(inner);
            this.left = left;
        }

        private boolean over() {
            return left-- <= 0;
        }

        @Override
        public casella.base.Ticket<Void> put(ObjectName name, byte[] object) {
            return over() ? gone() : super.put(name, object);
        }

        @Override
        public casella.base.Ticket<Void> delete(ObjectName name) {
            return over() ? gone() : super.delete(name);
        }

        private static casella.base.Ticket<Void> gone() {
            return casella.base.Ticket.failed("vault", new Fault.Unavailable("Killed", java.util.Map.of()));
        }
    }
}
