package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.Metrics;
import casella.store.Account;
import casella.store.NewEmail;
import casella.store.Shelf;
import casella.store.View;
import casella.store.care.Care;
import casella.store.care.CareFile;
import casella.store.deletion.Certificate;
import casella.store.deletion.Erasure;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.quarantine.AccountQuarantine;
import casella.store.quarantine.GuardedEngine;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import casella.testkit.LentVault;
import casella.testkit.MemoryJournal;
import casella.testkit.MemoryVault;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an erased account is gone from everywhere, that a vault that was away owes it, that the
/// certificate says what is so, and that nothing brings the account back.
final class ErasureTest {
    private static final Duration TIME = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final SteppedClock clock = new SteppedClock();
    private final MemoryVault one = new MemoryVault("one");
    private final MemoryVault two = new MemoryVault("two");
    private final Bulkhead files = new Bulkhead("test.files", 1, 16);
    private final MemoryJournal journal = new MemoryJournal();
    private TestStore store;
    private Account anna;
    private Account bruno;
    private Erasure erasure;

    @BeforeEach
    void open() {
        store = TestStore.at(clock, new MemoryEngine(), journal, one, two);
        anna = store.account();
        bruno = store.account();
        for (Account account : List.of(anna, bruno)) {
            for (int i = 0; i < 3; i++) deliver(account, "mail " + i);
            store.archiver().archive(account.id());
            store.archiver().checkpoint(account.id());
            deliver(account, "not archived yet");
        }
        erasure = erasure(store);
    }

    @AfterEach
    void close() {
        store.close();
        files.close();
    }

    private Erasure erasure(TestStore over) {
        return erasure(over, over.engine());
    }

    private Erasure erasure(TestStore over, Engine engine) {
        var kept = List.of(
                new CareFile(Disk.real(), folder.resolve("erasures"), files),
                new CareFile(Disk.real(), folder.resolve("erasures-2"), files));
        Erasure open = Erasure.open(
                engine, over.journal(), over.accounts().copies(), List.of("queue"), kept, clock);
        open.add(new Erasure.Place() {
            @Override
            public String name() {
                return "queue";
            }

            @Override
            public boolean erased(casella.base.AccountId account) {
                return true;
            }
        });
        return open;
    }

    private static void deliver(Account account, String text) {
        byte[] content = ("Subject: " + text + "\r\n\r\n" + text
                + "\r\n").getBytes(StandardCharsets.US_ASCII);
        var email = NewEmail.delivery(content, java.time.Instant.EPOCH, "b@v.example", "a@p.example");
        assertThat(account.add(email)).isInstanceOf(casella.store.Outcome.Kept.class);
    }

