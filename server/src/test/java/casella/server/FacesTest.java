package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.directory.DirectorySettings;
import casella.directory.Face;
import casella.directory.Password;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.engine.memory.MemoryEngine;
import casella.store.FaceRows;
import casella.store.Mailbox;
import casella.store.View;
import casella.store.continuation.Names;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an account's face is kept after a change of its folders, and anew when it is missing, and that an
/// account can be named from it in its owner's language until it is wiped.
final class FacesTest {
    private static final String ANNA = "anna@posta.example";

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; !holds.getAsBoolean(); i++) {
            assertThat(i).as(what).isLessThan(1_500);
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }

    private static casella.directory.Account anna(SqliteDirectory directory) {
        Registrar registrar = directory.registrar();
        registrar.putBrand(new Brand("posta", "Posta", List.of("posta.localhost"), "#1b6ac9", List.of("it", "en")));
        registrar.addDomain("posta", "posta.example");
        var added = registrar.add(Registrar.NewAccount.of(ANNA, "Anna", Password.clear("casella")));
        return switch (added) {
            case Answer.Done<casella.directory.Account>(var account) -> account;
            case Answer.Refused<casella.directory.Account> refused -> throw new AssertionError(refused.message());
        };
    }

    @Test
    void aFaceFollowsFoldersAndIsMadeWhereThereIsNone(@TempDir Path folder) throws Exception {
        try (var directory = SqliteDirectory.open(folder, DirectorySettings.cheap(), Metrics.none());
                var store = TestStore.over(new MemoryEngine())) {
            var faces = new Faces(directory, Clock.system());
            var account = anna(directory);
            var mail = store.accounts().create(account.id(), TestStore.MAILBOXES);
            assertThat(faces.known(account.id())).isNull();
            try (var _ = faces.follow(store.accounts())) {
                store.accounts().doubt(account.id());
                var _ = mail.read(View::modseq);
                until("made at the first opening", () -> directory.face(account.id()).isPresent());
                var _ = mail.createMailbox("Lavoro/Fatture", null);
                Mailbox lavoro = mail.read(view -> view.mailbox("Lavoro"));
                if (lavoro == null) throw new AssertionError("no folder");
                var _ = mail.changeMailbox(lavoro.id(), null, false, 7);
                until("follows", () -> names(faces, account).stream().anyMatch(one ->
                        one.name().equals("Lavoro") && !one.subscribed() && one.sortOrder() == 7));
                assertThat(names(faces, account)).containsExactlyElementsOf(
                        mail.read(View::mailboxes).stream()
                                .map(one -> new FaceRows.Folder(
                                        one.id(), one.name(), one.uidValidity(), one.role(), one.subscribed(),
                                                one.sortOrder()))
                                .toList());
                // Another one is no face of this account: it is made anew.
                directory.keepFace(account.id(), new Face(List.of(), "", 0));
                store.accounts().doubt(account.id());
                var _ = mail.read(View::modseq);
                until("made anew", () -> !names(faces, account).isEmpty());
                assertThat(faces.accounts(null, 10)).containsExactly(account.id());
            }
            assertThat(faces.known(account.id()))
                    .extracting(Names.Known::received)
                    .isEqualTo("Ricevuti durante il guasto");
        }
    }

    @Test
    void aFaceThatCannotBeKeptIsTriedUntilItIs(@TempDir Path folder) throws Exception {
        try (var directory = SqliteDirectory.open(folder, DirectorySettings.cheap(), Metrics.none());
                var store = TestStore.over(new MemoryEngine())) {
            var away = new AtomicBoolean(true);
            var tries = new AtomicInteger();
            var clock = new SteppedClock();
            var faces = new Faces(failing(directory, away, tries), clock);
            var account = anna(directory);
            try (var _ = faces.follow(store.accounts())) {
                var mail = store.accounts().create(account.id(), TestStore.MAILBOXES);
                until("tried", () -> tries.get() > 0);
                int before = steady(tries);
                for (int i = 0; i < 5; i++) faces.again(store.accounts());
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
                assertThat(tries.get()).as("not before its time").isEqualTo(before);
                until("tried again and again", () -> {
                    clock.step(Duration.ofMinutes(15));
                    faces.again(store.accounts());
                    return tries.get() > 12;
                });
                var _ = mail.createMailbox("Lavoro", null);
                away.set(false);
                until("kept in the end", () -> {
                    clock.step(Duration.ofMinutes(15));
                    return names(faces, account).stream().anyMatch(one -> one.name().equals("Lavoro"));
                });
                int then = steady(tries);
                clock.step(Duration.ofHours(1));
                faces.again(store.accounts());
                assertThat(tries.get()).isEqualTo(then);
            }
        }
    }

    /// Returns the count once it stays for a while: the tries begun by a change are over.
    private static int steady(AtomicInteger tries) throws InterruptedException {
        int last = tries.get();
        for (int same = 0; same < 15; ) {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            same = tries.get() == last ? same + 1 : 0;
            last = tries.get();
        }
        return last;
    }

    @Test
    void anAccountThatOnlyASnapshotDoesNotKnowGetsItsFaceLater(@TempDir Path folder) throws Exception {
        try (var directory = SqliteDirectory.open(folder, DirectorySettings.cheap(), Metrics.none());
                var store = TestStore.over(new MemoryEngine())) {
            var older = new AtomicBoolean();
            var asked = new AtomicInteger();
            InvocationHandler calls = (_, method, arguments) -> {
                boolean snapshot = older.get();
                if (snapshot && method.getName().equals("gone")) return asked.incrementAndGet() < 0;
                if (snapshot && method.getName().equals("account")) return Optional.empty();
                return method.invoke(directory, arguments);
            };
            var clock = new SteppedClock();
            var faces = new Faces(
                    (Directory) Proxy.newProxyInstance(
                            Directory.class.getClassLoader(), new Class<?>[] {Directory.class}, calls),
                    clock);
            var account = anna(directory);
            older.set(true);
            try (var _ = faces.follow(store.accounts())) {
                var _ = store.accounts().create(account.id(), TestStore.MAILBOXES);
                until("asked", () -> asked.get() > 0);
                assertThat(steady(asked)).isPositive();
                assertThat(directory.face(account.id())).isEmpty();
                older.set(false);
                until("kept later", () -> {
                    clock.step(Duration.ofMinutes(15));
                    faces.again(store.accounts());
                    return directory.face(account.id()).isPresent();
                });
            }
        }
    }

    /// A directory that keeps no face while it is `away`.
    private static Directory failing(Directory directory, AtomicBoolean away, AtomicInteger tries) {
        InvocationHandler calls = (_, method, arguments) -> {
            if (method.getName().equals("keepFace")) {
                tries.incrementAndGet();
                if (away.get()) throw new Fault.Unavailable("Away by command of a test", Map.of());
            }
            return method.invoke(directory, arguments);
        };
        return (Directory) Proxy.newProxyInstance(
                Directory.class.getClassLoader(), new Class<?>[] {Directory.class}, calls);
    }

    @Test
    void aWipedAccountKeepsNoFace(@TempDir Path folder) {
        try (var directory = SqliteDirectory.open(folder, DirectorySettings.cheap(), Metrics.none())) {
            var faces = new Faces(directory, Clock.system());
            var account = anna(directory);
            var face = new Face(List.of(), "", 0);
            directory.keepFace(account.id(), face);
            assertThat(directory.face(account.id())).contains(face);
            assertThat(faces.erased(account.id())).isFalse();
            assertThat(directory.registrar().wipe(ANNA)).isInstanceOf(Answer.Done.class);
            directory.keepFace(account.id(), face);
            assertThat(directory.face(account.id())).isEmpty();
            assertThat(faces.erased(account.id())).isTrue();
        }
    }

    private static List<FaceRows.Folder> names(Faces faces, casella.directory.Account account) {
        Names.Known known = faces.known(account.id());
        return known == null ? List.of() : known.folders();
    }
}
