package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every vault does, whatever its technology: keep what was put, find it, list it in order, remove it for good.
///
/// A subclass says how to open one:
///
/// ```java
/// final class PackVaultTest extends VaultContract {
///     @Override
///     protected Vault open(Path folder) {
///         return PackVault.open("pack", folder);
///     }
/// }
/// ```
public abstract class VaultContract {
    protected static final Duration TIME = Duration.ofSeconds(10);
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);

    @TempDir Path folder;
    protected Vault vault;

    @SuppressWarnings("NullAway.Init") // JUnit sets `folder`, [#start] sets `vault`
    protected VaultContract() {}

    /// Opens the vault that lies in `folder`, a new one if it is empty.
    protected abstract Vault open(Path folder);

    /// Says whether one sync serves many objects; a vault with a file for each syncs each.
    protected boolean sharesSyncs() {
        return true;
    }

    @BeforeEach
    void start() {
        vault = open(folder.resolve("first"));
    }

    @AfterEach
    void end() {
        vault.close();
    }

    @Test
    void anObjectComesBackAsItWasPut() {
        Piece mail = Piece.mail(ANNA, 1, 5_000);

        put(mail);

        assertThat(whole(mail.name())).isEqualTo(mail.object());
    }

    @Test
    void anObjectThatWasNeverPutIsNull() {
        put(Piece.mail(ANNA, 1, 100));

        assertThat(vault.get(Piece.mail(ANNA, 2, 100).name(), 0, 10, TIME)).isNull();
    }

    @Test
    void aRangeIsShortAtTheEndAndEmptyBeyondIt() {
        Piece mail = Piece.mail(ANNA, 1, 1_000);
        int length = mail.object().length;

        put(mail);

        assertThat(vault.get(mail.name(), 10, 20, TIME)).isEqualTo(Arrays.copyOfRange(mail.object(), 10, 30));
        assertThat(vault.get(mail.name(), length - 5, 20, TIME))
                .isEqualTo(Arrays.copyOfRange(mail.object(), length - 5, length));
        assertThat(vault.get(mail.name(), length, 20, TIME)).isEmpty();
        assertThat(vault.get(mail.name(), length + 1_000_000L, 20, TIME)).isEmpty();
        assertThat(vault.get(mail.name(), 0, 0, TIME)).isEmpty();
    }

    @Test
    void anEmptyContentIsAnObjectToo() {
        Piece empty = Piece.of(ANNA, Kind.CONTENTS, 1, new byte[0]);

        put(empty);

        assertThat(StoredObject.read(empty.name(), whole(empty.name()))).isEmpty();
    }

    @Test
    void whatCompressesComesBackWithItsReceipt() {
        byte[] content = "la stessa riga di sempre\r\n".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
        Piece piece = put(Piece.of(ANNA, Kind.MAIL, 1, content));

        byte[] object = whole(piece.name());

        assertThat(StoredObject.read(piece.name(), object)).isEqualTo(content);
        StoredObject opened = StoredObject.open(piece.name(), object);
        assertThat(opened.receipt()).isEqualTo(piece.receipt());
        assertThat(object).hasSize((int) opened.length());
        StoredObject.Stretch stretch = opened.stretch(600_000, 600_100);
        byte[] some = vault.get(piece.name(), stretch.from(), stretch.length(), TIME);
        if (some == null) throw new AssertionError("not there");
        assertThat(opened.content(600_000, 600_100, some))
                .isEqualTo(Arrays.copyOfRange(content, 600_000, 600_100));
        figuresBecome(1, object.length);
        assertThat(vault.list(ANNA, Kind.MAIL, null, 1, TIME).getFirst().storedBytes())
                .isEqualTo(object.length);
    }

    @Test
    void aLargeObjectComesBackWhole() {
        Piece large = Piece.mail(ANNA, 1, 20 << 20);

        put(large);

        assertThat(whole(large.name())).isEqualTo(large.object());
        assertThat(vault.get(large.name(), 15 << 20, 100, TIME))
                .isEqualTo(Arrays.copyOfRange(large.object(), 15 << 20, (15 << 20) + 100));
    }

    @Test
    void aListIsInNameOrderWithReceiptsAndLengths() {
        List<Piece> mails = new ArrayList<>();
        for (int i : new int[] {3, 1, 2}) mails.add(Piece.mail(ANNA, i, 100 * i));
        mails.forEach(this::put);

        List<Vault.Entry> listed = vault.list(ANNA, Kind.MAIL, null, 100, TIME);

        mails.sort((a, b) -> a.name().compareTo(b.name()));
        assertThat(listed).extracting(Vault.Entry::name).isEqualTo(mails.stream().map(Piece::name).toList());
        for (int i = 0; i < mails.size(); i++) {
            assertThat(listed.get(i).storedBytes()).isEqualTo(mails.get(i).object().length);
            assertThat(listed.get(i).receipt()).isEqualTo(mails.get(i).receipt());
        }
    }

    @Test
    void aListShowsOneAccountAndOneKind() {
        Piece mail = put(Piece.mail(ANNA, 1, 100));
        put(Piece.of(ANNA, Kind.SEGMENT, 1, new byte[] {1}));
        put(Piece.mail(BRUNO, 1, 100));
        put(Piece.mail(new AccountId(-1), 1, 100));

        assertThat(names(ANNA, Kind.MAIL)).containsExactly(mail.name());
        assertThat(names(ANNA, Kind.PAGE)).isEmpty();
        assertThat(names(new AccountId(77), Kind.MAIL)).isEmpty();
    }

    @Test
    void pagesOfAListMeetWithoutGapOrOverlap() {
        for (int i = 0; i < 57; i++) put(Piece.mail(ANNA, i, 50));

        List<ObjectName> paged = new ArrayList<>();
        List<Vault.Entry> page = vault.list(ANNA, Kind.MAIL, null, 10, TIME);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(10);
            for (Vault.Entry entry : page) paged.add(entry.name());
            page = vault.list(ANNA, Kind.MAIL, page.getLast().name(), 10, TIME);
        }

        assertThat(paged).hasSize(57).isEqualTo(names(ANNA, Kind.MAIL)).isSorted();
    }

    @Test
    void accountsAreListedInUnsignedOrderAndPaged() {
        for (long id : new long[] {-1, 5, 1, Long.MIN_VALUE}) put(Piece.mail(new AccountId(id), 1, 50));
        put(Piece.of(new AccountId(9), Kind.CHECKPOINT, 1, new byte[] {1}));

        List<AccountId> first = vault.accounts(null, 2, TIME);

        assertThat(first).containsExactly(new AccountId(1), new AccountId(5));
        assertThat(vault.accounts(first.getLast(), 10, TIME))
                .containsExactly(new AccountId(9), new AccountId(Long.MIN_VALUE), new AccountId(-1));
    }

    @Test
    void theSameNamePutAgainIsOneObject() {
        Piece mail = Piece.mail(ANNA, 1, 700);

        put(mail);
        put(mail);

        assertThat(names(ANNA, Kind.MAIL)).containsExactly(mail.name());
        assertThat(whole(mail.name())).isEqualTo(mail.object());
        figuresBecome(1, mail.object().length);
    }

    @Test
    void aDeletedObjectIsGoneAndItsNeighbourStays() {
        Piece gone = put(Piece.mail(ANNA, 1, 300));
        Piece kept = put(Piece.mail(ANNA, 2, 400));

        await(vault.delete(gone.name()));
        await(vault.delete(gone.name()));
        await(vault.delete(Piece.mail(BRUNO, 9, 10).name()));

        assertThat(vault.get(gone.name(), 0, 10, TIME)).isNull();
        assertThat(names(ANNA, Kind.MAIL)).containsExactly(kept.name());
        assertThat(vault.accounts(null, 10, TIME)).containsExactly(ANNA);
        figuresBecome(1, kept.object().length);
    }

    @Test
    void anObjectPutAgainAfterItsRemovalIsThere() {
        Piece mail = put(Piece.mail(ANNA, 1, 300));

        await(vault.delete(mail.name()));
        put(mail);

        assertThat(whole(mail.name())).isEqualTo(mail.object());
        assertThat(names(ANNA, Kind.MAIL)).containsExactly(mail.name());
    }

    @Test
    void anErasedAccountLeavesNothingAndOthersStay() {
        Piece mail = put(Piece.mail(ANNA, 1, 300));
        put(Piece.of(ANNA, Kind.SEGMENT, 1, new byte[] {1, 2}));
        Piece others = put(Piece.mail(BRUNO, 1, 300));

        await(vault.erase(ANNA));

        assertThat(vault.get(mail.name(), 0, 10, TIME)).isNull();
        for (Kind kind : Kind.values()) assertThat(names(ANNA, kind)).isEmpty();
        assertThat(vault.accounts(null, 10, TIME)).containsExactly(BRUNO);
        assertThat(whole(others.name())).isEqualTo(others.object());
        figuresBecome(1, others.object().length);
    }

    @Test
    void anObjectPutAfterAnErasureIsKept() {
        put(Piece.mail(ANNA, 1, 300));
        await(vault.erase(ANNA));

        Piece later = put(Piece.mail(ANNA, 2, 300));

        reopen();
        assertThat(names(ANNA, Kind.MAIL)).containsExactly(later.name());
        assertThat(whole(later.name())).isEqualTo(later.object());
    }

    @Test
    void aClosedVaultOpensAgainWithAllItHeld() {
        Piece mail = put(Piece.mail(ANNA, 1, 300));
        Piece gone = put(Piece.mail(ANNA, 2, 300));
        put(Piece.mail(BRUNO, 1, 300));
        await(vault.delete(gone.name()));
        await(vault.erase(BRUNO));

        reopen();

        assertThat(whole(mail.name())).isEqualTo(mail.object());
        assertThat(names(ANNA, Kind.MAIL)).containsExactly(mail.name());
        assertThat(vault.accounts(null, 10, TIME)).containsExactly(ANNA);
        figuresBecome(1, mail.object().length);
    }

    @Test
    void whatWasAnsweredOutlivesAKill() {
        Piece mail = put(Piece.mail(ANNA, 1, 300));
        Piece gone = put(Piece.mail(ANNA, 2, 300));
        put(Piece.mail(BRUNO, 1, 300));
        await(vault.delete(gone.name()));
        await(vault.erase(BRUNO));

        // The files as they stand, without a close: what a killed process leaves.
        Path left = folder.resolve("left");
        copy(folder.resolve("first"), left);

        try (Vault second = open(left)) {
            assertThat(second.get(mail.name(), 0, 1 << 20, TIME)).isEqualTo(mail.object());
            assertThat(second.get(gone.name(), 0, 1 << 20, TIME)).isNull();
            assertThat(second.accounts(null, 10, TIME)).containsExactly(ANNA);
            assertThat(second.figures().objects()).isEqualTo(1);
        }
    }

    @Test
    void manyWritersAreAllKeptAndShareSyncs() throws Exception {
        int writers = 32; // 640 puts
        int each = 20;
        long before = vault.syncs();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                var account = new AccountId(w);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) put(Piece.mail(account, i, 1_000 + i));
                }));
            }
            for (Future<?> one : all) one.get();
        }

        if (sharesSyncs()) assertThat(vault.syncs() - before).isLessThan(640);
        else assertThat(vault.syncs() - before).isGreaterThanOrEqualTo(640);
        assertThat(vault.accounts(null, 100, TIME)).hasSize(writers);
        for (int w = 0; w < writers; w++) {
            var account = new AccountId(w);
            assertThat(names(account, Kind.MAIL)).hasSize(each);
            Piece last = Piece.mail(account, each - 1, 1_000 + each - 1);
            assertThat(whole(last.name())).isEqualTo(last.object());
        }
    }

    @Test
    void aProbeAnswersAndTouchesNoAccount() {
        vault.probe(TIME);
        vault.probe(TIME);

        assertThat(vault.accounts(null, 10, TIME)).isEmpty();
        assertThat(vault.figures().objects()).isZero();
    }

    @Test
    void aClosedVaultSaysThatItIsNotAvailable() {
        Piece mail = put(Piece.mail(ANNA, 1, 300));

        vault.close();

        assertThatThrownBy(() -> put(mail)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> await(vault.delete(mail.name()))).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> vault.get(mail.name(), 0, 10, TIME)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> vault.list(ANNA, Kind.MAIL, null, 10, TIME))
                .isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> vault.probe(TIME)).isInstanceOf(Fault.Unavailable.class);
    }

    @Test
    void aRandomHistoryEndsAsItsModelSays() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var history = new VaultHistory(seed, () -> vault);
        for (int round = 0; round < 4; round++) {
            history.go(150);
            history.check();
            reopen();
            history.check();
        }
    }

    /// Waits until the figures are these: a vault may count removals a moment after it answered them.
    protected final void figuresBecome(long objects, long bytes) {
        Deadline deadline = Deadline.in(TIME);
        while (!deadline.over()
                && (vault.figures().objects() != objects || vault.figures().bytes() != bytes)) {
            Thread.onSpinWait();
        }
        assertThat(vault.figures()).isEqualTo(new Vault.Figures(objects, bytes, 0));
    }

    protected final void reopen() {
        vault.close();
        vault = open(folder.resolve("first"));
    }

    protected final Piece put(Piece piece) {
        await(vault.put(piece.name(), piece.object()));
        return piece;
    }

    protected final byte[] whole(ObjectName name) {
        byte @Nullable [] bytes = vault.get(name, 0, 80 << 20, TIME);
        if (bytes == null) throw new AssertionError("not there: " + name);
        return bytes;
    }

    protected final List<ObjectName> names(AccountId account, Kind kind) {
        return vault.list(account, kind, null, 10_000, TIME).stream().map(Vault.Entry::name).toList();
    }

    protected static void await(Ticket<Void> ticket) {
        var _ = ticket.await(Deadline.in(TIME));
    }

    /// Copies a folder with all that is in it.
    protected static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) Files.createDirectories(target);
                else Files.copy(path, target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An object ready to put.
    public record Piece(ObjectName name, byte[] receipt, byte[] content, byte[] object) {
        /// Returns a mail of `length` bytes that do not compress, the same for the same arguments.
        public static Piece mail(AccountId account, int order, int length) {
            byte[] content = new byte[length];
            new Random(account.value() * 31 + order).nextBytes(content);
            return of(account, Kind.MAIL, order, content);
        }

        public static Piece of(AccountId account, Kind kind, int order, byte[] content) {
            var arrival = new ArrivalId(1L << 20, order);
            var name =
                    new ObjectName(account, kind, arrival.high(), arrival.low(), Sha256.of(content));
            byte[] receipt = kind == Kind.MAIL ? new byte[] {(byte) order, 2, 3} : new byte[0];
            return new Piece(name, receipt, content, StoredObject.encode(name, receipt, content));
        }
    }
}
