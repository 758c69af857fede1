package casella.vault.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.Vault;
import casella.testkit.Pages;
import casella.testkit.VaultContract.Piece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/// Several databases, of which all but the newest were set aside, look like one vault: what a newer one says hides what an
/// older one holds.
class GenerationsTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final AccountId ANNA = new AccountId(1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private RocksVault vault;

    @BeforeEach
    void openVault() {
        vault = RocksVault.open("rocksdb", folder, RocksVaultConfig.small());
    }

    @AfterEach
    void closeVault() {
        vault.close();
    }

    @Test
    void anObjectSetAsideIsReadListedAndCountedAsQuarantined() {
        Piece old = put(Piece.mail(ANNA, 1, 8_000));
        setAside();
        Piece fresh = put(Piece.mail(ANNA, 2, 8_000));

        for (int round = 0; round < 2; round++) {
            assertThat(vault.get(old.name(), 0, 1 << 20, TIME)).isEqualTo(old.object());
            assertThat(vault.get(fresh.name(), 0, 1 << 20, TIME)).isEqualTo(fresh.object());
            assertThat(names()).containsExactly(old.name(), fresh.name());
            assertThat(vault.figures())
                    .isEqualTo(new Vault.Figures(2, old.object().length + fresh.object().length, 1));
            assertThat(vault.get(Piece.mail(ANNA, 3, 10).name(), 0, 10, TIME)).isNull();
            reopen();
        }
    }

    @Test
    void whatMemoryHoldsOfItsFilesIsForgottenWhenAsked() throws IOException {
        for (int i = 0; i < 20; i++) put(Piece.mail(ANNA, i, 60_000));
        reopen(); // what was in the log is in files of its own then
        List<Path> files = Pages.read(folder, ".blob", 10_000);
        assertThat(files).isNotEmpty().allMatch(Pages::loaded);

        vault.forgetCached(TIME);

        if (Pages.forgettable(folder)) assertThat(files).noneMatch(Pages::loaded);
    }

    @Test
    void aDatabaseRemovedWhileItIsOpenIsLeftForTheNextAndSaidSo() throws IOException {
        for (Path removed : List.of(folder.resolve("0001"), folder)) {
            Piece old = put(Piece.mail(ANNA, 1, 8_000));
            Deleted.folder(removed);
            // Open files go on without a name; nothing would be left of this one, either.
            put(Piece.mail(ANNA, 2, 8_000));

            assertThatThrownBy(() -> vault.probe(TIME))
                    .isInstanceOf(Fault.Unavailable.class)
                    .hasMessageContaining("removed");

            Piece fresh = put(Piece.mail(ANNA, 3, 8_000));
            vault.probe(TIME);
            assertThat(vault.losses()).isEqualTo(1);
            assertThat(names()).containsExactly(fresh.name());
            assertThat(vault.get(old.name(), 0, 1 << 20, TIME)).isNull();
            assertThat(vault.figures().objects()).isEqualTo(1);
            reopen();
            assertThat(names()).containsExactly(fresh.name());
            assertThat(vault.losses()).isZero();
            vault.close();
            Deleted.folder(folder);
            openVault();
        }
    }

    @Test
    void whatWasSetAsideAndCannotBeReadIsForgottenAtTheNextOpeningAndNotBefore() throws IOException {
        Piece old = put(Piece.mail(ANNA, 1, 8_000));
        setAside();
        Piece fresh = put(Piece.mail(ANNA, 2, 8_000));
        reopen();
        assertThat(vault.mayHoldUnread(new AccountId(9))).isTrue();

        vault.close();
        Files.delete(folder.resolve("0001/CURRENT"));
        openVault();
        vault.forgetEvidence(TIME);
        assertThat(folder.resolve("0001")).exists();
        reopen();
        assertThat(vault.get(old.name(), 0, 1 << 20, TIME)).isNull();
        assertThat(vault.get(fresh.name(), 0, 1 << 20, TIME)).isEqualTo(fresh.object());
        assertThat(vault.mayHoldUnread(ANNA)).isFalse();
        assertThat(folder.resolve("0001")).doesNotExist();
        assertThat(folder.resolve("0002")).exists();
    }

    /// What can be read of it may be the only copy here: it is carried over first.
    @Test
    void whatWasSetAsideAndCanBeReadGoesOnceItIsCarriedOver() throws IOException {
        Piece old = put(Piece.mail(ANNA, 1, 8_000));
        Piece large = put(Piece.mail(new AccountId(3), 1, 700_000));
        Piece deleted = put(Piece.mail(ANNA, 2, 8_000));
        Piece erased = put(Piece.mail(new AccountId(2), 1, 8_000));
        setAside();
        setAside();
        Piece fresh = put(Piece.mail(ANNA, 3, 8_000));
        vault.delete(deleted.name()).await(Deadline.in(TIME));
        vault.erase(new AccountId(2)).await(Deadline.in(TIME));

        vault.forgetEvidence(TIME);

        assertThat(vault.get(old.name(), 0, 1 << 20, TIME)).isEqualTo(old.object());
        assertThat(folder.resolve("0001")).exists();
        reopen();
        assertThat(folder.resolve("0001")).doesNotExist();
        assertThat(folder.resolve("0002")).doesNotExist();
        assertThat(vault.mayHoldUnread(new AccountId(2))).isFalse();
        for (Piece piece : List.of(old, large, fresh)) {
            assertThat(vault.get(piece.name(), 0, 1 << 20, TIME)).isEqualTo(piece.object());
        }
        assertThat(vault.get(deleted.name(), 0, 1 << 20, TIME)).isNull();
        assertThat(vault.get(erased.name(), 0, 1 << 20, TIME)).isNull();
        assertThat(names()).containsExactly(old.name(), fresh.name());
        assertThat(vault.figures().objects()).isEqualTo(3);
    }

    @Test
    void whatWasCarriedOverIntoADatabaseThatBrokeSinceStays() throws IOException {
        Piece old = put(Piece.mail(ANNA, 1, 8_000));
        setAside();
        vault.forgetEvidence(TIME);
        vault.close();
        Files.delete(folder.resolve("0002/CURRENT"));

        openVault();

        assertThat(folder.resolve("0001")).exists();
        assertThat(vault.get(old.name(), 0, 1 << 20, TIME)).isEqualTo(old.object());
    }

    @Test
    void anObjectDeletedAfterItWasSetAsideStaysDeleted() {
        Piece gone = put(Piece.mail(ANNA, 1, 300));
        Piece kept = put(Piece.mail(ANNA, 2, 300));
        setAside();

        vault.delete(gone.name()).await(Deadline.in(TIME));

        for (int round = 0; round < 2; round++) {
            assertThat(vault.get(gone.name(), 0, 10, TIME)).isNull();
            assertThat(names()).containsExactly(kept.name());
            reopen();
        }
        put(gone);
        assertThat(names()).containsExactly(gone.name(), kept.name());
    }

    @Test
    void anAccountErasedAfterItWasSetAsideStaysErased() {
        Piece old = put(Piece.mail(ANNA, 1, 300));
        setAside();

        vault.erase(ANNA).await(Deadline.in(TIME));
        Piece later = put(Piece.mail(ANNA, 2, 300));

        for (int round = 0; round < 2; round++) {
            assertThat(vault.get(old.name(), 0, 10, TIME)).isNull();
            assertThat(names()).containsExactly(later.name());
            reopen();
        }
        vault.erase(ANNA).await(Deadline.in(TIME));
        assertThat(vault.accounts(null, 10, TIME)).isEmpty();
    }

    @Test
    void aDatabaseThatFailsAllTheTimeIsNotSetAsideForEver() {
        for (int i = 0; i < 8; i++) setAside();

        assertThatThrownBy(this::setAside).isInstanceOf(Fault.Unavailable.class);
        put(Piece.mail(ANNA, 1, 10));
    }

    @Test
    void aDatabaseSetAsideAMomentAgoHasASuccessorThatMustLast() {
        vault.close();
        RocksVaultConfig small = RocksVaultConfig.small();
        var patient = new RocksVaultConfig(
                small.blockCacheBytes(), small.writeBufferBytes(), 2, small.blobFileBytes(), 2, 10, 2, 0.05,
                Duration.ofSeconds(1), Duration.ofHours(1));
        vault = RocksVault.open("rocksdb", folder, patient);
        setAside();

        assertThatThrownBy(this::setAside).isInstanceOf(Fault.Unavailable.class);
        put(Piece.mail(ANNA, 1, 10));
    }

    @Test
    void aRandomLifeAcrossGenerationsEndsAsItsModelSays() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var model = new TreeMap<ObjectName, Piece>();
        for (int step = 0; step < 300; step++) {
            var account = new AccountId(random.nextInt(4) - 2);
            int dice = random.nextInt(100);
            if (dice < 60) {
                Piece piece = Piece.mail(account, random.nextInt(40), 100 + random.nextInt(6_000));
                put(piece);
                model.put(piece.name(), piece);
            } else if (dice < 85 && !model.isEmpty()) {
                ObjectName name = new ArrayList<>(model.keySet()).get(random.nextInt(model.size()));
                vault.delete(name).await(Deadline.in(TIME));
                model.remove(name);
            } else if (dice < 90) {
                vault.erase(account).await(Deadline.in(TIME));
                model.keySet().removeIf(name -> name.account().equals(account));
            } else if (dice == 90 && vault.generations().state().older().size() < 5) {
                setAside();
            } else if (dice == 91) {
                reopen();
            }
            if (step % 20 == 0) check(model, "seed " + seed + " step " + step);
        }
        check(model, "seed " + seed);
    }

    private void check(SortedMap<ObjectName, Piece> model, String what) {
        var listed = new ArrayList<ObjectName>();
        List<AccountId> accounts = new ArrayList<>();
        for (List<AccountId> page = vault.accounts(null, 2, TIME); !page.isEmpty(); ) {
            accounts.addAll(page);
            page = vault.accounts(page.getLast(), 2, TIME);
        }
        for (AccountId account : accounts) {
            List<Vault.Entry> page = vault.list(account, Kind.MAIL, null, 7, TIME);
            assertThat(page).as(what).isNotEmpty();
            while (!page.isEmpty()) {
                for (Vault.Entry entry : page) listed.add(entry.name());
                page = vault.list(account, Kind.MAIL, listed.getLast(), 7, TIME);
            }
        }
        assertThat(listed).as(what).isEqualTo(List.copyOf(model.keySet()));
        for (Piece piece : model.values()) {
            assertThat(vault.get(piece.name(), 0, 1 << 20, TIME)).as(what).isEqualTo(piece.object());
        }
    }

    private void setAside() {
        Vault.Figures figures = vault.figures();
        var _ = vault.generations().setAside(new RocksDBException("by a test"), figures.objects(), figures.bytes());
    }

    private void reopen() {
        closeVault();
        openVault();
    }

    private Piece put(Piece piece) {
        var _ = vault.put(piece.name(), piece.object()).await(Deadline.in(TIME));
        return piece;
    }

    private List<ObjectName> names() {
        return vault.list(ANNA, Kind.MAIL, null, 100, TIME).stream().map(Vault.Entry::name).toList();
    }
}
