package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.store.EndedEmail;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.View;
import casella.store.archive.Verifier;
import casella.store.care.Care;
import casella.store.care.CareFile;
import casella.store.deletion.Brake;
import casella.store.deletion.Collecting;
import casella.store.deletion.Collector;
import casella.store.deletion.Erasure;
import casella.store.deletion.Restore;
import casella.store.deletion.Terms;
import casella.store.disk.Disk;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promise 9: mail goes only when it is due, first from one vault and a week later from the others; a
/// wrong clock, an unusual volume or something that lives stops the collector, and nothing that ended comes
/// back.
public abstract class CollectorContract {
    protected abstract Engine engine(Path folder);

    /// @param first whether it is the one that is called `one`
    protected abstract Vault vault(boolean first, Path folder);

    /// How many random histories are lived through.
    protected int seeds() {
        return 5;
    }

    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration DAYS_30 = Duration.ofDays(30);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Collector.Limits WIDE =
            new Collector.Limits(DAY, 1_000_000, 0.1, 1_000_000, 3, 1_000_000_000);
    private static final Collector.Limits NARROW = new Collector.Limits(DAY, 5, 0.1, 3, 3, 1_000_000_000);

    @TempDir
    private Path folder;

    private final SteppedClock clock = new SteppedClock();
    private Vault one;
    private Vault two;
    private final Bulkhead files = new Bulkhead("test.files", 1, 16);
    private TestStore store;
    private Account anna;
    private Collector collector;
    private Terms terms = new Terms(DAYS_30, Long.MAX_VALUE, false);

    @BeforeEach
    void open() {
        one = vault(true, folder.resolve("one"));
        two = vault(false, folder.resolve("two"));
        store = TestStore.at(clock, engine(folder.resolve("engine")), new MemoryJournal(), one, two);
        collector = collector(WIDE); // before there are accounts: nothing to ask about
        anna = store.account();
    }

    @AfterEach
    void close() {
        collector.close();
        store.close();
        one.close();
        two.close();
        files.close();
    }

    private Collector collector(Collector.Limits limits) {
        var file = new CareFile(Disk.real(), folder.resolve("collect"), files);
        return Collector.open(
                store.engine(), store.journal(), store.archiver(), store.accounts(), _ -> Optional.of(terms),
                file, clock, Metrics.none(), limits);
    }