    private boolean has(Vault vault, Account account) {
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            if (!vault.list(account.id(), kind, null, 1, TIME).isEmpty()) return true;
        }
        return false;
    }

    private Certificate certificate() {
        return erasure.certificate(anna.id()).orElseThrow();
    }

    @Test
    void anErasedAccountIsGoneAndItsCertificateSaysWhereAndWhen() {
        assertThat(erasure.order(anna.id(), "order").complete()).isFalse();
        clock.step(Duration.ofMinutes(5));
        erasure.step();

        Certificate certificate = certificate();
        assertThat(certificate.complete()).isTrue();
        assertThat(certificate.completed()).isEqualTo(clock.now());
        assertThat(certificate.places()).containsOnlyKeys("engine", "tail", "vault.one", "vault.two",
                "queue");
        assertThat(certificate.json()).contains("\"place\":\"vault.two\",\"confirmed\":\"" + clock.now()
                + "\"");
        assertThat(has(one, anna) || has(two, anna)).isFalse();
        assertThat(store.engine().accounts(null, 10, TIME)).containsExactly(bruno.id());
        assertThat(journal.newest(anna.id())).isNull();
        assertThatThrownBy(() -> anna.read(View::modseq)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> deliver(anna, "too late")).isInstanceOf(Fault.Unavailable.class);
        assertThat(store.accounts().exists(anna.id())).isFalse();
        assertThat(bruno.read(View::emailCount)).isEqualTo(4);
        // Ordered again, nothing is different.
        assertThat(erasure.order(anna.id(), "plan")).isEqualTo(certificate);
    }

    @Test
    void anAccountThatIsSetAsideIsErasedAndConfirmedLikeOthers() {
        try (var quarantine = AccountQuarantine.open(folder.resolve("aside"), clock, Metrics.none())) {
            for (int i = 0; i < 2; i++) {
                var _ = quarantine.broke(anna.id(), new StackOverflowError());
                clock.step(Duration.ofMinutes(1));
            }
            assertThat(quarantine.holds(anna.id())).isTrue();
            erasure = erasure(store, new GuardedEngine(store.engine(), quarantine));
            erasure.add(lettingGo(quarantine));
            assertThat(erasure.order(anna.id(), "order").complete()).isFalse();
            assertThat(quarantine.holds(anna.id())).isTrue();
            clock.step(Duration.ofMinutes(5));
            erasure.step();
            assertThat(certificate().complete()).isTrue();
            // Nothing is left that anybody would have to be kept from.
            assertThat(quarantine.list()).isEmpty();
            assertThat(store.engine().accounts(null, 10, TIME)).containsExactly(bruno.id());
        }
    }

    private static Erasure.Place lettingGo(AccountQuarantine quarantine) {
        return new Erasure.Place() {
            @Override
            public String name() {
                return "not asked";
            }

            @Override
            public boolean erased(AccountId account) {
                throw new AssertionError("not asked");
            }

            @Override
            public void complete(AccountId account) {
                quarantine.forget(account);
            }
        };
    }

    @Test
    void aVaultThatIsAwayOwesItAndNothingBringsTheAccountBackFromIt() {
        store.secondVault().all(Trouble.unavailable());
        erasure.order(anna.id(), "order");
        erasure.step();
        assertThat(certificate().complete()).isFalse();
        assertThat(certificate().places()).containsEntry("vault.two", null);
        assertThat(certificate().places().get("vault.one")).isNotNull();
        store.secondVault().heal();
        // Its journal is all there in the second vault: a use must not make the account again.
        assertThatThrownBy(() -> anna.read(View::modseq)).isInstanceOf(Fault.Unavailable.class);
        assertThat(has(two, anna)).isTrue();

        try (TestStore again = TestStore.at(clock, new MemoryEngine(), journal, one, two)) {
            Erasure resumed = erasure(again);
            assertThatThrownBy(() -> again.accounts().open(anna.id()).read(View::modseq))
                    .isInstanceOf(Fault.Unavailable.class);
            Shelf shelf = again.accounts().copies().shelves().getLast();
            resumed.replay(shelf);
            assertThat(has(two, anna)).isFalse();
            assertThat(has(two, bruno)).isTrue();
            resumed.step();
            resumed.step();
            assertThat(resumed.certificate(anna.id()).orElseThrow().complete()).isTrue();
        }
    }

    @Test
    void aVaultPutBackFromAnOldCopyLosesTheAccountBeforeItCounts() {
        Map<ObjectName, byte[]> copy = new java.util.HashMap<>();
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            for (Vault.Entry entry : one.list(anna.id(), kind, null, 1_000, TIME)) {
                copy.put(entry.name(), java.util.Objects.requireNonNull(
                        one.get(entry.name(), 0, Integer.MAX_VALUE, TIME)));
            }
        }
        erasure.order(anna.id(), "order");
        erasure.step();
        assertThat(certificate().complete()).isTrue();
        copy.forEach((name, bytes) -> {
            var _ = one.put(name, bytes);
        });

        var rates = new Care.Rates(1L << 40, 1L << 40);
        try (Care care = Care.open(
                store.engine(), store.accounts().copies(), rates, Disk.real(), folder.resolve("care"), clock,
                Metrics.none())) {
            assertThat(care.healer().round().paid()).isZero();
        }
        assertThat(has(two, anna)).isFalse();
        erasure.replay(store.accounts().copies().shelves().getFirst());
        assertThat(has(one, anna)).isFalse();
    }

    @Test
    void whatVaultsOweOfTheAccountIsOwedNoMore() {
        store.secondVault().writes(Trouble.unavailable());
        deliver(anna, "one copy is missing");
        assertThat(store.accounts().copies().debt().figures().objects()).isPositive();

        erasure.order(anna.id(), "order");

        assertThat(store.accounts().copies().debt().figures().objects()).isZero();
    }

    @Test
    void aFileOfErasuresThatIsDamagedCostsNothing() throws Exception {
        erasure.order(anna.id(), "order");
        Path file = folder.resolve("erasures");
        byte[] bytes = Files.readAllBytes(file);
        bytes[20] ^= 1;
        Files.write(file, bytes);

        assertThat(erasure(store).certificate(anna.id())).contains(certificate());
    }

    /// A vault that lists nothing whatever it has, as one with a damaged list may.
    private static final class Silent extends LentVault {
        boolean unread;

        Silent(Vault inner) {
            super(inner);
        }

        @Override
        public List<Entry> list(
                casella.base.AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit,
                Duration time) {
            return List.of();
        }

        @Override
        public boolean mayHoldUnread(casella.base.AccountId account) {
            return unread;
        }

        @Override
        public void forgetEvidence(Duration time) {
            unread = false;
        }
    }

    @Test
    void aVaultThatListsNothingIsErasedFromBeforeItIsBelieved() {
        var silent = new Silent(two);
        try (TestStore other = TestStore.at(clock, store.engine(), journal, one, silent)) {
            Erasure over = erasure(other);
            over.order(anna.id(), "order");
            over.step();

            assertThat(over.certificate(anna.id()).orElseThrow().complete()).isTrue();
            assertThat(has(two, anna)).isFalse();
            assertThat(has(two, bruno)).isTrue();
        }
    }

    @Test
    void whatAVaultHasSetAsideIsNamedWithADateAndGoesThen() {
        var silent = new Silent(two);
        silent.unread = true;
        try (TestStore other = TestStore.at(clock, store.engine(), journal, one, silent)) {
            Erasure over = erasure(other);
            over.order(anna.id(), "order");
            over.step();
            Certificate waits = over.certificate(anna.id()).orElseThrow();
            java.time.Instant by = waits.ordered().plus(Erasure.EVIDENCE);
            assertThat(waits.complete()).isFalse();
            assertThat(waits.json())
                    .contains("{\"place\":\"vault.two\",\"confirmed\":null,\"by\":\"" + by + "\"}");
            clock.step(Erasure.EVIDENCE.minusMinutes(1));
            over.step(true);
            assertThat(silent.unread).isTrue();
            clock.step(Duration.ofMinutes(1));
            over.step(false); // a clock that is not believed takes nothing away
            assertThat(silent.unread).isTrue();
            // Over a restart, too.
            Erasure again = erasure(other);
            again.step(true);
            again.step(true);
            assertThat(silent.unread).as("while nobody knows what the other vault lacks").isTrue();

            other.accounts().copies().debt().known(true);
            again.step(true);
            again.step(true);
            again.step(true);

            assertThat(silent.unread).isFalse();
            assertThat(again.certificate(anna.id()).orElseThrow().complete()).isTrue();
        }
    }

    @Test
    void aVaultPutBackWhileNoServerRanIsErasedFromOnceMore() {
        Map<ObjectName, byte[]> copy = new java.util.HashMap<>();
        for (Vault.Entry entry : one.list(anna.id(), ObjectName.Kind.MAIL, null, 1_000, TIME)) {
            copy.put(entry.name(), java.util.Objects.requireNonNull(
                    one.get(entry.name(), 0, Integer.MAX_VALUE, TIME)));
        }
        erasure.order(anna.id(), "order");
        erasure.step();
        assertThat(certificate().complete()).isTrue();
        copy.forEach((name, bytes) -> {
            var _ = one.put(name, bytes);
        });

        try (TestStore again = TestStore.at(clock, new MemoryEngine(), journal, one, two)) {
            erasure(again).replayAll();
        }

        assertThat(has(one, anna)).isFalse();
        assertThat(has(one, bruno)).isTrue();
    }
}
