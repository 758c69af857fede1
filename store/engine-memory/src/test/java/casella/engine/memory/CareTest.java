package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.store.Account;
import casella.store.Body;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Hole;
import casella.store.Holes;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Shelf;
import casella.store.View;
import casella.store.care.Care;
import casella.store.care.Healer;
import casella.store.disk.Disk;
import casella.store.health.Breaker;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.testkit.Intercepted;
import casella.testkit.MemoryJournal;
import casella.testkit.MemoryVault;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves the care for copies: debt is paid from good copies only, outlives a restart, and is found again by a survey
/// and by the scrubber.
final class CareTest {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Care.Rates FAST = new Care.Rates(1L << 30, 1L << 30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final MemoryVault one = new MemoryVault("one");
    private final MemoryVault two = new MemoryVault("two");
    private final TestStore store = TestStore.over(new MemoryEngine(), new MemoryJournal(), one, two);
    private final Copies copies = store.accounts().copies();
    private final Debt debt = copies.debt();
    private final Account anna = store.account();
    private final List<Care> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(Care::close);
        store.close();
    }

    private Care care(Copies over) {
        return Care.open(store.engine(), over, FAST, Disk.real(), folder, Clock.system(), Metrics.none());
    }

    private Care care() {
        Care care = care(copies);
        open.add(care);
        return care;
    }

    private List<ObjectName> mails(int count) {
        for (int i = 0; i < count; i++) {
            byte[] content = ("Subject: " + i + "\r\n\r\ntesto " + System.nanoTime())
                    .getBytes(StandardCharsets.US_ASCII);
            assertThat(anna.add(NewEmail.delivery(content, Instant.now(), "", "")))
                    .isInstanceOf(Outcome.Kept.class);
        }
        return names();
    }

    private List<ObjectName> names() {
        return anna.read(view -> view.emails(null, View.PAGE_MAX).stream()
                .map(id -> ObjectName.mail(anna.id(), id, Objects.requireNonNull(view.email(id)).blob()))
                .toList());
    }

    private static boolean good(Vault vault, ObjectName name) {
        byte[] object = vault.get(name, 0, Integer.MAX_VALUE, TIME);
        return object != null && StoredObject.read(name, object).length > 0;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition came about").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void debtIsPaidFromTheVaultThatTookTheCopy() {
        store.secondVault().writes(Trouble.unavailable());
        List<ObjectName> names = mails(20);
        assertThat(debt.figures().objects()).isEqualTo(20);

        Care care = care().start(store.accounts());
        store.secondVault().heal();

        await(() -> debt.figures().objects() == 0);
        assertThat(names).allMatch(name -> good(two, name));
        assertThat(care.healer().paid()).isGreaterThanOrEqualTo(20);
        await(() -> care.status().vaults().stream().allMatch(vault -> vault.rebuildable() == 1));
        assertThat(care.status().vaults()).allMatch(vault -> vault.accounts() == 1);
    }

    @Test
    void aPassOfTheScrubberBeginsWithHavingMemoryForget() {
        mails(3);
        Care care = care().start(store.accounts());
        await(() -> one.forgotten() > 0 && two.forgotten() > 0);
        long passes = one.forgotten();

        care.scrubNow();

        await(() -> one.forgotten() > passes);
    }

    @Test
    void aVaultWhoseFilesWereRemovedIsFilledAgainWhileServing() {
        List<ObjectName> names = mails(20);
        Care care = care().start(store.accounts());
        await(() -> care.status().surveyed());

        one.removeAll();

        await(() -> names.stream().allMatch(name -> good(one, name)));
        await(() -> care.status().surveyed() && debt.figures().objects() == 0);
        assertThat(names).allMatch(name -> good(two, name));
    }