    private Email deliver(String text) {
        clock.step(Duration.ofSeconds(1));
        byte[] content = ("Subject: " + text + "\r\n\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
        var mail = NewEmail.delivery(content, clock.now(), "b@v.example", "a@p.example");
        return ((Outcome.Kept) anna.add(mail)).email();
    }

    private List<Email> ended(int count) {
        var all = new ArrayList<Email>();
        for (int i = 0; i < count; i++) all.add(deliver("mail " + i));
        for (Email email : all) anna.destroyEmail(email.id());
        return all;
    }

    private boolean has(Vault vault, Email email) {
        return vault.get(ObjectName.mail(anna.id(), email.id(), email.blob()), 0, 1, TIME) != null;
    }

    private static Collector.Result.Ran ran(Collector.Result result) {
        assertThat(result).isInstanceOf(Collector.Result.Ran.class);
        return (Collector.Result.Ran) result;
    }

    private static Brake stopped(Collector.Result result) {
        assertThat(result).isInstanceOf(Collector.Result.Stopped.class);
        return ((Collector.Result.Stopped) result).brake();
    }

    private void theAccountIsRight() {
        store.archiver().archive(anna.id());
        var verifier = new Verifier(store.engine(), store.journal(), store.accounts().copies());
        assertThat(verifier.verify(anna.id()).problems()).isEmpty();
    }

    private Restore.Report restore(Email email) {
        return new Restore(store.accounts(), store.journal())
                .restore(anna.id(), new Restore.What.Emails(List.of(email.id()), null));
    }

    @Test
    void mailGoesFromOneVaultAfterItsDaysAndFromTheOtherAWeekLater() {
        Email kept = deliver("resta");
        Email gone = ended(1).getFirst();
        clock.step(DAYS_30.minusMinutes(1));
        assertThat(ran(collector.run(false)).accounts()).isZero();
        assertThat(restore(gone).emails()).isEqualTo(1);
        anna.destroyEmail(gone.id());
        clock.step(DAYS_30);

        assertThat(ran(collector.run(false)).condemned()).isEqualTo(1);

        assertThat(has(one, gone)).isFalse();
        assertThat(has(two, gone)).isTrue();
        assertThat(restore(gone).missing()).hasSize(1);
        assertThat(anna.read(View::recoverableBytes)).isZero();
        clock.step(Duration.ofDays(7).minusMinutes(1));
        assertThat(ran(collector.run(false)).removed().get("two")).isZero();
        assertThat(has(two, gone)).isTrue();
        clock.step(Duration.ofMinutes(1));
        assertThat(ran(collector.run(false)).removed().get("two")).isEqualTo(1);
        assertThat(has(two, gone)).isFalse();
        assertThat(has(one, kept) && has(two, kept)).isTrue();
        assertThat(ran(collector.run(false)).accounts()).isZero();
        theAccountIsRight();
    }

    @Test
    void afterAWrongClockTheWeekBetweenTheVaultsBeginsAnew() {
        Email gone = ended(1).getFirst();
        clock.step(DAYS_30);
        ran(collector.run(false));
        assertThat(has(one, gone)).isFalse();
        collector = collector(WIDE); // it is known over a restart
        clock.jump(Duration.ofDays(365));
        assertThat(stopped(collector.run(false)).reason()).isEqualTo(Brake.Reason.CLOCK);

        ran(collector.run(true)); // somebody says that the year is right; that does not make it a week

        assertThat(has(two, gone)).isTrue();
        clock.step(Duration.ofDays(7).minusMinutes(1));
        ran(collector.run(false));
        assertThat(has(two, gone)).isTrue();
        clock.step(Duration.ofMinutes(1));
        ran(collector.run(false));
        assertThat(has(two, gone)).isFalse();
    }

    @Test
    void theWeekBeginsWhenTheFirstVaultReallyLetItGo() {
        Email gone = ended(1).getFirst();
        clock.step(DAYS_30);
        store.firstVault().writes(Trouble.unavailable());
        for (int i = 0; i < 9; i++) {
            var _ = collector.run(false);
            clock.step(DAY);
        }
        assertThat(has(one, gone) && has(two, gone)).isTrue();
        store.firstVault().heal();
        ran(collector.run(false));
        assertThat(has(one, gone)).isFalse();
        clock.step(Duration.ofDays(7).minusMinutes(1));
        ran(collector.run(false));
        assertThat(has(two, gone)).isTrue();
        clock.step(Duration.ofMinutes(1));
        ran(collector.run(false));

        assertThat(has(two, gone)).isFalse();
    }

    @Test
    void beyondThePlansBytesTheOldestGoesEarlyButNotWithinAWeek() {
        List<Email> emails = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            emails.addAll(ended(1));
            clock.step(DAY);
        }
        terms = new Terms(DAYS_30, 2L * emails.getFirst().size(), false);
        clock.step(DAY);
        assertThat(ran(collector.run(false)).condemned()).isZero();
        clock.step(Duration.ofDays(3));

        assertThat(ran(collector.run(false)).condemned()).isEqualTo(2);

        assertThat(emails).extracting(email -> has(one, email)).containsExactly(false, false, true, true);
        assertThat(anna.read(View::recoverableBytes)).isEqualTo(terms.bytesMax());
    }

    @Test
    void whatIsHeldStays() {
        terms = new Terms(DAYS_30, 0, true);
        Email gone = ended(1).getFirst();
        clock.step(DAYS_30.multipliedBy(3));
        assertThat(ran(collector.run(false)).accounts()).isZero();
        assertThat(restore(gone).emails()).isEqualTo(1);
    }

    @Test
    void aClockThatGoesAYearAheadStopsIt() {
        Email gone = ended(1).getFirst();
        clock.jump(Duration.ofDays(365));

        assertThat(stopped(collector.run(false)).reason()).isEqualTo(Brake.Reason.CLOCK);

        assertThat(stopped(collector.run(false)).reason()).isEqualTo(Brake.Reason.CLOCK);
        assertThat(has(one, gone)).isTrue();
        clock.jump(Duration.ofDays(-365));
        assertThat(ran(collector.run(true)).condemned()).isZero();
        assertThat(ran(collector.run(false)).condemned()).isZero();
    }

    @Test
    void aClockAYearAheadAfterARestartStopsItToo() {
        Email gone = ended(1).getFirst();
        collector(WIDE).run(false);
        clock.jump(Duration.ofDays(365));

        Collector again = collector(WIDE);

        assertThat(Objects.requireNonNull(again.status().brake()).reason()).isEqualTo(Brake.Reason.CLOCK);
        assertThat(stopped(again.run(false)).reason()).isEqualTo(Brake.Reason.CLOCK);
        // The brake outlives another restart.
        assertThat(stopped(collector(WIDE).run(false)).reason()).isEqualTo(Brake.Reason.CLOCK);
        assertThat(has(one, gone)).isTrue();
        assertThat(restore(gone).emails()).isEqualTo(1);
    }

