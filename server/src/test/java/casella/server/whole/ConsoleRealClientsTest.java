package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves a bad day from its beginning to its end at the pages people have: in real Chromium, before a whole server, first while its engine
/// and every vault answer nobody, then after they are back.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class ConsoleRealClientsTest {
    private static final String ANNA = "anna@posta.example";
    private static final String PASSWORD = "una frase lunga abbastanza";

    @Test
    void aBadDayIsToldMadeGoodAndWrittenDown(@TempDir Path folder) throws Exception {
        var web = new WebSuite(folder);
        web.build();
        Path data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, """
                store: {read-timeout: 1s, write-timeout: 1s, return-after: 1s}
                incident: {complaint-mailboxes: ["posta: reclami@posta.example"]}
                """);
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        casella(data, "account", "add", "reclami@posta.example");
        casella(data, "staff", "put", "carla", "--role", "operator,support,billing", "--password-stdin");
        casella(data, "staff", "put", "dario", "--role", "billing,data-protection", "--password-stdin");
        try (var server = RunningServer.troubled(data, config)) {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "CASELLA_CONSOLE_URL", "http://127.0.0.1:" + server.port("operations") + "/console/",
                    "CASELLA_CONSOLE_WEBMAIL", "http://127.0.0.1:" + server.port("http") + "/",
                    "CASELLA_CONSOLE_STAFF", "carla:" + PASSWORD,
                    "CASELLA_CONSOLE_SECOND", "dario:" + PASSWORD,
                    "CASELLA_CONSOLE_ACCOUNT", ANNA));
            server.tell("engine away");
            server.tell("vaults away");
            web.run(environment, "console/test/e2e/real/fault");
            assertThat(casella(data, "incident", "show", "1")).contains("staff:carla");

            server.tell("heal");
            broughtByMail(server);
            until("the mail is a case", () -> casella(data, "complaint", "list").contains("R-"));
            environment.put("CASELLA_CONSOLE_INCIDENT", "1");
            environment.put("CASELLA_CONSOLE_MAILED", "R-");
            Path breach = folder.resolve("breach.pdf");
            environment.put("CASELLA_CONSOLE_PDF", breach.toString());
            web.run(environment, "console/test/e2e/real/story");
            PdfPicture.shows(breach, "Le caselle non si aprivano.", web.pictures().resolve("breach-pdf.png"));

            until("Anna is told what she was given",
                    () -> subjects(server).contains("Il ristoro per il disservizio alla tua casella"));
            until("Anna is answered", () -> subjects(server).contains("Risposta al tuo reclamo"));
            String orders = casella(data, "staff", "audit");
            assertThat(orders).containsPattern("staff:carla +CompensationPreview")
                    .containsPattern("staff:carla +CompensationApprove.* refused: approval")
                    .containsPattern("staff:dario +CompensationApprove.* done")
                    .containsPattern("staff:dario +CompensationApply.* done")
                    .containsPattern("staff:dario +BreachExport.* done");
            assertThat(casella(data, "compensation", "status")).contains("applied");
            web.run(environment, "console/test/e2e/real/orders");
            assertThat(server.stop()).isZero();
        }
    }

    private static void broughtByMail(RunningServer server) throws IOException {
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            byte[] mail = ("From: Anna <" + ANNA
                    + ">\r\nSubject: Tre giorni senza posta\r\n\r\nChe cosa mi spetta?\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            assertThat(lmtp.deliver(ANNA, "reclami@posta.example", mail)).startsWith("250");
        }
    }

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

    private interface Condition {
        boolean met() throws Exception;
    }

    private static void until(String what, Condition condition) throws Exception {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as(what).isLessThan(300);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private static String casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var in = new ByteArrayInputStream((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
        int code = Cli.run(new Terminal(in, print, print, Map.of(), data), new Server(),
                all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(told).isZero();
        return told;
    }
}
