package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A complaint is taken by the form while engine and vaults answer nobody, is acknowledged in its owner's mailbox when they are back,
/// and is answered; one that comes by mail is a case too; all of it is there after a kill.
final class ComplaintTest {
    private static final String ANNA = "anna@posta.example";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void aComplaintIsTakenAnsweredAndKept() throws Exception {
        Path data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, """
                store: {read-timeout: 1s, write-timeout: 1s, return-after: 1s}
                incident: {complaint-mailboxes: ["posta: reclami@posta.example"]}
                """);
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        casella(0, data, "account", "add", "reclami@posta.example");
        try (var server = RunningServer.troubled(data, config)) {
            server.tell("engine away");
            server.tell("vaults away");
            takenByTheForm(server, data);
            givenAsFarAsItCanBe(data);

            server.tell("heal");
            until("Anna is told that it came", () -> subjects(server).contains("ricevuto il tuo reclamo R-"));
            broughtByMail(server);
            until("the mail is a case", () -> list(data).contains(" mail "));
            answered(server, data);
            server.kill();
        }
        try (var server = RunningServer.serve(data, config)) {
            assertThat(casella(0, data, "complaint", "show", "1")).contains("Tre giorni senza posta.")
                    .contains("decided");
            assertThat(list(data)).contains("1 open, 0 answered, 2 closed; 0 overdue");
            leaves(data);
            ownersSeeTheSame(server, data);
            assertThat(server.stop()).isZero();
        }
        assertThat(Files.readString(data.resolve("audit.log")))
                .contains("ComplaintAnswer[complaint=1, way=mailbox]").contains("ComplaintPackage[complaint=1")
                .contains("AvailabilityAll[incident=1")
                .doesNotContain("dispiace").doesNotContain("Tre giorni");
    }

    private void takenByTheForm(RunningServer server, Path data) throws Exception {
        assertThat(get(server, "/complaints/it/").body()).contains("<h1>Reclami</h1>")
                .doesNotContain("<script");
        assertThat(form(server, "mailbox=&name=Anna&text=x").statusCode()).isEqualTo(422);
        String filled =
                "mailbox=anna%40posta.example&name=Anna+%3Cb%3E&contact=&category=availability&text=Tre+giorni+senza+posta.";
        HttpResponse<String> taken = form(server, filled);
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(taken.body()).containsPattern("R-\\d{4}-000001");
        // Whoever sends it again has the same number, and a mailbox that is none is told nothing else.
        assertThat(form(server, filled).body()).isEqualTo(taken.body());
        HttpResponse<String> nobody = form(server, filled.replace("anna", "nessuno"));
        assertThat(nobody.body().replaceAll("R-\\d{4}-\\d+", ""))
                .isEqualTo(taken.body().replaceAll("R-\\d{4}-\\d+", ""));
        assertThat(list(data)).contains("2 open");
        casella(0, data, "complaint", "close", "2", "--outcome", "withdrawn", "--way", "telephone",
                "--text", "Non era una casella.");
        int status = 200;
        for (int i = 0; i < 20 && status == 200; i++) status = form(server, filled).statusCode();
        assertThat(status).as("a flood").isEqualTo(429);
    }

    private static void broughtByMail(RunningServer server) throws IOException {
        try (var outside = new LineClient(server.port("smtp"))) {
            outside.reply();
            outside.send("EHLO test.example");
            outside.reply();
            byte[] mail = "From: Carla <carla@elsewhere.example>\r\nSubject: Reclamo\r\n\r\nNon ricevo nulla.\r\n".getBytes(
                    StandardCharsets.UTF_8);
            assertThat(outside.deliver("carla@elsewhere.example", "reclami@posta.example", mail))
                    .startsWith("250");
        }
    }

    /// Returns the subjects in Anna's inbox, decoded as far as they are plain.
    private static String subjects(RunningServer server) throws IOException {
        var all = new StringBuilder();
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            for (byte[] mail : imap.bodies("INBOX").values()) {
                new String(mail, StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("Subject:"))
                        .findFirst()
                        .ifPresent(line -> all.append(line).append('\n'));
            }
        }
        return all.toString();
    }

    private void answered(RunningServer server, Path data) throws Exception {
        casella(0, data, "complaint", "answer", "1", "--text", "Ci dispiace. Guardiamo subito.");
        until("Anna reads the answer", () -> subjects(server).contains("Risposta al tuo reclamo"));
        casella(0, data, "complaint", "close", "1", "--outcome", "upheld", "--text",
                "Ci dispiace: un mese in regalo.");
        assertThat(casella(1, data, "complaint", "answer", "1", "--text", "Vai su https://evil.example"))
                .contains("clicked");
    }

    /// What cannot be read says so in its place, and nobody takes the package for whole.
    private static void givenAsFarAsItCanBe(Path data) throws IOException {
        assertThat(casella(1, data, "complaint", "package", "1", "--to", "away.zip"))
                .contains("NOT IN IT, because it could not be read now: losses").contains("THE PROOF TELLS OF");
        Map<String, String> there = unzipped(data.resolve("away.zip"));
        assertThat(there.get("index.html")).contains("Tre giorni senza posta.").contains("Adesso non possiamo leggerlo")
                .contains("cose non erano a posto");
        assertThat(JSON.readTree(there.get("losses.json")).path("notNow").stringValue()).isNotEmpty();
        assertThat(JSON.readTree(there.get("proof.json")).at("/payload/problems")).isNotEmpty();
        assertThat(JSON.readTree(there.get("availability.json")).path("capabilities")).hasSize(5);
    }

    /// What leaves is whole, and names nobody whom it must not name.
    private void leaves(Path data) throws Exception {
        casella(0, data, "incident", "open", "--title", "Fermo", "--severity", "major", "--brand", "posta");
        casella(0, data, "incident", "resolve", "1");
        casella(0, data, "complaint", "sort", "1", "--category", "availability", "--incident", "1");
        Files.writeString(data.resolve("list.csv"),
                "name,contact,account,category,text\r\n=Dora,dora@elsewhere.example,,availability,Io pure.\r\n");
        casella(0, data, "complaint", "import", "list.csv", "--brand", "posta", "--association", "Consumatori", "--mandate", "M 1");
        casella(0, data, "complaint", "sort", "4", "--category", "availability", "--incident", "1");

        assertThat(casella(0, data, "complaint", "export", "--to", "cases.csv", "--incident", "1")).contains("2 cases");
        List<String> lines = Files.readAllLines(data.resolve("cases.csv"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("number,channel,category,state,received,deadline,answered,inTime,closed,outcome,");
        assertThat(lines.get(1)).matches("R-\\d{4}-000001,form,availability,closed,.*,true,.*,upheld,,1,posta,[^,]+,0,0,[\\d.]+")
                .doesNotContain("Anna");
        casella(0, data, "complaint", "export", "--to", "cases.json");
        JsonNode cases = JSON.readTree(Files.readString(data.resolve("cases.json")));
        assertThat(cases).hasSize(4);
        assertThat(cases.get(0).path("inTime").booleanValue()).isTrue();
        assertThat(cases.get(1).path("awayHours").isNull()).isTrue();
        assertThat(casella(2, data, "complaint", "export", "--to", "cases.xls")).contains("must end with .csv or .json");

        assertThat(casella(0, data, "complaint", "package", "1", "--to", "anna.zip")).contains("for the owner of " + ANNA)
                .contains("Anna <b>");
        Map<String, String> anna = unzipped(data.resolve("anna.zip"));
        assertThat(anna).containsOnlyKeys("index.html", "case.json", "account.json", "availability.json",
                "compensation.json", "losses.json", "settings.json", "proof.json", "SHA256SUMS");
        assertThat(JSON.readTree(anna.get("settings.json")).path("programs").toString()).contains("\"door\":\"imap\"");
        assertThat(anna.get("index.html")).contains("<html lang=\"it\">").contains("Tre giorni senza posta.")
                .contains("Guardiamo subito.").contains("Anna &lt;b&gt;").doesNotContain("<script").doesNotContain("Non ricevo");
        assertThat(JSON.readTree(anna.get("account.json")).path("addresses").get(0).stringValue()).isEqualTo(ANNA);
        assertThat(JSON.readTree(anna.get("losses.json")).path("lost").asLong(-1)).isZero();
        assertThat(JSON.readTree(anna.get("proof.json")).at("/payload/problems")).isEmpty();
        assertThat(JSON.readTree(anna.get("availability.json")).path("capabilities")).hasSize(5);
        assertThat(String.join("", anna.values())).doesNotContain("\"by\"").doesNotContain("Subject:");

        assertThat(casella(0, data, "complaint", "association", "Consumatori", "--incident", "1", "--to", "c.zip"))
                .contains("1 of 2 complaints");
        Map<String, String> pack = unzipped(data.resolve("c.zip"));
        assertThat(pack).containsOnlyKeys("README.txt", "incident.json", "timeline.csv", "availability.csv", "figures.csv",
                "cases.csv", "SHA256SUMS");
        assertThat(pack.get("cases.csv")).contains("'=Dora").contains("M 1");
        assertThat(pack.get("figures.csv")).contains("channel,association,fewer than 5,1").contains("channel,form,fewer than 5,0");
        assertThat(String.join("", pack.values())).doesNotContain(ANNA).doesNotContain("Anna").doesNotContain("Tre giorni");

        assertThat(casella(0, data, "availability", "--all", "--incident", "1", "--to", "hours.csv")).contains("accounts");
        assertThat(Files.readAllLines(data.resolve("hours.csv")).getFirst()).startsWith("address,account,brand,plan,mailboxHours");
        assertThat(Files.readString(data.resolve("hours.csv"))).contains(ANNA + ",").doesNotContain("virgola.example");
        assertThat(casella(1, data, "availability", "--all", "--incident", "1", "--to", "hours.csv")).contains("cannot be written");
    }

    /// What an owner reads of their own mailbox are the numbers that operators read.
    private void ownersSeeTheSame(RunningServer server, Path data) throws Exception {
        JsonNode one = JSON.readTree(Files.readString(data.resolve("cases.json"))).get(0);
        String basic = Base64.getEncoder().encodeToString((ANNA + ":casella").getBytes(StandardCharsets.UTF_8));
        JsonNode answers = JSON.readTree(http.send(request(server, "/jmap/api").header("Content-Type", "application/json")
                .header("Authorization", "Basic " + basic).POST(BodyPublishers.ofString("""
                        {"using": ["https://casella.example/jmap/service"], "methodCalls": [
                            ["Absence/get", {"accountId": "%1$s", "ids": ["days90", "n1"]}, "0"],
                            ["Attempt/get", {"accountId": "%1$s", "ids": null}, "1"],
                            ["Reckoning/get", {"accountId": "%1$s", "ids": null}, "2"]]}
                        """.formatted(one.path("account").stringValue()))).build(), BodyHandlers.ofString()).body())
                .path("methodResponses");

        JsonNode days = answers.at("/0/1/list/0");
        JsonNode incident = answers.at("/0/1/list/1");
        JsonNode record = JSON.readTree(casella(0, data, "availability", ANNA, "--from", incident.path("from").stringValue(),
                "--json"));
        assertThat(incident.at("/title/it").stringValue()).isEqualTo("Fermo");
        assertThat(incident.path("until").stringValue()).isNotEmpty();
        // Vaults and engine were away before the incident: the 90 days have that, the incident has not.
        long mailbox = days.at("/awayMillis/mailbox").asLong();
        assertThat(mailbox).isPositive().isEqualTo(JSON.readTree(
                casella(0, data, "availability", ANNA, "--json")).path("mailboxMillis").asLong());
        assertThat(days.path("mailbox")).isNotEmpty();
        // A UTCDate says whole seconds: what was asked with it begins up to one earlier.
        assertThat(record.path("mailboxMillis").asLong() - incident.at("/awayMillis/mailbox").asLong()).isBetween(0L, 999L);
        assertThat(answers.at("/1/1/list")).isEmpty();
        JsonNode sum = answers.at("/2/1/list/0");
        JsonNode losses = JSON.readTree(casella(0, data, "losses", ANNA, "--json"));
        for (String name : List.of("accepted", "filed", "deleted", "pending", "lost", "unreachable")) {
            assertThat(sum.path(name).asLong(-1)).as(name).isEqualTo(losses.path(name).asLong(-2));
        }
        Files.writeString(data.resolve("own.json"), sum.path("statement").stringValue());
        assertThat(casella(0, data, "proof", "check", "own.json")).contains(ANNA).contains("LOST 0");
    }

    private static Map<String, String> unzipped(Path file) throws IOException {
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        var files = new LinkedHashMap<String, String>();
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private static String list(Path data) {
        return casella(0, data, "complaint", "list");
    }

    private HttpResponse<String> form(RunningServer server, String fields) throws Exception {
        return http.send(request(server, "/complaints/it/").header("Content-Type",
                "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(RunningServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("http") + path));
    }

    private HttpResponse<String> get(RunningServer server, String path) throws IOException,
            InterruptedException {
        return http.send(request(server, path).build(), BodyHandlers.ofString());
    }

    private interface Condition {
        boolean met() throws Exception;
    }

    private static void until(String what, Condition condition) throws Exception {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as(what).isLessThan(300);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private static String casella(int expected, Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        int code = Cli.run(terminal, new Server(), all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(told).isEqualTo(expected);
        return told;
    }
}