    @Test
    void aClockThatWasBehindWhenMailEndedTakesNoDaysFromIt() {
        deliver("prima");
        Email early = deliver("uno");
        clock.jump(Duration.ofDays(-20_000));
        anna.destroyEmail(early.id());
        clock.jump(Duration.ofDays(20_000));

        assertThat(ran(collector(WIDE).run(false)).condemned()).isZero();

        assertThat(restore(early).emails()).isEqualTo(1);
    }

    @Test
    void aLostMemoryIsAskedAbout() throws Exception {
        Files.delete(folder.resolve("collect"));
        Collector collector = collector(WIDE);
        assertThat(stopped(collector.run(false)).reason()).isEqualTo(Brake.Reason.MEMORY);
        assertThat(ran(collector.run(true)).accounts()).isZero();
    }

    @Test
    void moreThanAShareOfTheVaultStopsItBeforeAnythingGoes() {
        collector = collector(NARROW);
        for (int i = 0; i < 20; i++) deliver("resta " + i);
        List<Email> gone = ended(10);
        clock.step(DAYS_30);

        Brake brake = stopped(collector.run(false));

        assertThat(brake.reason()).isEqualTo(Brake.Reason.VOLUME);
        assertThat(brake.what()).contains("10 of");
        assertThat(gone).allMatch(email -> has(one, email));
        assertThat(gone).allMatch(email -> anna.read(view ->
                Objects.requireNonNull(view.endedEmail(email.id())).recoverable()));
        assertThat(ran(collector.run(true)).condemned()).isEqualTo(10);
        assertThat(gone).noneMatch(email -> has(one, email));
    }

    @Test
    void threeTimesWhatIsUsualStopsIt() {
        collector = collector(NARROW);
        for (int i = 0; i < 500; i++) deliver("resta " + i);
        for (int i = 0; i < 3; i++) {
            ended(2);
            clock.step(DAYS_30);
            ran(collector.run(false));
        }
        ended(8);
        clock.step(DAYS_30);

        assertThat(stopped(collector.run(false)).what()).contains("usual");
    }

    @Test
    void moreWipedAccountsThanIsUsualAreErasedOnlyWhenSomebodyWasAsked() {
        for (int i = 0; i < 60; i++) store.account();
        var kept = List.of(new CareFile(Disk.real(), folder.resolve("erasures"), files));
        Erasure erasure = Erasure.open(
                store.engine(), store.journal(), store.accounts().copies(), List.of(), kept, clock);
        var due = new ArrayList<>(store.engine().accounts(null, 12, TIME));
        var wiped = new Collecting.Wiped() {
            @Override
            public List<AccountId> due(java.time.Instant now, int limit) {
                return List.copyOf(due);
            }

            @Override
            public void ordered(AccountId account) {
                due.remove(account);
            }
        };
        List<AccountId> later = List.copyOf(due.subList(10, due.size()));
        due.removeAll(later);
        Collecting.eraseWiped(collector, erasure, wiped, clock);
        assertThat(due).isEmpty();
        // One more on the same day is too many, whatever the next look finds.
        due.addAll(later);

        Collecting.eraseWiped(collector, erasure, wiped, clock);

        assertThat(due).isEqualTo(later);
        Brake brake = Objects.requireNonNull(collector(WIDE).status().brake());
        assertThat(brake.what()).as(brake.reason().word()).startsWith("2 of ");
        ran(collector.run(true));
        Collecting.eraseWiped(collector, erasure, wiped, clock);
        assertThat(due).isEmpty();
        assertThat(collector.status().brake()).isNull();
    }

    private void write(List<Batch.Row> rows, List<byte[]> gone) {
        HeadRow head = store.engine().read(anna.id(), TIME,
                found -> HeadRow.of(Objects.requireNonNull(found.get(new Key.Head().bytes()))));
        var batch = new Batch(head.version(), head.epoch(), rows, gone);
        assertThat(store.engine().write(anna.id(), batch).await(Deadline.in(TIME))).isNotNull();
    }

    private void write(Key key, byte[] value) {
        write(List.of(new Batch.Row(key.bytes(), value)), List.of());
    }

