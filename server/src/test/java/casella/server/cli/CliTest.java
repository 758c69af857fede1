package casella.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Metrics;
import casella.directory.DirectorySettings;
import casella.directory.SqliteDirectory;
import casella.server.Launch;
import casella.server.config.DataConfig;
import casella.server.control.ControlSocket;
import casella.server.control.DataFolder;
import casella.server.control.Json;
import casella.server.control.LocalOperations;
import casella.server.control.Parts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Proves that commands do the same in the folder and through a server's socket, never beside a server, with the exit
/// codes scripts rely on.
class CliTest {
    private static final Launch NO_SERVER = (_, _, _) -> {
        throw new Launch.StartFailed("listen.imap: port 2143 is taken");
    };

    @TempDir Path folder;

    private record Result(int code, String out, String err) {}

    private Result run(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("CASELLA_DATA", "d"),
                folder);
        int code = Cli.run(terminal, NO_SERVER, arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Result done(String... arguments) {
        Result result = run("", arguments);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    /// A server of directory and socket only.
    private AutoCloseable server() {
        DataConfig layout = DataConfig.of(folder.resolve("d"));
        var held = (DataFolder.Taken.Held) DataFolder.take(layout);
        var directory = SqliteDirectory.open(layout.directory(), DirectorySettings.cheap(), Metrics.none());
        Parts parts = new Parts() {
            @Override
            public List<Part> parts() {
                return List.of(Part.whole("engine"), new Part("vault.pack", State.GONE, "Does not answer"));
            }

            @Override
            public Debt debt() {
                return new Debt(3, 4_096, 2, 17, Parts.Paying.NOTHING);
            }

            @Override
            public Holes holes() {
                return new Holes(2, 5, Instant.parse("2026-11-22T10:00:00Z"));
            }
        };
        var socket = ControlSocket.open(
                DataFolder.socket(layout), new LocalOperations(directory.registrar(), Optional.of(parts)));
        return () -> {
            socket.close();
            directory.close();
            held.folder().close();
        };
    }

    private void brand() {
        done("brand", "add", "posta", "--title", "Posta", "--host", "posta.localhost");
        done("brand", "domain", "add", "posta", "posta.example");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAccountLivesThroughItsCommands(boolean withServer) throws Exception {
        try (AutoCloseable _ = withServer ? server() : () -> {}) {
            brand();
            done("plan", "add", "plus", "--quota", "50GiB", "--paid", "--level", "premium");
            done("plan", "add", "plus", "--quota", "50GiB", "--paid", "--recipients-per-hour", "900");
            done("plan", "add", "plus", "--quota", "50GiB", "--paid", "--level", "premium", "--recipients-per-day", "0");
            assertThat(done("plan", "list").out()).contains("50GiB, sends to 900 in one hour").contains("1GiB\n");
            Result added = run("secret word\n", "account", "add", "Anna@posta.example", "--plan", "plus", "--password-stdin", "--json");
            assertThat(added.code()).as(added.err()).isZero();
            JsonNode account = Json.MAPPER.readTree(added.out());
            assertThat(account.path("address").asString()).isEqualTo("Anna@posta.example");
            assertThat(account.has("password")).isFalse();

            assertThat(done("account", "add", "bruno@posta.example").out()).containsPattern("password: [a-z2-9]{4}-");
            done("account", "alias", "anna@posta.example", "info@posta.example");
            done("account", "disable", "info@posta.example");
            done("account", "plan", "bruno@posta.example", "plus", "--paid-until", "2027-01-31");
            done("account", "passwd", "bruno@posta.example");
            assertThat(done("account", "wipe", "bruno@posta.example").out()).contains("then erased");

            JsonNode list = Json.MAPPER.readTree(done("account", "list", "--json").out());
            assertThat(list).hasSize(2);
            assertThat(list.get(0).path("state").asString()).isEqualTo("disabled");
            assertThat(list.get(1).path("paidUntil").asString()).isEqualTo("2027-01-31T00:00:00Z");
            assertThat(done("account", "list").out()).contains("Anna@posta.example").contains("wiped");
            assertThat(done("brand", "list").out()).contains("posta.example").contains("posta.localhost");
            assertThat(done("plan", "list", "--json").out()).contains("\"name\":\"plus\"");
        }
    }

    @Test
    void brandDkimMakesAKeyOnceAndSaysWhatToPublish() {
        brand();
        done("brand", "add", "virgola");

        String line = done("brand", "dkim", "posta").out();

        assertThat(line).containsPattern(
                "^casella-20[0-9]{6}\\._domainkey\\.posta\\.example\\. IN TXT \\( \"v=DKIM1; k=rsa; p=[^\"]{200,}\" \"[^\"]+\" \\)\n").containsPattern(
                "\ncasella-20[0-9]{6}-ed25519\\._domainkey\\.posta\\.example\\. IN TXT \\( \"v=DKIM1; k=ed25519; p=[^\"]+\" \\)\n$");
        assertThat(done("brand", "dkim").out()).isEqualTo(line);
        JsonNode row = Json.MAPPER.readTree(done("brand", "dkim", "--json").out()).get(0);
        assertThat(row.path("signs").asBoolean()).isTrue();
        assertThat(row.path("name").asString()).endsWith("._domainkey.posta.example");
        assertThat(row.path("text").asString()).startsWith("v=DKIM1; k=rsa; p=MIIBI");
        assertThat(run("", "brand", "dkim", "nobody").err()).contains("there is no 'nobody'");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anImportNamesItsWrongRowsAndExitsWithOne(boolean withServer) throws Exception {
        String hash = "{BLF-CRYPT}$2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe";
        String rows = IntStream.range(0, 1_200)
                .mapToObj(i -> "u%04d@posta.example,%s,N\u00e4me \ud83d\ude00%n".formatted(i, hash))
                .collect(Collectors.joining());
        Files.writeString(folder.resolve("a.csv"), "address,password,name\n" + rows + "nobody,,\n");
        try (AutoCloseable _ = withServer ? server() : () -> {}) {
            brand();

            Result result = run("", "account", "import", "a.csv");

            assertThat(result.code()).as(result.err()).isEqualTo(1);
            assertThat(result.out())
                    .isEqualTo("line 1202, column address: must be like name@domain\n1200 added, 1 refused\n");
            assertThat(result.err()).contains("500 rows").contains("1000 rows");
            JsonNode list = Json.MAPPER.readTree(done("account", "list", "--json").out());
            assertThat(list).hasSize(1_200);
            assertThat(list.get(1_199).path("name").asString()).isEqualTo("N\u00e4me \ud83d\ude00");
            assertThat(run("address\nx@posta.example\n", "account", "import", "-", "--json").out())
                    .contains("\"added\":1");
        }
    }

    private JsonNode json(String... arguments) {
        return Json.MAPPER.readTree(done(arguments).out());
    }

    /// Counts of the first cohort and of all slices together.
    private void counts(JsonNode list, long staff, long slices) {
        long inSlices = 0;
        for (JsonNode row : list) {
            if (row.path("cohort").asString("").startsWith("slice-")) inSlices += row.path("accounts").asLong();
        }
        assertThat(list.get(0).path("cohort").asString()).isEqualTo("staff");
        assertThat(list.get(0).path("accounts").asLong()).isEqualTo(staff);
        assertThat(list.get(1).path("cohort").asString()).isEqualTo("volunteers");
        assertThat(inSlices).isEqualTo(slices);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAccountIsPutInACohortAndBackAndCountedThere(boolean withServer) throws Exception {
        try (AutoCloseable _ = withServer ? server() : () -> {}) {
            brand();
            done("brand", "add", "virgola", "--title", "Virgola", "--host", "virgola.localhost");
            done("brand", "domain", "add", "virgola", "virgola.example");
            done("plan", "add", "plus", "--quota", "50GiB", "--paid", "--level", "premium");
            for (int i = 0; i < 3; i++) done("account", "add", "n" + i + "@posta.example");
            done("account", "add", "anna@virgola.example", "--plan", "plus");
            counts(json("cohort", "list", "--json"), 0, 4);
            String slice = json("cohort", "show", "anna@virgola.example", "--json").path("cohort").asString();
            assertThat(slice).startsWith("slice-");

            assertThat(done("cohort", "move", "anna@virgola.example", "--to", "staff", "--dry-run").out())
                    .isEqualTo("anna@virgola.example would go from " + slice + " to staff; nothing was done\n");
            counts(json("cohort", "list", "--json"), 0, 4);
            assertThat(done("cohort", "move", "anna@virgola.example", "--to", "staff").out())
                    .isEqualTo("anna@virgola.example went from " + slice + " to staff\n");
            assertThat(json("cohort", "move", "anna@virgola.example", "--to", "staff", "--json").path("moved").asBoolean())
                    .isFalse();

            counts(json("cohort", "list", "--json"), 1, 3);
            counts(json("cohort", "list", "--brand", "virgola", "--json"), 1, 0);
            counts(json("cohort", "list", "--plan", "free", "--json"), 0, 3);
            assertThat(done("cohort", "list", "--plan", "plus").out().lines())
                    .containsExactly("staff              1 accounts  brands virgola 1  plans plus 1  put there 1",
                            "volunteers         0 accounts", "1 accounts");
            assertThat(done("cohort", "show", "staff").out()).contains("1 accounts").contains("plus 1");
            assertThat(done("cohort", "show", "anna@virgola.example").out())
                    .contains("staff (put there; its id says " + slice + ")");

            done("cohort", "move", "anna@virgola.example", "--to", "slice");
            counts(json("cohort", "list", "--json"), 0, 4);
            assertThat(json("cohort", "show", "anna@virgola.example", "--json").path("placed").asBoolean()).isFalse();
        }
        if (withServer) return; // this server writes nothing down
        assertThat(Files.readString(folder.resolve("d/audit.log")))
                .contains("CohortMove[address=anna@virgola.example, to=staff, dryRun=false]")
                .doesNotContain("dryRun=true");
    }

    @Test
    void withoutAServerStatusAndDebtAreNotReachable() {
        assertThat(run("", "status").code()).isEqualTo(3);
        assertThat(run("", "debt").code()).isEqualTo(3);
        assertThat(Files.exists(folder.resolve("d"))).isFalse();
    }

    @Test
    void everyGroupOfCommandsAnswersHelp() {
        for (String group : List.of("account", "brand", "domain", "plan", "directory", "queue", "quarantine", "standby", "collect", "cohort")) {
            String[] asked = group.equals("domain") ? new String[] {"brand", "domain", "--help"} : new String[] {group, "--help"};
            Result help = run("", asked);

            assertThat(help.code()).as(group).isZero();
            assertThat(help.out()).as(group).contains("Commands:");
        }
    }

    @Test
    void withAServerStatusTellsItsPartsAndDebtIsTold() throws Exception {
        try (AutoCloseable _ = server()) {
            Result status = run("", "status");
            assertThat(status.code()).isEqualTo(1);
            assertThat(status.out()).contains("vault.pack").contains("Does not answer");
            assertThat(status.out()).contains("\n  holes: 2, the newest 2026-11-22T10:00:00Z; possible duplicates: 5; ");
            assertThat(Json.MAPPER.readTree(run("", "status", "--json").out()).path("holes"))
                    .isEqualTo(Json.MAPPER.readTree(
                            "{\"opened\":2,\"possibleDuplicates\":5,\"newest\":\"2026-11-22T10:00:00Z\"}"));
            assertThat(Json.MAPPER.readTree(run("", "status", "--json").out()).path("status").asString()).isEqualTo("gone");
            assertThat(done("debt").out()).startsWith("owed: 3 objects, 4.0 KB, of 2 accounts; the oldest for 17 s\n");
            assertThat(Json.MAPPER.readTree(done("debt", "--json").out()))
                    .isEqualTo(Json.MAPPER.readTree("{\"objects\":3,\"bytes\":4096,\"accounts\":2,\"oldestSeconds\":17,\"vaults\":[]}"));
            Path socket = folder.resolve("d/run/control.sock");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
        }
        assertThat(Files.exists(folder.resolve("d/run/control.sock"))).isFalse();
    }

    @Test
    void nothingIsOpenedBesideAProcessThatHasTheFolder() {
        var held = (DataFolder.Taken.Held) DataFolder.take(DataConfig.of(folder.resolve("d")));
        try (DataFolder _ = held.folder()) {
            Result list = run("", "account", "list");

            assertThat(list.code()).isEqualTo(3);
            assertThat(list.err()).contains("process " + ProcessHandle.current().pid());
            assertThat(run("", "serve").code()).isEqualTo(1);
            assertThat(run("", "directory", "restore").code()).isEqualTo(1);
        }
        assertThat(run("", "account", "list", "--json").out()).isEqualTo("[]\n");
    }

    @Test
    void aSocketADeadProcessLeftIsPassedOverAndReplaced() throws Exception {
        AutoCloseable server = server();
        Path socket = folder.resolve("d/run/control.sock");
        server.close();
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(socket));
        }

        done("account", "list");
        try (AutoCloseable _ = server()) {
            assertThat(run("", "status").code()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "nonsense", "account", "account add", "account add a b c", "account list --wrong", "demo --port-offset x",
        "demo --port-offset 70000", "account add a@b --password-stdin", "account wipe", "config",
        "account import missing.csv", "plan add p --quota much", "serve --config missing.yaml"
    })
    void badUsageExitsWithTwoAndSaysWhy(String arguments) {
        Result result = run("", arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).startsWith("casella: ");
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "account add nobody@elsewhere.example", "account add nobody", "account passwd a@posta.example",
        "brand domain add none posta.example", "brand add UPPER", "brand add x --accent red", "account disable x",
        "plan add p --level golden"
    })
    void aRefusalNamesTheFieldAndExitsWithOne(String arguments) {
        Result result = run("", arguments.split(" "));

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).matches("casella: [a-z-]+: .+\n");
    }

    @Test
    void aConfigurationThatIsWrongIsRefusedBeforeAnythingIsOpened() throws Exception {
        Files.writeString(folder.resolve("c.yaml"), "imap:\n  idel-timeout: 1h\n");

        Result serve = run("", "serve", "--config", "c.yaml");
        assertThat(serve.code()).isEqualTo(2);
        assertThat(serve.err())
                .isEqualTo("casella: configuration: line 2: imap.idel-timeout: is no key; did you mean imap.idle-timeout?\n");
        assertThat(run("", "config", "--check", "c.yaml").code()).isEqualTo(1);
        assertThat(Files.exists(folder.resolve("d"))).isFalse();
    }

    @Test
    void foldersMovedByConfigurationAreFound() throws Exception {
        Files.writeString(folder.resolve("c.yaml"), "data:\n  directory: " + folder.resolve("elsewhere") + "\n");
        done("brand", "add", "posta", "--config", "c.yaml");

        assertThat(Files.exists(folder.resolve("elsewhere/directory.db"))).isTrue();
        assertThat(done("brand", "list", "--config", "c.yaml").out()).contains("posta");
        assertThat(done("brand", "list").out()).isEmpty();
    }

    @Test
    void aFileIsClassifiedWithoutAServer() throws Exception {
        List<String> lines = List.of("From: Bank <otp@bank.example>", "To: a@b.example",
                "Subject: Your verification code", "", "It is 482913.", "");
        Files.writeString(folder.resolve("code.eml"), String.join("\r\n", lines));
        assertThat(done("queue", "classify", "code.eml").out()).endsWith(
                "  yes  it says what is waited for: code\n  yes  it is proven to come from its domain\nurgent: code\n");
        JsonNode facts = Json.MAPPER.readTree(done("queue", "classify", "code.eml", "--unproven", "--json").out());
        assertThat(facts.path("priority").asString()).isEqualTo("personal");
        assertThat(facts.path("reason").asString()).isEqualTo("unproven (code)");
        assertThat(facts.path("looks")).hasSize(10);
        Files.writeString(folder.resolve("c.yaml"), "queue:\n  never-urgent-senders: [bank.example]\n");
        assertThat(done("queue", "classify", "code.eml", "--config", "c.yaml").out()).endsWith("personal: never-urgent-sender\n");
        assertThat(run("", "queue", "classify", "none.eml").code()).isEqualTo(1);
    }

    @Test
    void whatPrintsWithoutAFolderPrints() {
        assertThat(done("version").out()).startsWith("casella 0.1.0 (java 25");
        assertThat(Json.MAPPER.readTree(done("version", "--json").out()).path("version").asString()).isEqualTo("0.1.0");
        assertThat(done("config", "--explain").out()).contains("### `imap.idle-timeout`");
        assertThat(Json.MAPPER.readTree(done("config", "--explain", "--json").out())).hasSizeGreaterThan(50);
        assertThat(done("help").out()).contains("account").contains("Exit codes");
        assertThat(done("help", "account").out()).contains("import");
        assertThat(done("account", "add", "--help").out()).contains("--password-stdin");
    }

    @Test
    void aServerThatCannotStartSaysWhy() {
        Result result = run("", "demo");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("casella: listen.imap: port 2143 is taken");
        assertThat(result.out()).isEmpty();
    }
}
