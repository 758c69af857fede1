package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Deadline;
import casella.base.Sha256;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.vault.files.FilesVault;
import casella.vault.pack.PackConfig;
import casella.vault.pack.PackVault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that docs/formats/reader.py, which was written after the format pages and has none of our classes, gets every
/// mail out of a vault byte for byte, and passes over what is damaged.
final class StandAloneReaderTest {
    private static final Path READER =
            Path.of(System.getProperty("casella.root", "."), "docs", "formats", "reader.py").toAbsolutePath();
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Instant AT = Instant.parse("2026-11-22T07:51:25.123Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /// What must come out: `account/arrival-sha256.eml` and the bytes.
    private final TreeMap<String, byte[]> expected = new TreeMap<>();
    private final Random random = new Random(7);
    private boolean reads;

    private record Run(int code, String out, String err) {}

    @BeforeEach
    void look() throws Exception {
        reads = runs("python3", "--version") && runs("zstd", "--version");
        if (!reads) System.err.println("reader.py not tried: no python3, or no zstd");
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Run reader(String... arguments) throws Exception {
        Path err = folder.resolve("err");
        var command = new ArrayList<>(List.of("python3", READER.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, Files.readString(err));
    }

    /// Fills a vault with what is hard: long, empty, compressible, not compressible, removed, put again, erased.
    private void fill(Vault vault) {
        var anna = new AccountId(1);
        var bruno = new AccountId(-2);
        var gone = new AccountId(77);
        for (int i = 0; i < 40; i++) put(vault, anna, i, noise(200 + 97 * i));
        put(vault, anna, 100, new byte[0]);
        put(vault, anna, 101, "una riga e ancora la stessa\r\n".repeat(60_000)
                .getBytes(StandardCharsets.UTF_8));
        put(vault, bruno, 102, noise(900_000));
        put(vault, bruno, 103,
                "From: è@example.org\r\n\r\nCBM1CSO1CAL1\r\n".getBytes(StandardCharsets.UTF_8));
        ObjectName removed = put(vault, bruno, 104, noise(3_000));
        done(vault.delete(removed));
        expected.remove(file(removed));
        byte[] again = noise(5_000);
        done(vault.delete(put(vault, anna, 105, again)));
        put(vault, anna, 105, again);
        for (int i = 0; i < 5; i++) expected.remove(file(put(vault, gone, 110 + i, noise(100))));
        done(vault.erase(gone));
        put(vault, gone, 120, noise(150));
        byte[] journal = noise(400);
        var segment = new ObjectName(anna, Kind.SEGMENT, 1, 9, Sha256.of(journal));
        done(vault.put(segment, StoredObject.encode(segment, new byte[0], journal)));
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private ObjectName put(Vault vault, AccountId account, int order, byte[] content) {
        var arrival = new ArrivalId(AT.toEpochMilli() << 16, order);
        ObjectName name = ObjectName.mail(account, arrival, Sha256.of(content));
        var receipt = new Receipt(arrival, AT, "carla@example.org", "anna@posta.example", null, List.of());
        done(vault.put(name, StoredObject.encode(name, receipt.encode(), content)));
        expected.put(file(name), content);
        return name;
    }

    private static void done(casella.base.Ticket<Void> ticket) {
        var _ = ticket.await(Deadline.in(TIME));
    }

    private static String file(ObjectName name) {
        return name.account() + "/" + name.arrival() + "-" + name.hash() + ".eml";
    }

    private static Map<String, byte[]> written(Path folder) throws IOException {
        var found = new TreeMap<String, byte[]>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                found.put(folder.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return found;
    }

    private void comesOutWhole(Path vault) throws Exception {
        Path to = folder.resolve("out");
        Run get = reader(vault.toString(), to.toString());
        assertThat(get).isEqualTo(new Run(0, expected.size() + " mails\n", ""));
        Map<String, byte[]> found = written(to);
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((file, bytes) -> assertThat(found.get(file)).as(file).isEqualTo(bytes));

        Path one = folder.resolve("one");
        Run account = reader(vault.toString(), one.toString(), new AccountId(77).toString());
        assertThat(account).isEqualTo(new Run(0, "1 mails\n", ""));
        assertThat(written(one).keySet()).singleElement().asString().startsWith(new AccountId(77) + "/");
    }

    private PackVault pack(Path vault) {
        // Many small segments, as years make many large ones.
        var config = new PackConfig(256 << 10, 0, Duration.ofSeconds(5));
        return PackVault.open("pack", vault, Disk.real(), config);
    }

    @Test
    void everyMailComesOutOfAPackVault() throws Exception {
        Path vault = folder.resolve("pack");
        try (var open = pack(vault)) {
            fill(open);
        }
        if (!reads) return;
        assertThat(Disk.real().list(vault).stream().filter(name -> name.endsWith(".seg")))
                .hasSizeGreaterThan(2);
        comesOutWhole(vault);
        // Indexes are derived: without them it reads the same.
        for (String name : Disk.real().list(vault)) if (name.endsWith(".idx")) {
            Files.delete(vault.resolve(name));
        }
        comesOutWhole(vault);
    }

    @Test
    void everyMailComesOutOfAFilesVault() throws Exception {
        Path vault = folder.resolve("files");
        try (var open = FilesVault.open("files", vault)) {
            fill(open);
        }
        if (reads) comesOutWhole(vault);
    }

    @Test
    void damageInAPackVaultCostsWhatItHits() throws Exception {
        Path vault = folder.resolve("pack");
        try (var open = pack(vault)) {
            fill(open);
        }
        if (!reads) return;
        List<Path> segments = Disk.real().list(vault).stream().filter(name -> name.endsWith(".seg"))
                .map(vault::resolve).toList();
        byte[] first = Files.readAllBytes(segments.getFirst());
        // A flip in a mail, in a record's head, in a mark, in the header; and an end that is missing.
        for (int at : new int[] {first.length / 2, 64 + 32 + 3, 64 + 10, 8}) first[at] ^= 4;
        Files.write(segments.getFirst(), Arrays.copyOf(first, first.length - 100));

        Path to = folder.resolve("out");
        Run get = reader(vault.toString(), to.toString());

        assertThat(get.code()).as(get.err()).isEqualTo(1);
        assertThat(get.err()).contains("damaged, passed over: ");
        Map<String, byte[]> found = written(to);
        assertThat(found).hasSizeLessThan(expected.size()).hasSizeGreaterThan(expected.size() - 6);
        found.forEach((file, bytes) -> assertThat(bytes).as(file).isEqualTo(expected.get(file)));
    }

    /// Cut where a batch ends nothing in the file looks wrong: what was synced is claimed by the next one.
    @Test
    void aSegmentCutBetweenBatchesIsNamedAndATornEndIsNoDamage() throws Exception {
        Path vault = folder.resolve("pack");
        try (var open = pack(vault)) {
            fill(open);
        }
        if (!reads) return;
        List<Path> segments = Disk.real().list(vault).stream().filter(name -> name.endsWith(".seg")).sorted()
                .map(vault::resolve).toList();
        Path first = segments.getFirst();
        byte[] whole = Files.readAllBytes(first);
        int batch = lastBatch(whole);
        Path to = folder.resolve("out");
        for (int cut : new int[] {batch, batch + 32}) { // before its mark, and after it
            Files.write(first, Arrays.copyOf(whole, cut));
            Run get = reader(vault.toString(), to.toString());
            assertThat(get.code()).as(get.err()).isEqualTo(1);
            assertThat(get.err()).contains("damaged, passed over: " + first + " from " + cut + ", it was synced up to ");
        }
        Files.write(first, whole);

        Path last = segments.getLast();
        long length = Files.size(last);
        Files.write(last, noise(300), StandardOpenOption.APPEND);
        Run torn = reader(vault.toString(), to.toString());
        assertThat(torn.code()).as(torn.err()).isZero();
        assertThat(torn.err()).isEqualTo("torn end, passed over: " + last + " from " + length + ", to the next batch\n");
        assertThat(written(to).keySet()).isEqualTo(expected.keySet());
    }

    /// Returns where the last batch that has records begins.
    private static int lastBatch(byte[] segment) {
        ByteBuffer file = ByteBuffer.wrap(segment);
        int found = 0;
        for (int at = 64; at < segment.length; at += 32 + file.getInt(at + 24)) {
            if (file.getInt(at + 24) > 0) found = at;
        }
        return found;
    }

    @Test
    void damageInAFilesVaultCostsThatFile() throws Exception {
        Path vault = folder.resolve("files");
        ObjectName hit;
        try (var open = FilesVault.open("files", vault)) {
            fill(open);
            hit = put(open, new AccountId(5), 1, noise(1_000));
        }
        if (!reads) return;
        try (Stream<Path> all = Files.walk(vault)) {
            Path file = all.filter(path -> path.toString().contains(hit.hash().toString())).findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 7] ^= 1;
            Files.write(file, bytes);
        }
        Path to = folder.resolve("out");
        Run get = reader(vault.toString(), to.toString());

        assertThat(get.code()).isEqualTo(1);
        assertThat(get.err()).contains("damaged, passed over: ").contains(hit.hash().toString());
        expected.remove(file(hit));
        assertThat(written(to).keySet()).isEqualTo(expected.keySet());
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        Path vault = folder.resolve("files");
        Files.createDirectories(vault);
        Files.writeString(vault.resolve("README.txt"), "Casella files vault, format 2\n");
        if (!reads) return;
        Run get = reader(vault.toString(), folder.resolve("out").toString());
        assertThat(get.code()).isEqualTo(1);
        assertThat(get.err()).contains("format 2; this reader knows format 1");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
