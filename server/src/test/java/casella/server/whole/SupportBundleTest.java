package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a support bundle has what a helper needs and nothing of an owner: no address, no name, no folder, no word of a
/// mail, no password, no address of a machine; with a server and without one.
final class SupportBundleTest {
    private static int casella(Path data, String... arguments) {
        var out = new PrintStream(new ByteArrayOutputStream());
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data",
                data.toString())).toArray(String[]::new);
        var terminal = new Terminal(InputStream.nullInputStream(), out, out, Map.of(), data);
        return Cli.run(terminal, new Server(), all);
    }

    private static Map<String, String> read(Path file) throws Exception {
        var entries = new TreeMap<String, String>();
        try (var zip = new ZipInputStream(Files.newInputStream(file), StandardCharsets.UTF_8)) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                entries.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }

    @Test
    void aBundleHoldsNothingOfAnOwner(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path config = Files.writeString(folder.resolve("casella.yaml"), """
                # ask eve.operator@example.org
                alerts: {relay: "127.0.0.1:1", relay-tls: none, from: wache@posta.example,
                        to: [nacht@posta.example]}
                """);
        Path log = folder.resolve("log");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var server = RunningServer.serve(data, config)) {
            try (var client = LineClient.lmtp(server.port("lmtp"))) {
                byte[] mail =
                        "Subject: Zahnarzttermin\r\n\r\nbitte um zehn\r\n".getBytes(StandardCharsets.UTF_8);
                assertThat(client.deliver("absender@firma.example", "anna@posta.example",
                        mail)).startsWith("250");
            }
            assertThat(casella(data, "account", "passwd", "anna@posta.example")).isZero();
            assertThat(casella(data, "restore", "anna@posta.example", "--folder", "Geheimes", "--as-of",
                    "2026-01-01T00:00:00Z")).isEqualTo(1);
            assertThat(casella(data, "alert-test")).isEqualTo(1);
            Files.writeString(log, server.log()
                    + "client from 192.0.2.7 and 2001:db8::17 as <Anna@posta.example>, anna@posta.example\n");

            assertThat(casella(data, "support-bundle", "--to", folder.resolve("one.zip").toString(),
                    "--config", config.toString(), "--log", log.toString())).isZero();
            assertThat(casella(data, "support-bundle", "--to",
                    folder.resolve("one.zip").toString())).isEqualTo(2);
            assertThat(server.stop()).isZero();
        }
        assertThat(casella(data, "support-bundle", "--to", folder.resolve("two.zip").toString())).isZero();

        Map<String, String> one = read(folder.resolve("one.zip"));
        assertThat(one).containsOnlyKeys("README.txt", "version.txt", "server.json", "metrics.txt",
                "config.yaml",
                "folders.txt", "audit.txt", "log.txt");
        assertThat(one.get("server.json")).contains("\"Status\"", "\"Doctor\"", "\"Debt\"", "engine.read",
                "\"p50Millis\"");
        assertThat(one.get("metrics.txt")).contains("casella_debt_objects");
        assertThat(one.get("audit.txt")).containsPattern("Z \\S+ AccountPassword done").containsPattern("Z \\S+ Restore refused");
        assertThat(one.get("folders.txt")).contains("engine", "vaults", " files ");
        assertThat(one.get("log.txt")).contains("server.started").containsPattern("client from ip-\\w+ and ip-\\w+ as <address-(\\w+)>, address-\\1\n");
        assertThat(read(folder.resolve("two.zip")).get("server.json")).contains("none runs");
        for (String file : new String[] {"one.zip", "two.zip"}) {
            read(folder.resolve(file)).forEach((name, text) ->
                    assertThat(text.toLowerCase(Locale.ROOT)).as(file + " " + name)
                    .doesNotContain("@posta", "anna", "absender", "zahnarzt", "bitte um zehn", "geheimes",
                            "eve.operator",
                            "wache", "nacht", "192.0.2.7", "2001:db8", "private key"));
        }
    }
}
