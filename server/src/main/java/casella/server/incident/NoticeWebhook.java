package casella.server.incident;

import casella.incident.Incident;
import casella.incident.Line;
import casella.incident.Publisher;
import casella.server.control.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Posts each notice as JSON, for a bridge to a social network, a sender of short messages, a press list.
///
/// ```text
/// incident  number     severity  minor|major|critical     state  investigating|identified|restoring|monitoring|resolved
/// at        RFC 3339   brands    []: {brand, title, it, en}; the texts have at most 280 characters
/// ```
final class NoticeWebhook implements Publisher.Channel {
    private static final Duration TIME = Duration.ofSeconds(10);

    private final String name;
    private final URI uri;
    private final String authorization;
    private final Line line;
    private final Brands brands;
    private final HttpClient client;

    /// What brands there are: name and title.
    interface Brands {
        List<casella.directory.Brand> all();
    }

    /// @param token what is sent as a bearer token; empty for none
    NoticeWebhook(String name, URI uri, String token, Line line, Brands brands) {
        this.name = name;
        this.uri = uri;
        this.authorization = token.isEmpty() ? "" : "Bearer " + token;
        this.line = line;
        this.brands = brands;
        // Where a redirect leads nobody has allowed, and the token must not follow it.
        this.client = HttpClient.newBuilder()
                .connectTimeout(TIME)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void publish(Incident incident) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TIME)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json(incident).toString()));
        if (!authorization.isEmpty()) request.header("Authorization", authorization);
        try {
            int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 != 2) throw new IOException("it answered " + status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private ObjectNode json(Incident incident) {
        ObjectNode out = Json.object()
                .put("incident", incident.id())
                .put("severity", incident.severity().word())
                .put("state", incident.state().word())
                .put("at", incident.told().orElse(incident.entries().getFirst()).at().toString());
        ArrayNode all = out.putArray("brands");
        for (casella.directory.Brand brand : brands.all()) {
            if (!incident.concerns(brand.name())) continue;
            all.addObject()
                    .put("brand", brand.name())
                    .put("title", brand.title())
                    .put("it", line.of(incident, brand.name(), "it"))
                    .put("en", line.of(incident, brand.name(), "en"));
        }
        return out;
    }
}
