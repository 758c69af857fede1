package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves at a server that has something of everything that every number on every page of the console is one that the API answers, and
/// that the answers are as the document of the API says.
@Tag("long")
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class ConsoleNumbersRealClientsTest {
    @Test
    void everyNumberOnEveryPageIsTheServers(@TempDir Path folder) throws Exception {
        var web = new WebSuite(folder);
        web.build();
        Path data = folder.resolve("data");
        Path config = Files.writeString(folder.resolve("casella.yaml"), "store: {return-after: 10s}\n");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var server = RunningServer.serve(data, config); var desk = FullDesk.of(server, data)) {
            desk.casella(0, "staff", "put", "carla", "--role", "operator,support,data-protection,billing",
                    "--password-stdin");
            desk.fill();
            Map<String, String> environment = Map.of(
                    "CASELLA_CONSOLE_URL", "http://127.0.0.1:" + server.port("operations") + "/console/",
                    "CASELLA_CONSOLE_STAFF", "carla:" + FullDesk.PASSWORD,
                    "CASELLA_CONSOLE_ACCOUNT", FullDesk.ANNA);
            web.run(environment, "console/test/e2e/real/numbers");
            assertThat(server.stop()).isZero();
        }
    }
}
