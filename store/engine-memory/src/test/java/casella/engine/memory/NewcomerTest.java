package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Metrics;
import casella.store.Account;
import casella.store.Body;
import casella.store.Copies;
import casella.store.NewEmail;
import casella.store.Newcomer;
import casella.store.Outcome;
import casella.store.Shelf;
import casella.store.View;
import casella.store.archive.Verifier;
import casella.store.care.Care;
import casella.store.care.Mover;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.testkit.FaultyVault;
import casella.testkit.MemoryJournal;
import casella.testkit.MemoryVault;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a newcomer gets everything and that nothing rests on it: accounts are brought over, read there first, and lose
/// nothing whatever it does; and that it can come into the place of the vault it was to replace.
final class NewcomerTest {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Care.Rates FAST = new Care.Rates(1L << 30, 1L << 30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final MemoryVault one = new MemoryVault("one");
    private final MemoryVault two = new MemoryVault("two");
    private final MemoryVault inner = new MemoryVault("new");
    private final FaultyVault fresh = new FaultyVault(inner);
    private final TestStore store = TestStore.over(new MemoryEngine(), new MemoryJournal(), one, two);
    private final Copies copies = store.accounts().copies();
    private final Account anna = store.account();
    private final Set<AccountId> moved = ConcurrentHashMap.newKeySet();
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger writesBeside = new AtomicInteger();
    private final Newcomer newcomer = new Newcomer(copies.shelf(fresh), copies.homes().getFirst(),
            moved::contains,
            new Newcomer.Observer() {
                @Override
                public void took(Newcomer.Act act, boolean here, long nanos) {
                    if (act == Newcomer.Act.WRITE) (here ? writes : writesBeside).incrementAndGet();
                }

                @Override
                public void failed(Newcomer.Act act, String why) {
                    failed.incrementAndGet();
                }

                @Override
                public void wrong(ObjectName name) {
                    wrong.incrementAndGet();
                }

                @Override
                public void right() {
                    right.incrementAndGet();
                }
            }, PATIENCE);
    private final Care care =
            Care.open(store.engine(), copies, FAST, Disk.real(), folder(), Clock.system(), Metrics.none());

    private Path folder() {
        return Objects.requireNonNullElseGet(folder, () ->
                Path.of(System.getProperty("java.io.tmpdir"), "newcomer-" + System.nanoTime()));
    }

    @AfterEach
    void close() {
        care.close();
        store.close();
        fresh.close();
    }

    private void mails(Account account, int count) {
        for (int i = 0; i < count; i++) {
            byte[] content = ("Subject: " + i + "\r\n\r\ntesto " + System.nanoTime())
                    .getBytes(StandardCharsets.US_ASCII);
            assertThat(account.add(NewEmail.delivery(content, Instant.now(), "", "")))
                    .isInstanceOf(Outcome.Kept.class);
        }
    }

    private static List<ObjectName> names(Account account) {
        return account.read(view -> view.emails(null, View.PAGE_MAX).stream()
                .map(id -> ObjectName.mail(account.id(), id, Objects.requireNonNull(view.email(id)).blob()))
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
    void aNewcomerGetsEveryWriteAndRemovalAndCountsForNothing() {
        copies.join(newcomer);
        mails(anna, 5);
        List<ObjectName> names = names(anna);
        await(() -> names.stream().allMatch(name -> good(inner, name)));
        assertThat(writes.get()).isEqualTo(writesBeside.get()).isGreaterThanOrEqualTo(5);

        copies.discard(List.of(names.getFirst()), List.of(copies.homes().getFirst()));
        await(() -> inner.get(names.getFirst(), 0, 1, TIME) == null);
        assertThat(two.get(names.getFirst(), 0, 1, TIME)).isNotNull();

        assertThat(copies.homes()).extracting(Shelf::name).containsExactly("one", "two");
        assertThat(copies.vaults()).hasSize(2);
        assertThat(copies.debt().figures().objects()).isZero();
    }

    @Test
    void whateverANewcomerDoesWritesAreAnsweredInTimeAndNothingIsOwed() {
        copies.join(newcomer);
        for (Trouble trouble : List.of(Trouble.hung(), Trouble.unavailable(), Trouble.full())) {
            fresh.writes(trouble);
            long start = System.nanoTime();
            mails(anna, 3);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(copies.debt().figures().objects()).isZero();
        }
        await(() -> newcomer.accountsBehind().contains(anna.id()));
        assertThat(names(anna)).hasSize(9).allMatch(name -> copies.read(name) instanceof Body.Present);
    }

    /// Nobody waits for its answers, so somebody has to see that there are none.
    @Test
    void aNewcomerThatAnswersNothingIsLeftAloneAfterAWhile() {
        copies.join(newcomer);
        fresh.writes(Trouble.hung());

        mails(anna, 1);
        await(() -> {
            mails(anna, 1);
            return !newcomer.shelf().breaker().closed();
        });

        assertThat(failed.get()).isPositive();
        assertThat(newcomer.accountsBehind()).contains(anna.id());
    }

    @Test
    void wantedAccountsAreBroughtOverAndOthersAreNot() {
        Account bruno = store.account();
        mails(anna, 20);
        mails(bruno, 5);
        copies.join(newcomer);
        try (Mover mover = care.mover(newcomer)) {
            mover.want(account -> account.equals(anna.id()));
            await(() -> mover.progress().whole());

            assertThat(names(anna)).allMatch(name -> good(inner, name));
            assertThat(inner.accounts(null, 10, TIME)).containsExactly(anna.id());
            // And then everything is read, again and again, on both sides.
            await(() -> mover.progress().passes() >= 2);
            assertThat(mover.progress().read()).isGreaterThanOrEqualTo(40);
            assertThat(wrong.get()).isZero();

            mover.want(_ -> true);
            assertThat(mover.progress().passes()).isZero();
            await(() -> mover.progress().whole());
            assertThat(names(bruno)).allMatch(name -> good(inner, name));
        }
    }

    @Test
    void whatItDidNotTakeIsBroughtLater() {
        copies.join(newcomer);
        try (Mover mover = care.mover(newcomer)) {
            mover.want(_ -> true);
            await(() -> mover.progress().whole());

            fresh.writes(Trouble.full());
            mails(anna, 10);
            await(() -> mover.progress().behind() == 1);
            assertThat(mover.progress().whole()).isFalse();

            fresh.heal();
            await(() -> mover.progress().whole());
            assertThat(names(anna)).hasSize(10).allMatch(name -> good(inner, name));
        }
    }

    @Test
    void anAccountThatWasMovedIsReadThereFirstAndElsewhereWhenThatIsWrong() {
        copies.join(newcomer);
        mails(anna, 3);
        ObjectName name = names(anna).getFirst();
        await(() -> good(inner, name));
        long before = inner.reads(ObjectName.Kind.MAIL);
        assertThat(copies.read(name)).isInstanceOf(Body.Present.class);
        assertThat(inner.reads(ObjectName.Kind.MAIL)).isEqualTo(before);

        moved.add(anna.id());
        assertThat(copies.read(name)).isInstanceOf(Body.Present.class);
        assertThat(inner.reads(ObjectName.Kind.MAIL)).isEqualTo(before + 1);

        for (Trouble trouble : List.of(Trouble.wrongBytes(), Trouble.shortBytes(), Trouble.missing(),
                Trouble.unavailable())) {
            fresh.reads(trouble);
            assertThat(copies.read(name)).isInstanceOf(Body.Present.class);
        }
        // The way back is instant.
        fresh.heal();
        moved.clear();
        long read = inner.reads(ObjectName.Kind.MAIL);
        assertThat(copies.read(name)).isInstanceOf(Body.Present.class);
        assertThat(inner.reads(ObjectName.Kind.MAIL)).isEqualTo(read);
    }

    /// Whoever forced it on: one that is given up is asked last.
    @Test
    void anAccountThatWasMovedIsNotReadFirstWhereNobodyAnswers() {
        copies.join(newcomer);
        mails(anna, 1);
        ObjectName name = names(anna).getFirst();
        await(() -> good(inner, name));
        moved.add(anna.id());
        newcomer.shelf().breaker().probeFailed("away");
        long before = inner.reads(ObjectName.Kind.MAIL);
        assertThat(copies.read(name)).isInstanceOf(Body.Present.class);
        assertThat(inner.reads(ObjectName.Kind.MAIL)).isEqualTo(before);
    }

    @Test
    void aVaultThatLiesIsFoundOut() {
        mails(anna, 5);
        copies.join(newcomer);
        try (Mover mover = care.mover(newcomer)) {
            mover.want(_ -> true);
            await(() -> mover.progress().whole());
            assertThat(wrong.get()).isZero();

            fresh.reads(Trouble.wrongBytes());

            await(() -> wrong.get() > 0);
        }
    }

    @Test
    void aNewcomerComesIntoThePlaceOfTheOldVault() {
        mails(anna, 10);
        care.start(store.accounts());
        copies.join(newcomer);
        try (Mover mover = care.mover(newcomer)) {
            mover.want(_ -> true);
            await(() -> mover.progress().whole());
        }

        Shelf came = copies.replace();
        care.replaced("one", came);
        one.removeAll();

        assertThat(copies.homes()).extracting(Shelf::name).containsExactly("new", "two");
        assertThat(copies.newcomer()).isNull();
        mails(anna, 5);
        await(() -> care.status().surveyed() && copies.debt().figures().objects() == 0);
        assertThat(care.status().vaults()).extracting(Care.VaultStatus::name)
                .containsExactlyInAnyOrder("new", "two");
        two.removeAll();
        var verdict = new Verifier(store.engine(), store.journal(), new Copies(List.of(inner),
                new Copies.Policy(1, Copies.Distinct.INSTANCE, 1, 1, TIME, TIME), copies.debt(),
                        Metrics.none()))
                .verify(anna.id());
        assertThat(verdict.vaults()).allSatisfy(held -> assertThat(held.right()).isEqualTo(15));
    }
}