    @Test
    void anEngineThatSaysWhatLivesHasEndedIsNotBelieved() {
        Email lives = deliver("vive");
        Email gone = ended(1).getFirst();
        // The engine's rows as a mistake of ours might leave them: the live email looks like one that ended
        // long ago.
        byte[] ended = store.engine().read(anna.id(), TIME,
                rows -> Objects.requireNonNull(rows.get(new Key.Ended(gone.id()).bytes())));
        write(new Key.Ended(lives.id()), ended);
        write(new Key.Recoverable(new Modseq(2), lives.id()), new byte[0]);
        write(List.of(), List.of(new Key.Email(lives.id()).bytes()));
        clock.step(DAYS_30);

        Brake brake = stopped(collector.run(false));

        assertThat(brake.reason()).isEqualTo(Brake.Reason.LIVE);
        assertThat(brake.account()).isEqualTo(anna.id());
        assertThat(has(one, lives) && has(two, lives)).isTrue();
        // Confirmed, it goes on with the others and leaves this account alone.
        ran(collector.run(true));
        assertThat(collector.status().aside()).containsExactly(anna.id());
        assertThat(has(one, lives) && has(one, gone)).isTrue();
        assertThat(collector(WIDE).status().aside()).containsExactly(anna.id());
    }

    @Test
    void anEngineThatSaysWhatCanBeHadBackIsCondemnedIsNotBelieved() {
        Email gone = ended(2).getFirst();
        Modseq modseq = anna.read(View::modseq);
        var row = new EndedEmail(gone.id(), modseq, clock.now(), gone.blob(), 1, new Modseq(3), clock.now(),
                false);
        assertThat(row.pending()).isTrue();
        byte[] value = store.engine().read(anna.id(), TIME,
                rows -> Objects.requireNonNull(rows.get(new Key.Ended(gone.id()).bytes())));
        write(new Key.Ended(gone.id()), condemned(value));
        write(new Key.Condemned(new Modseq(3), gone.id()), new byte[0]);
        clock.step(Duration.ofDays(8));

        assertThat(stopped(collector.run(false)).what()).contains("journal");

        assertThat(has(one, gone) && has(two, gone)).isTrue();
    }

    /// A row of an email that ended, with `condemned = 3` added: field 5 as a varint.
    private static byte[] condemned(byte[] row) {
        byte[] more = java.util.Arrays.copyOf(row, row.length + 2);
        more[row.length] = 5 << 3;
        more[row.length + 1] = 3;
        return more;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition came about").isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private Care care() {
        var rates = new Care.Rates(1L << 40, 1L << 40);
        return Care.open(
                store.engine(), store.accounts().copies(), rates, Disk.real(), folder.resolve("care"),
                casella.base.Clock.system(), Metrics.none());
    }

    /// What a vault did not take in its trouble is paid.
    private void healed() {
        try (Care care = care()) {
            while (care.healer().round().paid() > 0) {
                // until nothing is owed
            }
        }
    }

    /// The journal waits some minutes for a vault that is away before it goes on with the other.
    private void collectWithOneVault() {
        ran(collector.run(false));
        clock.step(Duration.ofMinutes(30));
        ran(collector.run(false));
    }

    @Test
    void aVaultThatWasAwayDuringDeletionBringsNothingBack() {
        for (int i = 0; i < 5; i++) deliver("resta " + i);
        List<Email> gone = ended(5);
        clock.step(DAYS_30);
        store.secondVault().all(Trouble.unavailable());
        collectWithOneVault();
        store.secondVault().heal();
        healed();
        clock.step(Duration.ofDays(7));
        store.firstVault().all(Trouble.unavailable());
        collectWithOneVault();
        assertThat(gone).noneMatch(email -> has(one, email));
        assertThat(gone).noneMatch(email -> has(two, email));
        store.firstVault().heal();
        // A vault put back from an old copy of its disk: it has again what was collected everywhere.
        for (Email email : gone) {
            ObjectName name = ObjectName.mail(anna.id(), email.id(), email.blob());
            byte[] object = casella.store.vault.StoredObject.encode(name, new byte[0], new byte[] {1});
            one.put(name, object).await(Deadline.in(TIME));
        }

        try (Care care = care().start(store.accounts())) {
            care.scrubNow();
            await(() -> gone.stream().noneMatch(email -> has(one, email)));
        }
        assertThat(gone).noneMatch(email -> has(two, email));
        theAccountIsRight();
    }

