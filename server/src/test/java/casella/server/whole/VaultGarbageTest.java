package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proves promises 2 and 3 against a lying vault: with the server running, every file of one vault is overwritten or cut
/// in place. Every message is still read with its exact bytes, mail is accepted, log and metric say so.
final class VaultGarbageTest {
    private static final int MAILS = 60;
    private static final String ANNA = "anna@posta.example";

    @ParameterizedTest
    @CsvSource({"pack,overwrite", "rocksdb,truncate"})
    void aVaultOfGarbageCostsNothingButDebt(String vault, String how, @TempDir Path folder) throws Exception {
        costsNothingButDebt(vault, how, folder);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"pack,truncate", "rocksdb,overwrite"})
    void aVaultOfOtherGarbageCostsNothingMore(String vault, String how, @TempDir Path folder) throws Exception {
        costsNothingButDebt(vault, how, folder);
    }

    private void costsNothingButDebt(String vault, String how, Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            for (int i = 0; i < MAILS; i++) deliver(server, i);
            SortedMap<Long, byte[]> before = read(server);
            assertThat(before).hasSizeGreaterThanOrEqualTo(MAILS);

            ruin(data.resolve("vaults").resolve(vault), how);

            assertSame(read(server), before);
            for (int i = MAILS; i < MAILS + 20; i++) deliver(server, i);
            SortedMap<Long, byte[]> after = read(server);
            assertThat(after).hasSize(before.size() + 20);
            if (vault.equals("pack")) {
                assertThat(server.log()).contains("vault.copy-wrong vault=pack");
                assertThat(metrics(server)).containsPattern("casella_vault_reads_total\\{[^}]*corrupt[^}]*\\} [1-9]");
            }

            assertThat(server.stop()).isZero();
            try (var again = RunningServer.start(data)) {
                assertSame(read(again), after);
                deliver(again, 1_000);
                assertThat(again.log() + server.log()).contains("vault");
            }
        }
    }

    private static void assertSame(SortedMap<Long, byte[]> now, SortedMap<Long, byte[]> before) {
        assertThat(now.keySet()).isEqualTo(before.keySet());
        before.forEach((uid, bytes) -> assertThat(now.get(uid)).as("uid %d", uid).isEqualTo(bytes));
    }

    private static void deliver(RunningServer server, int number) throws IOException {
        var random = new Random(number);
        var text = new StringBuilder("Subject: numero " + number + "\r\n\r\n");
        int lines = 20 + random.nextInt(2_000);
        for (int i = 0; i < lines; i++) text.append(random.nextLong()).append("\r\n");
        try (var client = LineClient.lmtp(server.port("lmtp"))) {
            String reply = client.deliver("x@test.example", ANNA, text.toString().getBytes(StandardCharsets.US_ASCII));
            assertThat(reply).startsWith("250");
        }
    }

    private static SortedMap<Long, byte[]> read(RunningServer server) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            return client.bodies("INBOX");
        }
    }

    private static void ruin(Path vault, String how) throws IOException {
        var random = new Random(1);
        List<Path> files;
        try (Stream<Path> all = Files.walk(vault)) {
            files = all.filter(Files::isRegularFile).filter(file -> !file.endsWith("LOCK")).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            try (var open = new RandomAccessFile(file.toFile(), "rw")) {
                long length = open.length();
                if (how.equals("truncate")) {
                    open.setLength(length / 3);
                    continue;
                }
                byte[] garbage = new byte[1 << 16];
                for (long at = 0; at < length; at += garbage.length) {
                    random.nextBytes(garbage);
                    open.seek(at);
                    open.write(garbage, 0, (int) Math.min(garbage.length, length - at));
                }
            }
        }
    }

    private static String metrics(RunningServer server) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("operations") + "/metrics"));
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
