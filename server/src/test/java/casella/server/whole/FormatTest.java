package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Deadline;
import casella.base.Sha256;
import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a data folder of the oldest format that is kept opens, serves what it held, is found right, and is made
/// whole again without its engine; and that a folder made today passes the same.
///
/// The kept folder is `testdata/format/v1`; `-Dformat.keep=DIR` keeps today's in DIR, with what it must show.
final class FormatTest {
    private static final Path KEPT =
            Path.of(System.getProperty("casella.root", "."), "testdata", "format", "v1").toAbsolutePath();
    private static final List<String> OWNERS = List.of("anna@posta.example", "bruno@virgola.example");
    private static final List<String> ALL =
            List.of("anna@posta.example", "bruno@virgola.example", "carlo@posta.example",
                    "dora@virgola.example");
    private static final String QUEUED = "Subject: in coda";
    private static final Duration TIME = Duration.ofSeconds(90);
    private static final String KEEP = System.getProperty("format.keep", "");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path config;

    @BeforeEach
    void configure() throws IOException {
        config = folder.resolve("casella.yaml");
        Files.writeString(
                config,
                "store: {vaults: [pack, rocksdb, files], copies: 3, ack: 2, read-timeout: 2s, write-timeout: 2s,"
                        + " automatic-standby: false, return-after: 10s}\n");
    }

    @Test
    void theOldestFolderOpensServesAndIsMadeWholeAgain() throws Exception {
        copy(KEPT.resolve("data"), folder.resolve("data"));

        check(folder.resolve("data"), Files.readString(KEPT.resolve("shows.txt")));
    }

    @Test
    @Tag("long")
    void aFolderOfTodayPassesTheSame() throws Exception {
        Path data = folder.resolve("data");
        make(data);
        Path copy = folder.resolve("copy");
        copy(data, copy);
        String shows;
        try (var server = RunningServer.serve(copy, config)) {
            shows = filed(server);
            assertThat(server.stop()).isZero();
        }
        if (!KEEP.isEmpty()) {
            copy(data, Path.of(KEEP, "data"));
            Files.writeString(Path.of(KEEP, "shows.txt"), shows);
        }

        check(data, shows);
    }