    @Test
    void whatHolesCameToOutlivesARestart() throws Exception {
        Instant newest = Instant.parse("2026-11-22T10:00:00Z");
        Care before = care().start(store.accounts());
        copies.holes().came(1, 2, newest.minusSeconds(60));
        copies.holes().came(1, 0, newest);
        // Also one that nobody stops.
        await(() -> Files.exists(folder.resolve("holes")) && text("holes").contains("holes 2 2 "));
        Path killed = Files.copy(folder.resolve("holes"), folder.resolve("killed"));
        before.close();
        open.remove(before);
        Files.move(killed, folder.resolve("holes"), StandardCopyOption.REPLACE_EXISTING);

        var again = new Copies(List.of(one, two), copies.policy(), debt, Metrics.none());
        try (Care _ = care(again)) {
            assertThat(again.holes().figures()).isEqualTo(new Holes.Figures(2, 2, newest));
            again.holes().atLeast(new Hole.Counts(3, 1));
        }
        assertThat(text("holes")).contains("holes 3 2 ");
        // One that was lost counts from nothing, until all accounts are read.
        Files.write(folder.resolve("holes"), new byte[] {1, 2, 3});
        var lost = new Copies(List.of(one, two), copies.policy(), debt, Metrics.none());
        try (Care _ = care(lost)) {
            assertThat(lost.holes().figures()).isEqualTo(Holes.Figures.NONE);
            lost.holes().atLeast(new Hole.Counts(3, 2));
            assertThat(lost.holes().figures()).isEqualTo(new Holes.Figures(3, 2, null));
        }
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void nothingIsHealedFromWrongBytesAndWhatNobodyHasIsNamed() {
        List<ObjectName> names = mails(3);
        ObjectName spoiled = names.getFirst();
        byte[] object = Objects.requireNonNull(one.get(spoiled, 0, Integer.MAX_VALUE, TIME));
        object[object.length - 1] ^= 1;
        var _ = one.put(spoiled, object);
        var _ = two.delete(spoiled);

        Care care = care().start(store.accounts());
        care.scrubNow();

        await(() -> care.status().lost() == 1 && debt.figures(two.name()).objects() == 1);
        assertThat(two.get(spoiled, 0, 1, TIME)).isNull();
        assertThat(care.healer().lost()).containsExactly(spoiled);
        assertThat(copies.read(spoiled)).isInstanceOf(Body.Unavailable.class);
    }

    private List<ObjectName> segments(Vault vault) {
        return listed(vault, ObjectName.Kind.SEGMENT);
    }

    private List<ObjectName> listed(Vault vault, ObjectName.Kind kind) {
        return vault.list(anna.id(), kind, null, 100, TIME).stream().map(Vault.Entry::name).toList();
    }

    @Test
    void whatOneVaultTookOfTheJournalIsOwedByTheOtherAlsoWhereThatIsNotEnough() {
        mails(3);
        Shelf shelf = copies.homes().getFirst();
        store.secondVault().writes(Trouble.unavailable());
        // It answers again, and its word alone is not enough yet.
        shelf.breaker().failed("just now");
        assertThat(shelf.breaker().closed()).isTrue();
        assertThatThrownBy(() -> store.archiver().archive(anna.id())).isInstanceOf(Fault.Unavailable.class);

        // A segment's contents come before it.
        List<ObjectName> taken = listed(one, ObjectName.Kind.CONTENTS);
        assertThat(taken).hasSize(1);
        assertThat(debt.owes(taken.getFirst(), two.name(), Debt.Kind.COPY)).isTrue();
    }

    @Test
    void aSegmentNobodyHasAndTheJournalIsWholeWithoutIsNobodysDebt() {
        mails(3);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        ObjectName kept = segments(one).getFirst();
        // What a vault was given of an attempt that was made again otherwise, and then did not have in
        // the end.
        var kinds = List.of(ObjectName.Kind.SEGMENT, ObjectName.Kind.CONTENTS, ObjectName.Kind.PAGE);
        for (ObjectName.Kind kind : kinds) {
            var spare = new ObjectName(anna.id(), kind, kept.high(), kept.low() - 1,
                    Sha256.of(new byte[] {1}));
            assertThat(debt.note(longOwed(spare))).isTrue();
        }

        Care care = care().start(store.accounts());

        await(() -> care.status().surveyed() && debt.figures().objects() == 0);
        assertThat(care.healer().lost()).isEmpty();
    }

    private Debt.Hint longOwed(ObjectName name) {
        long since = Instant.now().minus(Duration.ofHours(1)).getEpochSecond();
        return new Debt.Hint(name, two.name(), Debt.Kind.COPY, 0, since);
    }

    @Test
    void whatSaysThatTheJournalWasLongerIsNotLetGo() {
        mails(3);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        ObjectName kept = segments(one).getFirst();
        var further = new ObjectName(anna.id(), ObjectName.Kind.SEGMENT, kept.low() + 1, kept.low() + 2,
                Sha256.of(new byte[] {1}));
        assertThat(debt.note(longOwed(further))).isTrue();

        Care care = care().start(store.accounts());

        await(() -> care.status().lost() == 1);
        assertThat(care.healer().lost()).containsExactly(further);
        assertThat(debt.owes(further, two.name(), Debt.Kind.COPY)).isTrue();
    }

    @Test
    void aPageThatACheckpointNamesIsNotLetGo() {
        mails(3);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        store.archiver().checkpoint(anna.id());
        ObjectName page = listed(one, ObjectName.Kind.PAGE).getFirst();
        assertThat(one.delete(page).await(Deadline.in(TIME))).isNull();
        assertThat(two.delete(page).await(Deadline.in(TIME))).isNull();
        assertThat(debt.note(longOwed(page))).isTrue();

        Care care = care().start(store.accounts());

        await(() -> care.status().lost() == 1);
        assertThat(care.healer().lost()).containsExactly(page);
    }

    @Test
    void whatIsJustBeingWrittenIsNotLetGo() {
        var clock = new SteppedClock();
        var writing = ObjectName.mail(anna.id(), ArrivalId.of(new byte[ArrivalId.BYTES]),
                Sha256.of(new byte[] {1}));
        long now = clock.now().getEpochSecond();
        assertThat(debt.note(new Debt.Hint(writing, two.name(), Debt.Kind.COPY, 0, now))).isTrue();
        var live = new Healer.Live() {
            private int asked;

            @Override
            public boolean live(ObjectName name) {
                asked++;
                return false;
            }
        };
        var healer = new Healer(copies, live, clock, Metrics.none());

        healer.round();
        assertThat(live.asked).isEqualTo(1);
        assertThat(debt.owes(writing, two.name(), Debt.Kind.COPY)).isTrue();
        clock.step(Duration.ofMinutes(2));
        healer.round();
        assertThat(debt.owes(writing, two.name(), Debt.Kind.COPY)).isFalse();
    }

    @Test
    void whatWasNamedAsLostAndIsPutAgainIsNotNamedAnyLonger() {
        ObjectName lost = mails(1).getFirst();
        byte[] object = Objects.requireNonNull(one.get(lost, 0, Integer.MAX_VALUE, TIME));
        assertThat(one.delete(lost).await(Deadline.in(TIME))).isNull();
        assertThat(two.delete(lost).await(Deadline.in(TIME))).isNull();
        assertThat(debt.note(longOwed(lost))).isTrue();
        var healer = new Healer(copies, _ -> true, Clock.system(), Metrics.none());
        healer.round();
        assertThat(healer.lost()).containsExactly(lost);

        assertThat(copies.put(lost, object)).isZero();
        debt.paid(lost, two.name());
        assertThat(healer.lost()).isEmpty();
    }

    @Test
    void aMailThatWasTakenBackAndIsPutAgainHasAllItsCopies() {
        ObjectName name = mails(1).getFirst();
        byte[] object = Objects.requireNonNull(one.get(name, 0, Integer.MAX_VALUE, TIME));
        store.secondVault().writes(Trouble.unavailable());
        copies.discard(name);
        assertThat(debt.owes(name, two.name(), Debt.Kind.REMOVAL)).isTrue();

        assertThat(copies.put(name, object)).isEqualTo(1);
        store.secondVault().heal();
        var healer = new Healer(copies, _ -> true, Clock.system(), Metrics.none());
        assertThat(two.delete(name).await(Deadline.in(TIME))).isNull();
        healer.round();

        assertThat(good(one, name)).isTrue();
        assertThat(good(two, name)).isTrue();
        assertThat(debt.figures().objects()).isZero();
    }

    @Test
    void noMailIsLetGoWhileTheEngineHasNoView() {
        ObjectName lost = mails(1).getFirst();
        assertThat(one.delete(lost).await(Deadline.in(TIME))).isNull();
        assertThat(two.delete(lost).await(Deadline.in(TIME))).isNull();
        assertThat(debt.note(longOwed(lost))).isTrue();
        assertThat(store.engine().erase(anna.id()).await(Deadline.in(TIME))).isNotNull();
        var failed = new AtomicInteger();
        var counts = new Metrics() {
            @Override
            public void add(Metric metric, long amount, String... labels) {
                if (metric == Metric.DEBT_HEALED
                        && List.of(labels).contains("failed")) failed.incrementAndGet();
            }

            @Override
            public void time(Metric metric, Duration taken, String... labels) {}

            @Override
            public void gauge(Metric metric, DoubleSupplier value, String... labels) {}
        };
        Care care = Care.open(store.engine(), copies, FAST, Disk.real(), folder, Clock.system(), counts);
        open.add(care.start(store.accounts()));

        await(() -> failed.get() > 0);
        assertThat(debt.owes(lost, two.name(), Debt.Kind.COPY)).isTrue();
    }

    @Test
    void aSegmentTheJournalNeedsAndNobodyHasIsNamed() {
        mails(3);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        ObjectName lost = segments(one).getFirst();
        assertThat(one.delete(lost).await(Deadline.in(TIME))).isNull();
        assertThat(two.delete(lost).await(Deadline.in(TIME))).isNull();
        assertThat(debt.note(longOwed(lost))).isTrue();

        Care care = care().start(store.accounts());

        await(() -> care.status().lost() == 1);
        assertThat(care.healer().lost()).containsExactly(lost);
        assertThat(debt.owes(lost, two.name(), Debt.Kind.COPY)).isTrue();
    }

    @Test
    void aLostVaultIsFoundAtTheNextStartAndHealedWhole() {
        List<ObjectName> names = mails(50);
        Care before = care();
        open.remove(before);
        before.close();
        for (ObjectName name : names) {
            var _ = two.delete(name);
        }

        Care care = care();
        assertThat(care.status().surveyed()).isFalse();
        care.start(store.accounts());

        await(() -> care.status().surveyed() && debt.figures().objects() == 0);
        assertThat(names).allMatch(name -> good(two, name));
    }

    @Test
    void aCleanStopKeepsTheDebtAndNeedsNoSurvey() {
        store.secondVault().writes(Trouble.unavailable());
        mails(5);
        Debt.Figures owed = debt.figures();
        Care before = care().start(store.accounts());
        await(() -> before.status().surveyed());
        open.remove(before);
        before.close();
        for (Debt.Hint hint : debt.all()) debt.paid(hint.name(), hint.vault());
        assertThat(debt.figures().objects()).isZero();

        Care after = care();

        assertThat(after.status().surveyed()).isTrue();
        assertThat(debt.figures().objects()).isEqualTo(owed.objects());
        assertThat(debt.figures().bytes()).isEqualTo(owed.bytes());
    }

    @Test
    void aStopWithoutAGoodbyeOrAFileThatIsNotWholeIsSurveyed() throws Exception {
        mails(5);
        open.remove(care());
        assertThat(care().status().surveyed()).as("not closed").isFalse();

        open.forEach(Care::close);
        open.clear();
        byte[] bytes = Files.readAllBytes(folder.resolve("debt"));
        bytes[bytes.length / 2] ^= 4;
        Files.write(folder.resolve("debt"), bytes);
        assertThat(care().status().surveyed()).as("garbled").isFalse();
    }

    @Test
    void aVaultThatDoesNotListOnceIsNotSurveyedBeforeItDoes() {
        ObjectName missing = mails(3).get(1);
        assertThat(two.delete(missing).await(Deadline.in(TIME))).isNull();
        var failed = new AtomicInteger();
        int kinds = ObjectName.Kind.values().length;
        // Once for the survey and once for the scrubber, whichever comes first.
        Vault late = Intercepted.part(Vault.class, two, (what, inner) -> {
            if (!what.equals("list") || failed.incrementAndGet() > 2 * kinds) return inner.call();
            throw new Fault.Unavailable("Busy for a moment", Map.of());
        });
        var over = new Copies(List.of(one, late), Copies.Policy.DEFAULT, debt, Metrics.none());
        Care care = care(over);
        open.add(care);
        care.start(store.accounts());

        await(() -> care.status().surveyed());

        assertThat(debt.owes(missing, two.name(), Debt.Kind.COPY) || good(two, missing)).isTrue();
        await(() -> good(two, missing));
    }

    @Test
    void whatEndedWhileAVaultWasAwayIsRemovedBeforeItCounts() {
        List<ObjectName> names = mails(3);
        Shelf shelf = copies.homes().get(1);
        store.secondVault().writes(Trouble.unavailable());
        names.forEach(copies::discard);
        assertThat(debt.figures(two.name()).removals()).isEqualTo(3);
        shelf.breaker().late("away");
        assertThat(shelf.breaker().state()).isEqualTo(Breaker.State.OPEN);

        store.secondVault().heal();
        care().healer().replay(shelf);

        assertThat(names).allMatch(name -> two.get(name, 0, 1, TIME) == null);
        assertThat(debt.figures(two.name()).removals()).isZero();
    }

    private ObjectName page(String text) {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        return new ObjectName(anna.id(), ObjectName.Kind.PAGE, 0, 0, Sha256.of(content));
    }

    private void put(ObjectName name, String text) {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(copies.put(name, StoredObject.encode(name, new byte[0], content))).isZero();
    }

    @Test
    void aRemovalThatIsOwedDoesNotOvertakeAPageThatIsWantedAgain() {
        List<String> texts = List.of("una", "due", "tre");
        for (String text : texts) put(page(text), text);
        Shelf shelf = copies.homes().get(1);
        store.secondVault().writes(Trouble.unavailable());
        for (String text : texts) copies.discard(page(text));
        store.secondVault().heal();
        // The first removal is under way when all three are wanted again.
        var removed = new ArrayList<ObjectName>();
        Vault slow = Intercepted.part(Vault.class, shelf.vault(), (what, inner) -> {
            if (what.equals("delete") && removed.isEmpty()) {
                removed.add(page(texts.getFirst()));
                Object ticket = inner.call();
                for (String text : texts) put(page(text), text);
                return ticket;
            }
            return inner.call();
        });

        care().healer().replay(new Shelf(slow, shelf.breaker(), shelf.latency(), true));

        assertThat(texts).allMatch(text -> good(two, page(text)));
        assertThat(debt.figures(two.name()).removals()).isZero();
    }

    @Test
    void theScrubberProvesAccountsAndGoesOnWhereItWas() {
        List<ObjectName> names = mails(10);
        byte[] object = Objects.requireNonNull(two.get(names.get(4), 0, Integer.MAX_VALUE, TIME));
        object[object.length / 2] ^= 8;
        var _ = two.put(names.get(4), object);

        Care care = care().start(store.accounts());
        await(() -> care.status().vaults().stream().allMatch(vault -> vault.provenSince() != null));
        await(() -> debt.figures().objects() == 0);

        assertThat(good(two, names.get(4))).isTrue();
        assertThat(care.proven(anna.id()).getFirst().at()).isNotNull();
        assertThat(care.proven(anna.id()).get(1).at()).as("it was not whole").isNull();
        care.scrubNow();
        await(() -> care.proven(anna.id()).get(1).at() != null);
    }

    @Test
    void aVaultThatIsNotWellIsLeftAlone() {
        store.secondVault().writes(Trouble.unavailable());
        mails(3);
        store.secondVault().heal();
        copies.homes().get(1).breaker().late("away");

        Care care = care();
        for (int i = 0; i < 5; i++) assertThat(care.healer().round().paid()).isZero();
        assertThat(care.status().vaults().get(1).rebuildable()).isZero();
        assertThat(debt.figures().objects()).isEqualTo(3);
    }
}
