package casella.server.whole;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JMAP client that listens to an EventSource all the time and makes calls beside it.
final class PushClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String authorization;
    private final String accountId;
    private final LineClient events;

    PushClient(RunningServer server, String address) throws IOException, InterruptedException {
        int port = server.port("http");
        base = "http://127.0.0.1:" + port;
        byte[] login = (address + ":casella").getBytes(StandardCharsets.UTF_8);
        authorization = "Basic " + Base64.getEncoder().encodeToString(login);
        accountId = get("/jmap/session").get("accounts").propertyNames().iterator().next();
        events = new LineClient(port);
        events.send("GET /jmap/eventsource?types=*&closeafter=no&ping=0 HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nX-Casella: 1\r\nAuthorization: " + authorization + "\r\n");
        String status = events.line();
        if (!status.contains(" 200 ")) throw new IOException(status);
        until(":");
    }

    private String until(String start) throws IOException {
        String line = events.line();
        while (!line.startsWith(start)) line = events.line();
        return line;
    }

    /// Waits for the next event and returns the state it tells of `type`; passes over events without it.
    String state(String type) throws IOException {
        while (true) {
            JsonNode event = JSON.readTree(until("data: ").substring("data: ".length()));
            JsonNode state = event.path("changed").path(accountId).path(type);
            if (state.isString()) return state.stringValue();
        }
    }

    /// Returns what the server says that serves the account.
    String service() throws IOException, InterruptedException {
        return call("Service/get", "\"ids\":null").get(1).get("list").get(0).get("state").stringValue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("X-Casella", "1")
                .header("Authorization", authorization);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(http.send(request(path).build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    /// Makes one call and returns its answer: name, arguments, id.
    ///
    /// @param arguments JSON without the account
    JsonNode call(String method, String arguments) throws IOException, InterruptedException {
        String whole = "{\"accountId\":\"" + accountId + "\"" + (arguments.isEmpty() ? "" : ","
                + arguments) + "}";
        String using = "[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\","
                + "\"urn:ietf:params:jmap:submission\",\"https://casella.example/jmap/service\"]";
        String body = "{\"using\":" + using + ",\"methodCalls\":[[\"" + method + "\"," + whole + ",\"0\"]]}";
        var answer = http.send(
                request("/jmap/api")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IOException(answer.statusCode() + " " + answer.body());
        return JSON.readTree(answer.body()).get("methodResponses").get(0);
    }

    /// Returns the bytes of a blob.
    byte[] download(String blob) throws IOException, InterruptedException {
        var path = "/jmap/download/" + accountId + "/" + blob + "/mail.eml?type=application/octet-stream";
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    @Override
    public void close() throws IOException {
        events.close();
        http.close();
    }
}
