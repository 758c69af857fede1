package casella.server.api;

import casella.server.api.Endpoint.Body;
import casella.server.api.Endpoint.Returns;
import casella.server.control.HealthOperations;
import casella.server.control.Json;
import casella.server.control.LatestCohorts;
import casella.server.control.Parts;
import casella.server.proof.InstanceKey;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Serves the operations API on a port of its own, from [#open] until [#close].
public final class OperationsApi implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 256;
    private static final Duration REQUEST_TIME = Duration.ofSeconds(10);
    private static final Duration STOP_TIME = Duration.ofSeconds(1);
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final WebServer server;

    private OperationsApi(WebServer server) {
        this.server = server;
    }

    /// What is answered.
    ///
    /// @param health what is wrong
    /// @param cohorts how many accounts each cohort has
    /// @param scrape the figures in Prometheus' text format
    /// @param keys the public keys with which this instance signs
    public record Sources(Parts parts, HealthOperations health, LatestCohorts cohorts,
            Supplier<String> scrape,
            List<InstanceKey.Public> keys) {
        public Sources {
            keys = List.copyOf(keys);
        }
    }

    /// Where it listens.
    ///
    /// @param port 0 for any free one
    /// @param tls null to speak plain HTTP
    public record At(String host, int port, @Nullable SSLContext tls) {}

    /// Listens and answers.
    ///
    /// @param staff the console and what it asks; null where they are not served
    public static OperationsApi open(At at, Sources sources, @Nullable StaffApi staff) {
        var builder = WebServer.builder()
                .host(at.host())
                .port(at.port())
                .shutdownHook(false)
                .shutdownGracePeriod(STOP_TIME)
                .maxTcpConnections(CONNECTIONS_MAX)
                .connectionOptions(options -> options.readTimeout(REQUEST_TIME).tcpNoDelay(true))
                .maxPayloadSize(staff == null ? 1_024 : StaffDoor.BYTES_MAX + 1)
                .protocolsDiscoverServices(false)
                .addProtocol(io.helidon.webserver.http1.Http1Config.create())
                .routing((HttpRouting.Builder routing) -> {
                    route(routing, endpoints(sources, staff != null));
                    if (staff != null) staff.route(routing);
                });
        if (at.tls() != null) builder.tls(tls -> tls.sslContext(at.tls()));
        return new OperationsApi(builder.build().start());
    }

    /// Returns every endpoint there is for whoever asks; the document is one of them.
    ///
    /// @param staff whether orders are taken here
    static List<Endpoint> endpoints(Sources sources, boolean staff) {
        var all = new ArrayList<Endpoint>();
        health(all, sources.parts(), sources.health());
        all.add(new Endpoint(
                "/metrics",
                "metrics",
                "Every figure, for Prometheus.",
                new Returns(PROMETHEUS,
                        "Prometheus text format; docs/operations/metrics.md lists the figures.", Map.of()),
                () -> new Body(PROMETHEUS, sources.scrape().get())));
        all.add(debt(sources.parts()));
        all.add(cohorts(sources.cohorts()));
        all.add(new Endpoint(
                "/api/keys",
                "keys",
                "The public keys with which this instance signs proofs.",
                new Returns(
                        "application/json",
                        "A JSON Web Key Set; empty when the instance's key cannot be read.",
                        Map.of("keys", "array")),
                () -> Body.json(keySet(sources.keys()))));
        all.add(new Endpoint(
                "/api",
                "api",
                "This document.",
                new Returns(
                        "application/json",
                        "OpenAPI 3.1.",
                        Map.of("openapi", "string", "info", "object", "paths", "object")),
                () -> Body.json(OpenApi.document(all, staff))));
        return List.copyOf(all);
    }

    private static Endpoint debt(Parts parts) {
        return new Endpoint(
                "/api/debt",
                "debt",
                "What has fewer copies than the policy asks for.",
                new Returns(
                        "application/json",
                        "Objects, bytes and accounts in debt, the age of the oldest object, and for each vault what it owes, how many"
                                + " accounts could be rebuilt from it now, and since when all of it is proven.",
                        Map.of("objects", "integer", "bytes", "integer", "accounts", "integer",
                                "oldestSeconds", "integer", "vaults", "array")),
                () -> Body.json(Json.debt(parts.debt())));
    }

    private static void health(List<Endpoint> all, Parts parts, HealthOperations health) {
        all.add(new Endpoint(
                "/health",
                "health",
                "How each part is; 200 as long as the server answers.",
                new Returns(
                        "application/json",
                        "`status` is the worst of `parts`: whole, degraded or gone; each with since when it is so and how quick its probe is.",
                        Map.of("status", "string", "parts", "array")),
                () -> {
                    ObjectNode status = Json.status(parts.parts());
                    health.complete(status);
                    return Body.json(status);
                }));
        all.add(new Endpoint(
                "/api/doctor",
                "doctor",
                "What is wrong, since when, what the machine is doing about it, and what an operator should do.",
                new Returns(
                        "application/json",
                        "`findings` is what is wrong now, `over` what was, `paused` what an operator paused.",
                        Map.of("well", "boolean", "findings", "array", "over", "array", "paused", "array")),
                () -> Body.json(health.diagnosis())));
    }

    private static Endpoint cohorts(LatestCohorts cohorts) {
        return new Endpoint(
                "/api/cohorts",
                "cohorts",
                "How many accounts go together, by brand and plan, in the order in which cohorts go.",
                new Returns(
                        "application/json",
                        "Counted when somebody asks, at most once a minute; `asOf` says when, and is empty while the first count is under way.",
                        Map.of("asOf", "string", "accounts", "integer", "cohorts", "array")),
                () -> Body.json(cohorts.json()));
    }

    private static ObjectNode keySet(List<InstanceKey.Public> keys) {
        ObjectNode set = Json.object();
        ArrayNode all = set.putArray("keys");
        for (InstanceKey.Public key : keys) {
            all.addObject()
                    .put("kty", "OKP")
                    .put("crv", "Ed25519")
                    .put("alg", "EdDSA")
                    .put("use", "sig")
                    .put("kid", key.id())
                    .put("x", Base64.getUrlEncoder().withoutPadding().encodeToString(key.raw()));
        }
        return set;
    }

    private static void route(HttpRouting.Builder routing, List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            routing.get(endpoint.path(), (_, response) -> {
                Body body = endpoint.answer().get();
                response.header(HeaderNames.CONTENT_TYPE, body.contentType());
                response.header(HeaderNames.CACHE_CONTROL, "no-store");
                response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
                response.send(body.text());
            });
        }
    }

    /// Returns the port it listens on.
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
