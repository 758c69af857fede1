package casella.server.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.control.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves over a whole server that each mail is counted by its witnesses, that owners hear who was turned away and whether it came after
/// all, and that the register of breaches takes its numbers from there and gives its documents; beside hung vaults and engine, too.
final class LossesTest {
    private static final String ANNA = "anna@posta.example";
    private static final String SENDER = "carlo@altrove.example";

    private Path data = Path.of("");

    private String casella(int expected, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        int code = Cli.run(terminal, new Server(), all.toArray(String[]::new));
        String told = out.toString(UTF_8);
        assertThat(code).as(told).isEqualTo(expected);
        return told;
    }

    private JsonNode losses(int expected, String... arguments) {
        String told = casella(expected, Stream.concat(Stream.of("losses", "--json"), Stream.of(arguments))
                .toArray(String[]::new));
        return Json.MAPPER.readTree(told.substring(told.indexOf('{')));
    }

    private JsonNode until(String what, Predicate<JsonNode> right) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(60);
        JsonNode last = losses(0, ANNA);
        while (!right.test(last)) {
            assertThat(Instant.now()).as("%s: %s", what, last).isBefore(end);
            var _ = new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
            last = losses(0, ANNA);
        }
        return last;
    }

    private static String deliver(RunningServer server, int number) throws IOException {
        byte[] mail = ("Message-ID: <m" + number + "@altrove.example>\r\nSubject: numero " + number + "\r\n\r\nriga\r\n").getBytes(UTF_8);
        try (var client = new LineClient(server.port("smtp"))) {
            client.reply();
            client.send("EHLO altrove.example");
            client.reply();
            return client.deliver(SENDER, ANNA, mail);
        }
    }

    @Test
    void everyMailIsCountedAndWhoWasTurnedAwayIsKnown(@TempDir Path folder) throws Exception {
        data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config,
                "store: {read-timeout: 1s, write-timeout: 1s, automatic-standby: false, return-after: 10s}\n");
        casella(0, "brand", "add", "posta");
        casella(0, "brand", "domain", "add", "posta", "posta.example");
        casella(0, "account", "add", ANNA);
        try (var server = RunningServer.troubled(data, config)) {
            JsonNode before = losses(0, ANNA);
            casella(0, "incident", "open", "--title", "Prova", "--severity", "minor", "--brand", "posta");
            for (int i = 0; i < 3; i++) assertThat(deliver(server, i)).startsWith("250");
            casella(0, "account", "disable", ANNA);
            for (int i = 0; i < 2; i++) assertThat(deliver(server, 9)).startsWith("550");
            JsonNode away = until("turned away", now -> now.at("/senders/0/tries").asLong() == 2);
            assertThat(away.path("filed").asLong()).isEqualTo(before.path("filed").asLong() + 3);
            assertThat(away.at("/senders/0/sender").asString()).isEqualTo(SENDER);
            assertThat(away.at("/senders/0/later").isNull()).isTrue();

            casella(0, "account", "enable", ANNA);
            assertThat(deliver(server, 9)).startsWith("250");
            assertThat(until("came after all", now -> !now.at("/senders/0/later").isNull()).path("lost").asLong()).isZero();
            breach(folder);

            server.tell("engine hung");
            assertThat(deliver(server, 10)).startsWith("250");
            JsonNode waits = until("waits in the queue", now -> now.path("pending").asLong() == 1);
            assertThat(waits.path("filed").asLong()).isEqualTo(before.path("filed").asLong() + 4);
            server.tell("vaults away");
            JsonNode dark = losses(1, ANNA);
            assertThat(dark.has("lost")).as("not counted is not nothing: " + dark).isFalse();
            assertThat(dark.at("/senders/0/sender").asString()).isEqualTo(SENDER);
            assertThat(casella(0, "breach", "list")).contains("breach 1  notified");
            server.kill();
        }
        assertThat(Files.readString(data.resolve("audit.log"))).doesNotContain(SENDER).doesNotContain("Dossier");
    }

    private void breach(Path folder) throws IOException {
        Path csv = folder.resolve("losses.csv");
        JsonNode all = losses(0, "--incident", "1", "--csv", csv.toString());
        assertThat(all.path("accepted").asLong()).isEqualTo(4);
        assertThat(all.path("gone").asLong()).isZero();
        assertThat(all.path("senders").asLong()).isEqualTo(1);
        assertThat(Files.readAllLines(csv)).hasSize(1 + all.path("accounts").asInt())
                .anyMatch(line -> line.startsWith(ANNA + ",") && line.endsWith(",4,4,0,0,0,0,0,1,0,"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(csv))).isEqualTo("rw-------");

        assertThat(casella(0, "breach", "open", "--incident", "1", "--title", "Dossier", "--aware-by", "Turno"))
                .contains("71 h 59 min left, until");
        assertThat(casella(0, "breach", "update", "1", "--kind", "availability", "--nature", "Dossier: perché no", "--count",
                "--mails")).contains("missing of Art. 33(3): people, records, contact");
        JsonNode shown = Json.MAPPER.readTree(casella(0, "breach", "show", "1", "--json"));
        assertThat(shown.at("/draft/counted/senders").asLong()).isEqualTo(1);
        assertThat(shown.at("/draft/counted/lost").asLong()).isZero();
        assertThat(shown.at("/draft/records").asLong()).isGreaterThanOrEqualTo(4);
        assertThat(casella(0, "breach", "decide", "1", "do-not-notify", "--reasons", "Una prova")).contains("not-notified");
        assertThat(casella(1, "breach", "update", "1", "--notified", "2020-01-01T00:00:00Z")).contains("before somebody became aware");
        assertThat(casella(0, "breach", "update", "1", "--notified", Instant.now().toString(), "--reference", "2027/1"))
                .contains("notified");
        for (String name : List.of("breach.pdf", "breach.json")) {
            casella(0, "breach", "export", "1", "--to", folder.resolve(name).toString());
        }
        assertThat(Files.readString(folder.resolve("breach.pdf"), java.nio.charset.StandardCharsets.ISO_8859_1)).startsWith("%PDF-");
        assertThat(Files.readString(folder.resolve("breach.json"))).contains("\"version\" : 1", "perché no");
        assertThat(casella(1, "breach", "export", "1", "--to", folder.resolve("breach.pdf").toString())).contains("cannot be written");
        casella(0, "incident", "report", "1", "--to", folder.resolve("report.zip").toString());
        assertThat(Files.size(folder.resolve("report.zip"))).isGreaterThan(500);
    }
}
