package casella.server.alert;

import casella.server.control.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Posts alerts as JSON in the form of Prometheus Alertmanager's webhooks, version 4, which chat bridges and pagers take.
///
/// Source: Prometheus documentation, "Alerting: configuration", `webhook_config`.
final class Webhook implements Channel {
    private static final Duration TIME = Duration.ofSeconds(10);

    private final URI uri;
    private final String authorization;
    private final String server;
    private final HttpClient client;

    private Webhook(URI uri, String authorization, String server) {
        this.uri = uri;
        this.authorization = authorization;
        this.server = server;
        // Where a redirect leads nobody has allowed, and the token must not follow it.
        this.client = HttpClient.newBuilder()
                .connectTimeout(TIME)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /// @param token file of a bearer token
    /// @throws IOException if it cannot be read
    static Webhook of(URI uri, Optional<Path> token, String server) throws IOException {
        String secret = token.isEmpty() ? "" : "Bearer " + Files.readString(token.get()).strip();
        return new Webhook(uri, secret, server);
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public void send(Alert alert) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TIME)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json(alert).toString()));
        if (!authorization.isEmpty()) request.header("Authorization", authorization);
        try {
            int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 != 2) throw new IOException("the webhook answered " + status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private ObjectNode json(Alert alert) {
        boolean over = alert.state() == Alert.State.OVER;
        String status = over ? "resolved" : "firing";
        ObjectNode out = Json.object()
                .put("version", "4")
                .put("groupKey", "casella/" + alert.id())
                .put("truncatedAlerts", 0)
                .put("status", status)
                .put("receiver", "casella")
                .put("externalURL", "");
        ObjectNode labels = Json.object()
                .put("alertname", alert.id())
                .put("severity", alert.level())
                .put("instance", server);
        ObjectNode annotations = Json.object()
                .put("summary", alert.title())
                .put("description", alert.seen())
                .put("machine", alert.machine())
                .put("operator", alert.operator())
                .put("runbook_url", alert.runbook());
        out.set("groupLabels", Json.object().put("alertname", alert.id()));
        out.set("commonLabels", labels.deepCopy());
        out.set("commonAnnotations", annotations.deepCopy());
        ObjectNode one = out.putArray("alerts").addObject()
                .put("status", status)
                .put("state", alert.state().word())
                .put("startsAt", alert.since().toString())
                .put("endsAt", alert.until() == null ? "0001-01-01T00:00:00Z" : alert.until().toString())
                .put("generatorURL", "")
                .put("fingerprint", alert.id());
        one.set("labels", labels);
        one.set("annotations", annotations);
        return out;
    }
}
