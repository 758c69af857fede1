package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Metrics;
import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.Account;
import casella.store.Body;
import casella.store.Debt;
import casella.store.Email;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.care.Care;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.testkit.MemoryJournal;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import casella.vault.pack.PackConfig;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves promises 3 and 4 over both real vaults: with 200 bits of one of them turned over, reads stay right, and after a
/// scrub every live object has all its copies again; a vault that was deleted while stopped is owed whole and made anew.
final class BitRotTest {
    private static final int MAILS = 120;
    private static final boolean LONG = "long".equals(System.getProperty("casella.tier"));
    private static final int FLIPS = LONG ? 1_000 : 200;
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Care.Rates FAST = new Care.Rates(1L << 30, 1L << 30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final MemoryJournal journal = new MemoryJournal();
    private final AccountId owner = AccountId.random();
    private final Map<ObjectName, byte[]> mails = new LinkedHashMap<>();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @SuppressWarnings("NullAway.Init") // set by open()
    private Vault pack;

    @SuppressWarnings("NullAway.Init") // set by open()
    private Vault rocksdb;

    @SuppressWarnings("NullAway.Init") // set by open()
    private TestStore store;

    @SuppressWarnings("NullAway.Init") // set by open()
    private Care care;

    private boolean open;

    private void open() {
        var small = PackConfig.standard().withSegmentBytesMax(128 << 10);
        pack = PackVault.open("pack", folder.resolve("pack"), Disk.real(), small);
        rocksdb = RocksVault.open("rocksdb", folder.resolve("rocksdb"), RocksVaultConfig.small());
        var engine = RocksEngine.open(folder.resolve("engine"), RocksEngineConfig.standard());
        store = TestStore.over(engine, journal, pack, rocksdb);
        var copies = store.accounts().copies();
        Path files = folder.resolve("care");
        care = Care.open(store.engine(), copies, FAST, Disk.real(), files, Clock.system(), Metrics.none());
        open = true;
    }

    @AfterEach
    void close() {
        if (!open) return;
        open = false;
        care.close();
        store.close();
        pack.close();
        rocksdb.close();
    }

    private void reopen() {
        close();
        open();
    }

    private void deliver() {
        Account anna = store.accounts().create(owner, TestStore.MAILBOXES);
        for (int i = 0; i < MAILS; i++) {
            byte[] body = new byte[random.nextInt(12_000)];
            for (int at = 0; at < body.length; at++) body[at] = (byte) ('a' + random.nextInt(26));
            byte[] head = ("Subject: numero " + i + "\r\n\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] mail = ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
            var kept = (Outcome.Kept) anna.add(NewEmail.delivery(mail, Instant.now(), "", "anna@posta.example"));
            Email email = kept.email();
            mails.put(ObjectName.mail(owner, email.id(), email.blob()), mail);
        }
    }

    private void flip(Path vault) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(vault)) {
            files = all.filter(Files::isRegularFile).filter(file -> !file.endsWith("LOCK")).sorted().toList();
        }
        long total = 0;
        for (Path file : files) total += Files.size(file);
        for (int i = 0; i < FLIPS; i++) {
            long at = random.nextLong(total);
            int which = 0;
            while (at >= Files.size(files.get(which))) at -= Files.size(files.get(which++));
            try (FileChannel channel =
                    FileChannel.open(files.get(which), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
                channel.write(one.rewind(), at);
            }
        }
    }

    /// Passes are noted by whole seconds.
    private static boolean since(@Nullable Instant proven, Instant wanted) {
        return proven != null && !proven.isBefore(wanted.minusSeconds(1));
    }

    private void readAll() {
        Account anna = store.accounts().open(owner);
        for (Map.Entry<ObjectName, byte[]> mail : mails.entrySet()) {
            Email email = anna.read(view -> view.email(mail.getKey().arrival()));
            Objects.requireNonNull(email);
            assertThat(anna.body(email)).as("seed %d", seed).isInstanceOf(Body.Present.class);
            assertThat(((Body.Present) anna.body(email)).bytes()).as("seed %d", seed).isEqualTo(mail.getValue());
        }
    }

    private void eachVaultHasAll() {
        for (Vault vault : List.of(pack, rocksdb)) {
            mails.forEach((name, mail) -> {
                byte[] object = vault.get(name, 0, Integer.MAX_VALUE, TIME);
                assertThat(object).as("%s, seed %d", vault.name(), seed).isNotNull();
                assertThat(StoredObject.read(name, Objects.requireNonNull(object))).isEqualTo(mail);
            });
        }
    }

    private Debt.Figures owed() {
        return store.accounts().copies().debt().figures();
    }

    private void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s; seed %d; %s", what, seed, care.status()).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pack", "rocksdb"})
    void everyFlipInALiveObjectIsRepaired(String vault) throws IOException {
        open();
        deliver();
        reopen();

        flip(folder.resolve(vault));
        readAll();
        care.start(store.accounts());
        for (int pass = 0; pass < 2; pass++) {
            Instant before = Instant.now().plusMillis(1_000);
            until("passes wait", () -> Instant.now().isAfter(before));
            care.scrubNow();
            until("a pass", () -> care.status().vaults().stream()
                    .allMatch(one -> since(one.provenSince(), before)));
            until("all is paid", () -> owed().objects() == 0);
        }

        eachVaultHasAll();
        readAll();
    }

    @Test
    void aVaultDeletedWhileStoppedIsOwedWholeAndMadeAnew() throws IOException {
        open();
        deliver();
        care.start(store.accounts());
        until("surveyed", () -> care.status().surveyed());
        close();
        try (Stream<Path> all = Files.walk(folder.resolve("rocksdb"))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }

        open();
        assertThat(care.status().surveyed()).isFalse();
        store.secondVault().writes(Trouble.full());
        care.start(store.accounts());
        until("surveyed", () -> care.status().surveyed());
        assertThat(owed().objects()).isGreaterThanOrEqualTo(MAILS);
        assertThat(care.status().vaults().get(1).rebuildable()).isZero();
        until("counted", () -> care.status().vaults().getFirst().rebuildable() == 1);

        store.secondVault().heal();
        until("healed", () -> owed().objects() == 0);
        assertThat(care.status().vaults().get(1).rebuildable()).isEqualTo(1);
        eachVaultHasAll();
    }
}