    @Test
    void whatIsCondemnedIsNotCopiedToTheVaultItLeft() {
        Email kept = deliver("resta");
        Email gone = ended(1).getFirst();
        clock.step(DAYS_30);
        ran(collector.run(false));
        one.delete(ObjectName.mail(anna.id(), kept.id(), kept.blob())).await(Deadline.in(TIME));

        try (Care care = care().start(store.accounts())) {
            care.scrubNow();
            await(() -> care.status().surveyed() && has(one, kept));
            await(() -> care.status().vaults().stream().allMatch(vault -> vault.provenSince() != null));
        }
        assertThat(has(one, gone)).isFalse();
        assertThat(has(two, gone)).isTrue();
    }

    /// What an email was.
    private record Known(Sha256 blob, byte[] bytes) {}

    private void learn(Map<ArrivalId, Known> known) {
        List<ArrivalId> ids = anna.read(view -> view.emails(null, View.PAGE_MAX));
        for (ArrivalId id : ids) {
            known.computeIfAbsent(id, _ -> {
                Email email = Objects.requireNonNull(anna.read(view -> view.email(id)));
                return new Known(email.blob(), ((Body.Present) anna.body(email)).bytes());
            });
        }
    }

    @Test
    void underRandomUseAllThatIsPromisedCanBeHadBackAndNothingThatLivesGoes() {
        for (long seed = 1; seed <= seeds(); seed++) {
            anna = store.account();
            var dice = new Random(seed);
            var use = new RandomUse(seed);
            var known = new HashMap<ArrivalId, Known>();
            collector = collector(WIDE);
            for (int day = 0; day < 80; day++) {
                for (int i = 0; i < 6; i++) {
                    use.use(anna, 1);
                    learn(known);
                    clock.step(Duration.ofMinutes(10 + dice.nextInt(60)));
                }
                if (dice.nextInt(3) == 0) store.archiver().archive(anna.id());
                if (dice.nextInt(8) == 0) store.archiver().checkpoint(anna.id());
                trouble(dice);
                Collector.Result result = collector.run(false);
                assertThat(result).as("seed %d, day %d", seed, day).isInstanceOf(Collector.Result.Ran.class);
                store.firstVault().heal();
                store.secondVault().heal();
                clock.step(Duration.ofHours(18));
                if (dice.nextInt(20) == 0) {
                    collector.close();
                    collector = collector(WIDE);
                }
                check(seed, known);
            }
            hadBack(seed, known);
            assertThat(store.archiver().archive(anna.id())).isTrue();
            healed();
            theAccountIsRight();
        }
    }

    private void trouble(Random dice) {
        switch (dice.nextInt(8)) {
            case 0 -> store.firstVault().all(Trouble.unavailable());
            case 1 -> store.secondVault().writes(Trouble.unavailable());
            case 2 -> store.secondVault().reads(Trouble.unavailable(), 3);
            default -> {}
        }
    }

    private void check(long seed, Map<ArrivalId, Known> known) {
        known.forEach((id, was) -> {
            Email lives = anna.read(view -> view.email(id));
            EndedEmail ended = anna.read(view -> view.endedEmail(id));
            assertThat(lives == null).as("seed %d, %s lives or ended", seed, id).isEqualTo(ended != null);
            boolean promised = ended == null || clock.now().isBefore(ended.at().plus(DAYS_30));
            if (promised) {
                assertThat(one.get(name(id, was), 0, 1, TIME)).as("seed %d, %s", seed, id).isNotNull();
                assertThat(two.get(name(id, was), 0, 1, TIME)).as("seed %d, %s", seed, id).isNotNull();
            }
            if (ended != null && ended.recoverable() == false && !ended.collected()) {
                assertThat(two.get(name(id, was), 0, 1, TIME)).as("seed %d, %s", seed, id).isNotNull();
            }
        });
    }

    private ObjectName name(ArrivalId id, Known was) {
        return ObjectName.mail(anna.id(), id, was.blob());
    }

    private void hadBack(long seed, Map<ArrivalId, Known> known) {
        List<ArrivalId> back = known.keySet().stream()
                .filter(id -> {
                    EndedEmail ended = anna.read(view -> view.endedEmail(id));
                    return ended != null && ended.recoverable();
                })
                .toList();
        assertThat(back).as("seed %d", seed).isNotEmpty();
        Restore.Report report = new Restore(store.accounts(), store.journal())
                .restore(anna.id(), new Restore.What.Emails(back, null));
        assertThat(report.missing()).as("seed %d", seed).isEmpty();
        for (ArrivalId id : back) {
            Email email = Objects.requireNonNull(anna.read(view -> view.email(id)));
            assertThat(((Body.Present) anna.body(email)).bytes())
                    .isEqualTo(Objects.requireNonNull(known.get(id)).bytes());
        }
    }
}
