package casella.directory;

import static casella.directory.Sample.done;
import static casella.directory.Sample.logIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Metric;
import casella.base.Metrics;
import casella.directory.Authenticator.Verdict;
import casella.directory.Registrar.NewAccount;
import casella.sqlite.Database;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Proves that log-in and resolution go on when the database is lost, garbled or cut, and that it can be restored.
class SnapshotTest {
    @TempDir Path folder;
    SqliteDirectory directory;

    @BeforeEach
    void open() {
        directory = Sample.filled(folder);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    enum Damage {
        GONE,
        EMPTY,
        CUT,
        GARBAGE,
        GARBAGE_INSIDE;

        void to(Path file) throws IOException {
            long size = Files.size(file);
            var random = new Random(7);
            switch (this) {
                case GONE -> Files.delete(file);
                case EMPTY -> cut(file, 0);
                case CUT -> cut(file, size / 2);
                case GARBAGE -> garble(file, 0, size, random);
                case GARBAGE_INSIDE -> garble(file, 4_096, size - 4_096, random);
            }
        }

        private static void cut(Path file, long size) throws IOException {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(size);
            }
        }

        static void garble(Path file, long from, long bytes, Random random) throws IOException {
            byte[] garbage = new byte[(int) bytes];
            random.nextBytes(garbage);
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(garbage), from);
            }
        }
    }

    private Path database() {
        return folder.resolve("directory.db");
    }

    private void serves() {
        serves(directory.condition() instanceof Directory.Condition.ReadOnly);
    }

    private void serves(boolean snapshot) {
        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.Granted.class);
        Verdict wrong = logIn(directory, "anna@posta.example", "wrong");
        assertThat(wrong).isEqualTo(snapshot ? Passwords.AWAY : new Verdict.Denied());
        assertThat(directory.resolve("bruno@virgola.example")).isInstanceOf(Resolution.Local.class);
        Sample.doesNotKnow(directory, snapshot, "carla@virgola.example");
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseDamagedWhileClosedIsReplacedByItsSnapshot(Damage damage) throws Exception {
        directory.close();
        damage.to(database());

        directory = Sample.open(folder);

        assertThat(directory.condition()).isInstanceOf(Directory.Condition.ReadOnly.class);
        serves();
        assertThatThrownBy(() ->
                directory.registrar().add(NewAccount.of("carla@posta.example", Password.clear("x"))))
                .isInstanceOf(Fault.Unavailable.class)
                .hasMessageContaining("read-only");

        directory.close();
        DirectoryFiles.restore(folder);
        directory = Sample.open(folder);
        assertThat(directory.condition()).isEqualTo(new Directory.Condition.Whole());
        serves();
        done(directory.registrar().add(NewAccount.of("carla@posta.example", Password.clear("x"))));
    }

    @Test
    void aDatabaseGarbledWhileOpenIsReplacedByItsSnapshot() throws Exception {
        for (int i = 0; i < 2_000; i++) { // more pages than SQLite keeps in memory
            String address = "n" + i + "@posta.example";
            done(directory.registrar()
                    .add(new NewAccount(address, null, "x".repeat(190), null, null, List.of(), null)));
        }
        directory.close();
        directory = Sample.open(folder);
        directory.snapshot();
        Damage.GARBAGE.to(database());
        for (int i = 0; i < 2_000; i++) {
            assertThat(directory.resolve("n" + i + "@posta.example")).isInstanceOf(Resolution.Local.class);
        }
        serves();
        // It had read which domains are its own before.
        assertThat(directory.resolve("x@nowhere.example")).isInstanceOf(Resolution.NotOurs.class);
        assertThat(directory.condition()).isInstanceOf(Directory.Condition.ReadOnly.class);
    }

    @Test
    void aGarbledSnapshotIsPassedOverForTheOneBefore() throws Exception {
        directory.snapshot();
        directory.close(); // makes the newer one
        Damage.GARBAGE.to(folder.resolve("directory.snapshot"));
        Damage.GARBAGE.to(database());

        directory = Sample.open(folder);

        serves();
    }

    @Test
    void withNothingReadableTheDirectorySaysSoAndChangesNothing() throws Exception {
        directory.close();
        Files.delete(folder.resolve("directory.snapshot"));
        Files.deleteIfExists(folder.resolve("directory.snapshot.previous"));
        Damage.GARBAGE.to(database());
        byte[] before = Files.readAllBytes(database());

        assertThatThrownBy(() -> Sample.open(folder)).isInstanceOf(Fault.Corrupt.class);
        assertThatThrownBy(() -> DirectoryFiles.restore(folder)).isInstanceOf(Fault.Corrupt.class);

        assertThat(Files.readAllBytes(database())).isEqualTo(before);
    }

    @Test
    void aChangeReachesTheSnapshotByItself() throws Exception {
        directory.close();
        directory = Sample.open(folder,
                DirectorySettings.cheap().withSnapshotInterval(Duration.ofMillis(20)));
        done(directory.registrar().add(NewAccount.of("carla@posta.example", Password.clear("x"))));

        boolean there = false;
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!there && System.nanoTime() < until) {
            try (Database snapshot = Database.openSnapshot(
                    folder.resolve("directory.snapshot"), "test", Schema.MIGRATIONS)) {
                there = snapshot.read(Duration.ofSeconds(5), s -> Rows.address(s, "carla@posta.example"))
                        .isPresent();
            } catch (Fault e) {
                // Between two names: the older copy has left this one, the newer has not taken it.
                Thread.onSpinWait();
            }
        }

        assertThat(there).isTrue();
    }

    @Test
    void whenEveryReaderHangsLookUpsComeFromTheSnapshot() throws Exception {
        directory.snapshot();
        hanging(() -> {
            serves(true);
            assertThat(directory.condition()).isEqualTo(new Directory.Condition.Whole());
        });
        Account anna = directory.registrar().find("anna@posta.example").orElseThrow();
        assertThat(directory.identities(anna.id())).hasSize(1);
    }

    /// What came after the snapshot is not said not to be: its mail would be refused for good.
    @Test
    void whatASnapshotDoesNotKnowIsNotToldNow() throws Exception {
        directory.snapshot();
        List<String> names = List.of("directory.snapshot", "directory.snapshot.seals");
        for (String name : names) Files.copy(folder.resolve(name), folder.resolve(name + ".older"));
        directory.registrar().addDomain("posta", "nuova.example");
        List<String> newer = List.of("dora@nuova.example", "carla@posta.example");
        for (String address
                : newer) done(directory.registrar().add(NewAccount.of(address, Password.clear("casella"))));
        assertThat(directory.resolve("dora@nowhere.example")).isInstanceOf(Resolution.NotOurs.class);
        assertThat(logIn(directory, "nobody@posta.example", "casella")).isInstanceOf(Verdict.Denied.class);
        directory.close();
        for (String name : names) {
            Path older = folder.resolve(name + ".older");
            Files.move(older, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(folder.resolve("directory.snapshot.previous"));
        Damage.GARBAGE.to(database());

        directory = Sample.open(folder);

        Account anna = directory.registrar().find("anna@posta.example").orElseThrow();
        for (String address : newer) {
            assertThatThrownBy(() -> directory.resolve(address)).isInstanceOf(Fault.Unavailable.class);
            assertThatThrownBy(() -> directory.maySendAs(anna.id(), address))
                    .isInstanceOf(Fault.Unavailable.class);
            assertThat(logIn(directory, address, "casella")).isInstanceOfSatisfying(
                    Verdict.TryLater.class, later -> assertThat(later.cause()).isEqualTo(Verdict.Cause.AWAY));
        }
        // What it knows stays as it is, and text that is no address is nobody's.
        serves(true);
        assertThat(directory.maySendAs(anna.id(), "anna@posta.example")).isTrue();
        assertThat(directory.maySendAs(anna.id(), "bruno@virgola.example")).isFalse();
        assertThat(directory.resolve("no address")).isInstanceOf(Resolution.NotOurs.class);
    }

    /// Who guesses logins learns nothing from a snapshot: word, work and count are those of a wrong password.
    @Test
    void aLogInASnapshotDoesNotKnowIsAnsweredAsAWrongPassword() throws Exception {
        directory.close();
        Damage.GARBAGE.to(database());
        var hashes = new AtomicInteger();
        directory = SqliteDirectory.open(
                folder,
                DirectorySettings.cheap().withThrottle(6, Duration.ofMinutes(10), true),
                counting(hashes));

        for (String login : List.of("anna@posta.example", "nobody@posta.example", "x@nowhere.example")) {
            int before = hashes.get();
            assertThat(logIn(directory, login, "wrong")).isEqualTo(Passwords.AWAY);
            assertThat(hashes.get()).as("hashes for " + login).isEqualTo(before + 1);
            assertThat(scram(login)).isEqualTo(Passwords.AWAY);
        }

        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOfSatisfying(
                Verdict.TryLater.class, later -> assertThat(later.cause()).isEqualTo(Verdict.Cause.FAILURES));
    }

    /// Returns what a wrong proof is answered.
    private Verdict scram(String login) {
        ScramExchange exchange = directory.authenticator().scram(Sample.HERE);
        var challenge =
                (ScramExchange.Step.Challenge) exchange.first(Sample.bytes("n,,n=" + login + ",r=abc"));
        String nonce = new String(challenge.message(), StandardCharsets.UTF_8).split(",", -1)[0];
        return exchange.last(Sample.bytes("c=biws," + nonce + ",p=AAAA")).verdict();
    }

    private static Metrics counting(AtomicInteger hashes) {
        InvocationHandler calls = (_, method, arguments) -> {
            if (method.getName().equals("time")
                    && arguments[0] == Metric.DIRECTORY_HASH_SECONDS) hashes.incrementAndGet();
            return method.invoke(Metrics.none(), arguments);
        };
        return (Metrics) Proxy.newProxyInstance(
                Metrics.class.getClassLoader(), new Class<?>[] {Metrics.class}, calls);
    }

    /// The snapshot is older than dora, and the database tells her address, but no more.
    @Test
    void anAddressWhoseAccountOnlyTheSnapshotIsAskedForIsNotToldNow() throws Exception {
        directory.snapshot();
        Account dora = done(directory.registrar()
                .add(NewAccount.of("dora@posta.example", Password.clear("casella"))));
        assertThat(directory.address("dora@posta.example")).isPresent();
        hanging(() -> {
            assertThat(directory.account(dora.id())).isEmpty();
            assertThat(directory.gone(dora.id())).isFalse();
            assertThatThrownBy(() -> directory.resolve("dora@posta.example"))
                    .isInstanceOf(Fault.Unavailable.class);
            assertThatThrownBy(() -> directory.registrar().find("dora@posta.example"))
                    .isInstanceOf(Fault.Unavailable.class);
            assertThat(logIn(directory, "dora@posta.example", "casella")).isEqualTo(Passwords.AWAY);
        });
        assertThat(soon("dora@posta.example")).isInstanceOf(Resolution.Local.class);
        assertThat(directory.gone(dora.id())).isFalse();
        assertThat(directory.gone(new AccountId(-7))).isTrue();
        done(directory.registrar().wipe("dora@posta.example"));
        assertThat(directory.gone(dora.id())).isTrue();
    }

    @Test
    void aCatalogueOfTheSnapshotIsReadAgainWhenTheDatabaseIsWell() throws Exception {
        directory.snapshot();
        hanging(() -> {
            directory.registrar().addDomain("posta", "nuova.example");
            for (String address : List.of("x@nowhere.example", "x@nuova.example")) {
                assertThatThrownBy(() -> directory.resolve(address)).isInstanceOf(Fault.Unavailable.class);
            }
        });
        assertThat(soon("x@nowhere.example")).isInstanceOf(Resolution.NotOurs.class);
        assertThat(soon("x@nuova.example")).isInstanceOf(Resolution.Unknown.class);
    }

    private Resolution soon(String address) throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                return directory.resolve(address);
            } catch (Fault.Unavailable e) {
                if (i > 1_500) throw e;
                var _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Test
    void onlyTheDatabaseItselfSaysThatNobodyIsThere(@TempDir Path other) throws Exception {
        assertThat(directory.empty()).isFalse();
        directory.close();
        directory = Sample.open(other);
        assertThat(directory.empty()).isTrue();
        directory.snapshot();
        hanging(() -> assertThat(directory.empty()).isFalse());
        directory.close();
        Damage.GARBAGE.to(other.resolve("directory.db"));
        directory = Sample.open(other);
        assertThat(directory.registrar().list("", 1).accounts()).isEmpty();
        assertThat(directory.empty()).isFalse();
    }

    /// Does `work` while no reader of the database answers.
    private void hanging(Runnable work) throws InterruptedException {
        var hang = new CountDownLatch(1);
        var calls = new AtomicInteger();
        var hung = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            hung.add(Thread.ofVirtual().start(() -> directory.read(s -> {
                // The same call then succeeds on the snapshot.
                if (calls.incrementAndGet() <= 3) waitFor(hang);
                return 0;
            })));
        }
        while (calls.get() < 3) Thread.onSpinWait();
        try {
            work.run();
        } finally {
            hang.countDown();
            for (Thread thread : hung) thread.join();
        }
    }

    @Test
    void aRowThatCannotBeToldCostsItsOwnLookUpOnly() throws Exception {
        directory.snapshot();
        Account anna = directory.registrar().find("anna@posta.example").orElseThrow();
        var told = new AtomicInteger();
        java.util.Optional<Account> found = directory.read(s -> {
            if (told.incrementAndGet() == 1) throw new IllegalArgumentException("no such state");
            return Rows.account(s, anna.id());
        });
        assertThat(found).contains(anna);
        done(directory.registrar().add(NewAccount.of("carla@posta.example", Password.clear("x"))));
        told.set(0);
        assertThatThrownBy(() -> directory.read(s -> {
                    if (told.incrementAndGet() == 1) throw new IllegalArgumentException("no such state");
                    return Rows.address(s, "carla@nowhere.example"); // as in a snapshot that is older
                }))
                .isInstanceOf(Fault.Unavailable.class);
        assertThat(directory.condition()).isEqualTo(new Directory.Condition.Whole());
        assertThat(directory.resolve("carla@posta.example")).isInstanceOf(Resolution.Local.class);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFaceIsKeptOverRestartAndInTheSnapshot() throws Exception {
        Account anna = directory.registrar().find("anna@posta.example").orElseThrow();
        var face = new Face(
                List.of(
                        new Face.Folder(new MailboxId(1), "INBOX", 4_000_000_000L, "inbox", true, 1),
                        new Face.Folder(new MailboxId(7), "Käse/Brot", 5, "", false, 100)),
                "keep;",
                1L << 40);
        directory.keepFace(anna.id(), new Face(List.of(), "", 0));
        directory.keepFace(anna.id(), face);
        assertThat(directory.face(anna.id())).contains(face);
        directory.close();
        Damage.GARBAGE.to(database());

        directory = Sample.open(folder);

        assertThat(directory.face(anna.id())).contains(face);
        assertThatThrownBy(() -> directory.keepFace(anna.id(), face)).isInstanceOf(Fault.Unavailable.class);
    }

    @Test
    void aFaceOfTheFirstVersionIsRead() {
        var bytes = java.nio.ByteBuffer.allocate(64).put((byte) 1).putLong(5).putInt(1).putInt(3).putInt(9);
        bytes.putInt(2).put(new byte[] {'A', 'b'}).putInt(4).put(new byte[] {'s', 'e', 'n', 't'}).putInt(0);
        Face face = Face.decode(java.util.Arrays.copyOf(bytes.array(), bytes.position()));
        assertThat(face.folders())
                .containsExactly(new Face.Folder(new MailboxId(3), "Ab", 9, "sent", true, 100));
        assertThat(face.quotaBytes()).isEqualTo(5);
    }

    @Test
    void accountsWithAFaceAreListedInOrder() {
        var ids = new ArrayList<casella.base.AccountId>();
        for (String address : List.of("anna@posta.example", "bruno@virgola.example")) {
            Account account = directory.registrar().find(address).orElseThrow();
            directory.keepFace(account.id(), new Face(List.of(), "", 0));
            ids.add(account.id());
        }
        ids.sort(java.util.Comparator.comparingLong(casella.base.AccountId::value));
        assertThat(directory.faced(null, 10)).isEqualTo(ids);
        assertThat(directory.faced(null, 1)).containsExactly(ids.getFirst());
        assertThat(directory.faced(ids.getFirst(), 10)).containsExactly(ids.getLast());
        assertThat(directory.faced(ids.getLast(), 10)).isEmpty();
    }

    @Test
    void bytesThatAreNoFaceAreCorrupt() {
        var inbox = new Face.Folder(new MailboxId(1), "INBOX", 5, "inbox", true, 1);
        byte[] good = new Face(List.of(inbox), "keep;", 1).encode();
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length + 3));
            if (bad.length > 0) bad[random.nextInt(bad.length)] ^= (byte) random.nextInt(256);
            try {
                Face.decode(bad); // a changed letter is still a face
            } catch (Fault.Corrupt expected) {
                assertThat(expected.facts()).isNotNull();
            }
        }
        assertThatThrownBy(() -> Face.decode(new byte[] {3})).isInstanceOf(Fault.Corrupt.class);
    }
}