    /// Makes a folder with a little of everything: mails long and short in all vaults, folders, flags, copies, ends; a
    /// journal with and without a checkpoint; mail in the queue and changes in the tail, as a kill leaves them.
    private void make(Path data) throws Exception {
        try (var server = RunningServer.start(data)) {
            assertThat(server.stop()).isZero();
        }
        try (var server = RunningServer.serve(data, config)) {
            for (String owner : OWNERS) {
                for (int i = 0; i < 6; i++) deliver(server, owner, "Subject: numero " + i, 3 + 60 * i);
                use(server, owner);
            }
            deliver(server, OWNERS.getFirst(), "Subject: lungo", 14_500);
            flags(server, OWNERS.getLast(), KEEP.isEmpty() ? 10 : 1_050);
            wholeEverywhere(data);
            assertThat(server.stop()).isZero();
        }
        try (var server = RunningServer.troubled(data, config)) {
            deliver(server, OWNERS.getLast(), "Subject: nella coda del giornale", 3);
            server.tell("engine hung");
            deliver(server, OWNERS.getFirst(), QUEUED, 40);
            server.kill();
        }
        for (String left : List.of("run", "keys", "search")) delete(data.resolve(left));
        // What RocksDB logs names folders of the machine, and nothing reads it; nor what SQLite shares
        // among processes.
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.filter(file -> file.getFileName().toString()
                    .matches("LOG|LOG\\.old.*|LOCK|.*-shm")).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void use(RunningServer server, String owner) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), owner)) {
            for (String command : List.of(
                    "CREATE Lavoro/Fatture", "SUBSCRIBE Lavoro/Fatture", "SELECT INBOX",
                    "UID STORE 1:* +FLAGS (\\Seen)", "STORE 1 +FLAGS (\\Flagged $progetto)",
                            "MOVE 2 Lavoro/Fatture",
                    "COPY 1:2 Lavoro", "STORE 3 +FLAGS (\\Deleted)", "EXPUNGE", "CREATE Vecchio",
                            "DELETE Vecchio")) {
                assertThat(client.command("u", command).getLast()).as(command).startsWith("u OK");
            }
        }
    }

    private static void flags(RunningServer server, String owner, int times) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), owner)) {
            client.command("s", "SELECT INBOX");
            for (int i = 0; i < times; i++) {
                String sign = i % 2 == 0 ? "+" : "-";
                assertThat(client.command("f", "STORE 1 " + sign + "FLAGS.SILENT (avanti)").getLast())
                        .startsWith("f OK");
            }
        }
    }

    private static void deliver(RunningServer server, String owner, String subject, int lines)
            throws IOException {
        String mail = "From: Mittente <mittente@test.example>\r\n" + subject + "\r\nMessage-ID: <"
                + subject.hashCode() + "@test.example>\r\n\r\n" + "una riga di prova\r\n".repeat(lines);
        try (var client = LineClient.lmtp(server.port("lmtp"))) {
            String reply = client.deliver("mittente@test.example", owner,
                    mail.getBytes(StandardCharsets.US_ASCII));
            assertThat(reply).startsWith("250");
        }
    }

    private void check(Path data, String shows) throws Exception {
        try (var server = RunningServer.serve(data, config)) {
            assertThat(filed(server)).isEqualTo(shows);
            wholeEverywhere(data);
            assertThat(server.stop()).isZero();
        }
        delete(data.resolve("engine"));
        try (var server = RunningServer.serve(data, config)) {
            assertThat(picture(server)).isEqualTo(shows);
            wholeEverywhere(data);
            assertThat(server.stop()).isZero();
        }
    }

    /// Waits until what was in the queue is filed, and returns the picture.
    private static String filed(RunningServer server) throws IOException {
        Deadline deadline = Deadline.in(TIME);
        String picture = picture(server);
        while (!picture.contains(QUEUED) && !deadline.over()) picture = picture(server);
        assertThat(picture).contains(QUEUED);
        return picture(server); // it came while the one before was taken
    }

    /// Waits until every account is right in the engine and in all three vaults.
    private void wholeEverywhere(Path data) {
        Deadline deadline = Deadline.in(TIME);
        String told = "";
        while (!deadline.over()) {
            var out = new ByteArrayOutputStream();
            int code = Cli.run(
                    new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(out),
                            Map.of(), data),
                    new Server(),
                    "verify", "--all", "--data", data.toString(), "--config", config.toString());
            if (code == 0) return;
            told = out.toString(StandardCharsets.UTF_8);
        }
        throw new AssertionError(told);
    }

    /// Everything a client could have kept of the accounts, and the hash of every body.
    private static String picture(RunningServer server) throws IOException {
        var lines = new ArrayList<String>();
        for (String owner : ALL) {
            lines.add("== " + owner);
            try (var client = LineClient.imap(server.port("imap"), owner)) {
                for (String line : client.command("p", "LIST \"\" * RETURN (SUBSCRIBED)")) {
                    if (!line.startsWith("* LIST")) continue;
                    lines.add(line);
                    String name = line.substring(line.indexOf("\"/\" ") + 4);
                    for (String told : client.command("e", "EXAMINE " + name)) {
                        if (told.matches(".*(UIDVALIDITY|UIDNEXT|EXISTS|MAILBOXID).*")) lines.add(told);
                    }
                    String asked = "UID FETCH 1:* (FLAGS INTERNALDATE EMAILID THREADID BODY.PEEK[HEADER.FIELDS (SUBJECT)])";
                    client.command("f", asked).stream().filter(text -> !text.startsWith("f OK"))
                            .forEach(lines::add);
                    client.bodies(name.replace("\"", "").contains(" ") ? name : name.replace("\"", ""))
                            .forEach((uid, body) -> lines.add(uid + " " + Sha256.of(body)));
                }
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) Files.createDirectories(target);
                else Files.copy(path, target);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
