package casella.vault.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Sha256;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import casella.testkit.VaultContract.Piece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what a person finds in the folders, and that a changed file is set aside, never answered and grown anew.
final class FilesDamageTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final AccountId ANNA = new AccountId(1);
    private static final Instant AT = Instant.parse("2026-11-22T07:51:25.123Z");
    private static final String MAIL =
            "From: carla@example.org\r\nSubject: pranzo\r\n\r\nCi vediamo all'una?\r\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FilesVault vault;

    @BeforeEach
    void open() {
        vault = FilesVault.open("files", folder);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private static Piece mail(String sender, byte[] content) {
        var arrival = new ArrivalId(AT.toEpochMilli() << 16 | 0xABCD, 42);
        var receipt =
                new Receipt(arrival, AT, sender, "anna@posta.example", new MailboxId(7),
                        List.of("$seen", "work"));
        ObjectName name = ObjectName.mail(ANNA, arrival, Sha256.of(content));
        return new Piece(name, receipt.encode(), content,
                StoredObject.encode(name, receipt.encode(), content));
    }

    private Path put(Piece piece) throws IOException {
        var _ = vault.put(piece.name(), piece.object()).await(Deadline.in(TIME));
        return file(piece);
    }

    private Path file(Piece piece) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("accounts"))) {
            return all.filter(path -> path.toString().contains(piece.name().hash().toString())).findFirst()
                    .orElseThrow();
        }
    }

    private byte @Nullable [] get(Piece piece) {
        return vault.get(piece.name(), 0, Integer.MAX_VALUE, TIME);
    }

    /// Waits until what readers found is set aside.
    private void asideBecome(int count) throws IOException {
        Deadline deadline = Deadline.in(TIME);
        while (quarantine().size() < count && !deadline.over()) Thread.onSpinWait();
        assertThat(quarantine()).hasSize(count);
        while (vault.figures().quarantined() < count && !deadline.over()) Thread.onSpinWait();
        assertThat(vault.figures().quarantined()).isEqualTo(count);
    }

    private List<String> quarantine() throws IOException {
        return Disk.real().list(folder.resolve("quarantine"));
    }

    @Test
    void aMailIsAFileThatAPersonAndAMailProgramRead() throws IOException {
        Piece mail = mail("carla@example.org", MAIL.getBytes(StandardCharsets.US_ASCII));

        Path file = put(mail);

        assertThat(folder.relativize(file).toString())
                .isEqualTo("accounts/00/" + ANNA + "/mail/2026-11/22/2026-11-22-075125-" + mail.name()
                        .arrival() + "-"
                        + mail.name().hash() + ".eml");
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        assertThat(text)
                .startsWith("X-Casella-File: 1\r\nX-Casella-Object: " + mail.name() + "\r\n")
                .contains(
                        "\r\nX-Casella-Received: 2026-11-22T07:51:25.123Z\r\n",
                        "\r\nX-Casella-Sender: carla@example.org\r\n",
                        "\r\nX-Casella-Recipient: anna@posta.example\r\n",
                        "\r\nX-Casella-Mailbox: 7\r\n",
                        "\r\nX-Casella-Keywords: $seen work\r\n")
                .endsWith(MAIL);
        assertThat(text.replaceFirst("(?s)^.*\r\nX-Casella-End: [0-9a-f]{8}\r\n", "")).isEqualTo(MAIL);
        assertThat(folder.resolve("README.txt")).content().startsWith("Casella files vault, format 1\n");
    }

    @Test
    void aSenderCannotWriteOurLines() throws IOException {
        byte[] content = "X-Casella-End: 00000000\r\nX-Casella-File: 9\r\n\r\n".getBytes(
                StandardCharsets.US_ASCII);
        Piece mail = mail("x\r\nX-Casella-End: 00000000\r\n\0è@example.org", content);

        Path file = put(mail);

        assertThat(Files.readString(file, StandardCharsets.US_ASCII))
                .contains("\r\nX-Casella-Sender: x??X-Casella-End: 00000000????@example.org\r\n");
        byte[] object = get(mail);
        if (object == null) throw new AssertionError("not there");
        assertThat(StoredObject.read(mail.name(), object)).isEqualTo(content);
        assertThat(StoredObject.open(mail.name(), object).receipt()).isEqualTo(mail.receipt());
    }

    @Test
    void theLongestReceiptAndContentFit() throws IOException {
        byte[] content = new byte[StoredObject.CONTENT_BYTES_MAX];
        new Random(1).nextBytes(content);
        byte[] receipt = new byte[StoredObject.RECEIPT_BYTES_MAX];
        ObjectName name = ObjectName.mail(ANNA, new ArrivalId(AT.toEpochMilli() << 16, 1),
                Sha256.of(content));
        var mail = new Piece(name, receipt, content, StoredObject.encode(name, receipt, content));

        Path file = put(mail);

        assertThat(get(mail)).isEqualTo(mail.object());
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            assertThat(lines.limit(800)).allMatch(line -> line.length() < 998);
        }
    }

    @Test
    void aFlippedBitAnywhereIsNeverAnsweredAndTheFileIsSetAside() throws IOException {
        Piece mail = mail("carla@example.org", MAIL.getBytes(StandardCharsets.US_ASCII));
        long length = Files.size(put(mail));
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            Path file = put(mail);
            byte[] bytes = Files.readAllBytes(file);
            int at = random.nextInt((int) length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            String told = "byte " + at + ", seed " + seed;
            byte[] object = null;
            try {
                object = get(mail);
            } catch (Fault.Corrupt e) {
                // Found. A flip that makes the format's number larger looks like a newer version's file.
                boolean newer = String.valueOf(e.getMessage()).contains("newer");
                if (newer) Files.delete(file);
                continue;
            }
            assertThat(object).as(told).isNull();
        }
        asideBecome(1); // the same name each time: the newest evidence is kept
    }

    @Test
    void aFileCutEditedOrPutInTheWrongPlaceIsGrownAnewByTheNextPut() throws IOException {
        Piece mail = mail("carla@example.org", MAIL.getBytes(StandardCharsets.US_ASCII));
        byte[] good = Files.readAllBytes(put(mail));
        byte[] cut = java.util.Arrays.copyOf(good, good.length - 1);
        byte[] longer = java.util.Arrays.copyOf(good, good.length + 1);
        byte[] edited = new String(good, StandardCharsets.US_ASCII).replace("pranzo", "cenaaa")
                .getBytes(StandardCharsets.US_ASCII);
        for (byte[] bad : List.of(cut, longer, edited, new byte[0], new byte[300_000])) {
            Files.write(file(mail), bad);

            var _ = vault.put(mail.name(), mail.object()).await(Deadline.in(TIME));

            assertThat(Files.readAllBytes(file(mail))).isEqualTo(good);
            assertThat(Files.readAllBytes(folder.resolve("quarantine").resolve(quarantine().getFirst())))
                    .isEqualTo(bad);
            assertThat(vault.figures().objects()).isEqualTo(1);
        }
    }

    @Test
    void aDamagedFileIsLeftOutOfTheList() throws IOException {
        Piece good = Piece.mail(ANNA, 1, 400);
        Piece bad = Piece.mail(ANNA, 2, 400);
        var _ = put(good);
        Files.write(put(bad), new byte[] {1});

        assertThat(vault.list(ANNA, Kind.MAIL, null, 10, TIME)).extracting(entry -> entry.name())
                .containsExactly(good.name());
        asideBecome(1);
        assertThat(get(bad)).isNull();
    }

    @Test
    void filesOfOthersAreNotOurs() throws IOException {
        Piece mail = mail("carla@example.org", MAIL.getBytes(StandardCharsets.US_ASCII));
        Path file = put(mail);
        Files.writeString(file.resolveSibling("notes.txt"), "mine");
        Files.writeString(file.resolveSibling(file.getFileName() + "~"), "an editor's");
        Files.copy(file, file.resolveSibling("2020-01-01-000000" + String.valueOf(file.getFileName())
                .substring(17)));
        Files.writeString(folder.resolve("accounts/.hidden"), "");

        assertThat(vault.list(ANNA, Kind.MAIL, null, 10, TIME)).hasSize(1);
        assertThat(vault.accounts(null, 10, TIME)).containsExactly(ANNA);
        assertThat(quarantine()).isEmpty();
        var _ = vault.erase(ANNA).await(Deadline.in(TIME));
        assertThat(folder.resolve("accounts/00")).doesNotExist();
    }

    @Test
    void aNewerVersionsFileIsRefusedAndNotTouched() throws IOException {
        Piece mail = mail("carla@example.org", MAIL.getBytes(StandardCharsets.US_ASCII));
        Path file = put(mail);
        byte[] newer = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII)
                .replace("X-Casella-File: 1", "X-Casella-File: 2")
                .getBytes(StandardCharsets.US_ASCII);
        Files.write(file, newer);

        assertThatThrownBy(() -> get(mail)).isInstanceOf(Fault.Corrupt.class)
                .hasMessageContaining("newer version");
        assertThatThrownBy(() -> put(mail)).isInstanceOf(Fault.Corrupt.class)
                .hasMessageContaining("newer version");
        assertThat(Files.readAllBytes(file)).isEqualTo(newer);
        assertThat(quarantine()).isEmpty();
    }

    @Test
    void aNewerVersionsVaultIsRefusedAndNotTouched() throws IOException {
        vault.close();
        Files.writeString(folder.resolve("README.txt"), "Casella files vault, format 2\nand more\n");
        Files.writeString(folder.resolve("incoming/left"), "x");

        assertThatThrownBy(() -> FilesVault.open("files", folder))
                .isInstanceOf(Fault.Corrupt.class)
                .hasMessage("Vault was written by a newer version");

        assertThat(folder.resolve("README.txt")).hasContent("Casella files vault, format 2\nand more\n");
        assertThat(folder.resolve("incoming/left")).exists();
    }
}
