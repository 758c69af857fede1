package casella.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metric;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Password;
import casella.directory.Registrar.NewAccount;
import casella.directory.SqliteDirectory;
import casella.server.Golden;
import casella.server.control.HealthOperations;
import casella.server.control.Json;
import casella.server.control.LatestCohorts;
import casella.server.control.Parts;
import casella.server.control.Parts.Part;
import casella.server.health.Automation;
import casella.server.health.Doctor;
import casella.server.telemetry.PrometheusMetrics;
import casella.store.care.CareFile;
import casella.store.disk.Disk;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves that the operations API answers what its document says, and nothing else.
class OperationsApiTest {
    private static final Parts PARTS = new Parts() {
        @Override
        public List<Part> parts() {
            return List.of(Part.whole("engine"), new Part("vault.pack", State.DEGRADED,
                    "One segment is quarantined"));
        }

        @Override
        public Debt debt() {
            return new Debt(3, 4_096, 2, 17, Parts.Paying.NOTHING);
        }
    };

    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Bulkhead files = new Bulkhead("test.files", 1, 4);
    private HealthOperations health;
    private SqliteDirectory directory;
    private OperationsApi.Sources sources;
    private OperationsApi api;

    @BeforeEach
    void open(@TempDir Path folder) {
        var file = new CareFile(Disk.real(), folder.resolve("automation"), files);
        var automation = Automation.open(file, Map.of(), Clock.system(), metrics);
        var doctor = new Doctor(metrics, Clock.system(), metrics, List.of(), () -> null);
        health = new HealthOperations(doctor, automation, Map::of, metrics::scrape, metrics, Clock.system());
        directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(), metrics);
        directory.registrar().putBrand(new Brand("posta", "Posta", List.of(), "#1b6ac9", List.of("it")));
        directory.registrar().addDomain("posta", "posta.example");
        directory.registrar().add(NewAccount.of("anna@posta.example", Password.clear("casella")));
        var cohorts = new LatestCohorts(directory.registrar(), Clock.system());
        sources = new OperationsApi.Sources(PARTS, health, cohorts, metrics::scrape, List.of());
        api = OperationsApi.open(new OperationsApi.At("127.0.0.1", 0, null), sources, null);
    }

    @AfterEach
    void close() {
        api.close();
        files.close();
        directory.close();
        metrics.close();
        client.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api.port() + path);
        var request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void everyPathOfTheDocumentAnswersWhatItSays() throws Exception {
        JsonNode document = Json.MAPPER.readTree(ask("GET", "/api").body());
        Set<String> documented = new TreeSet<>();
        document.path("paths").propertyNames().forEach(documented::add);
        Set<String> routed = new TreeSet<>();
        OperationsApi.endpoints(sources, false).forEach(endpoint -> routed.add(endpoint.path()));
        assertThat(documented).isEqualTo(routed).contains("/health", "/metrics", "/api");

        for (String path : documented) {
            HttpResponse<String> answer = ask("GET", path);
            JsonNode ok = document.path("paths").path(path).path("get").path("responses").path("200");
            String type = ok.path("content").propertyNames().iterator().next();

            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type").orElseThrow()).as(path).startsWith(type);
            for (JsonNode name : ok.path("content").path(type).path("schema").path("required")) {
                assertThat(Json.MAPPER.readTree(answer.body()).has(name.asString())).as(path + " "
                        + name).isTrue();
            }
            assertThat(ask("POST", path).statusCode()).as("POST " + path).isIn(404, 405);
        }
        assertThat(ask("GET", "/api/accounts").statusCode()).isEqualTo(404);
    }

    @Test
    void healthIsTheWorstOfTheParts() throws Exception {
        JsonNode health = Json.MAPPER.readTree(ask("GET", "/health").body());

        assertThat(health.path("status").asString()).isEqualTo("degraded");
        assertThat(health.path("parts").get(1).path("detail").asString())
                .isEqualTo("One segment is quarantined");
        assertThat(ask("GET", "/api/debt").body())
                .isEqualTo("{\"objects\":3,\"bytes\":4096,\"accounts\":2,\"oldestSeconds\":17,\"vaults\":[]}");
    }

    @Test
    void cohortsAreCountedBesideAndNobodyWaits() throws Exception {
        JsonNode counted = Json.MAPPER.readTree(ask("GET", "/api/cohorts").body());
        assertThat(counted.path("asOf").asString()).isEmpty();
        for (int i = 0; i < 1_000 && counted.path("asOf").asString().isEmpty(); i++) {
            counted = Json.MAPPER.readTree(ask("GET", "/api/cohorts").body());
        }

        assertThat(counted.path("accounts").asLong()).isEqualTo(1);
        assertThat(counted.path("cohorts").get(0).path("cohort").asString()).isEqualTo("staff");
        assertThat(counted.path("cohorts").get(2).path("plans").path("free").asLong()).isEqualTo(1);
    }

    @Test
    void aFigureAppearsUnderItsName() throws Exception {
        metrics.add(Metric.DIRECTORY_LOGINS, 2, "imap", "granted");

        assertThat(ask("GET", "/metrics").body())
                .contains("casella_directory_logins_total{outcome=\"granted\",protocol=\"imap\"} 2.0");
    }

    @Test
    void theDocumentIsTheOneCheckedIn() {
        String document = OpenApi.document(OperationsApi.endpoints(sources, true), true).toPrettyString()
                + "\n";

        Golden.compare("docs/operations/openapi.json", document);
    }
}
