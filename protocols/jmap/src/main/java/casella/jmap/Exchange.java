package casella.jmap;

import casella.base.Deadline;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One HTTP request and its response, in the words the endpoints need.
record Exchange(ServerRequest request, ServerResponse response, Deadline deadline) {
    private static final int QUERIES_MAX = 20;
    private static final int CHUNK_BYTES = 16_384;

    /// How much of a refused body is read and dropped, so that a client that writes all before it reads gets its
    /// answer; what is longer meets a closed connection.
    private static final long DROPPED_BYTES_MAX = 64L << 20;

    /// A body that did not fit or did not come in time.
    static final class BodyRefused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        BodyRefused(int status) {
            super("body refused", null, false, false);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /// Takes a part of a body.
    interface Sink {
        void take(byte[] bytes, int count);
    }

    @Nullable String header(HeaderName name) {
        return request.headers().first(name).orElse(null);
    }

    @Nullable String header(String name) {
        return header(HeaderNames.create(name));
    }

    /// Returns a query parameter, decoded; null if it is absent.
    @Nullable String query(String name) {
        return request.query().contains(name) ? request.query().first(name).orElse(null) : null;
    }

    /// Returns the query's parameters, decoded, of each the first; of a long query the first 20.
    Map<String, String> queries() {
        var out = new LinkedHashMap<String, String>();
        for (String name : request.query().names()) {
            if (out.size() < QUERIES_MAX) request.query().first(name).ifPresent(value -> out.put(name,
                    value));
        }
        return out;
    }

    /// Returns a part of the path, decoded; empty if it is not there.
    String path(String parameter) {
        return request.path().pathParameters().first(parameter).orElse("");
    }

    /// Returns the Host the client asked for, with its port, in lower case; empty if it is no
    /// host.
    String host() {
        String host = request.authority();
        if (host == null || host.length() > 255) return "";
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!Ascii.letterOrDigit(c) && ".-_:[]".indexOf(c) < 0) return "";
        }
        return host.toLowerCase(Locale.ROOT);
    }

    /// Returns [#host] without its port.
    String hostName() {
        String host = host();
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    InetAddress peer() {
        if (request.remotePeer().address() instanceof InetSocketAddress socket) return socket.getAddress();
        return InetAddress.getLoopbackAddress();
    }

    boolean loopback() {
        return request.remotePeer().address() instanceof InetSocketAddress socket
                && socket.getAddress() != null
                && socket.getAddress().isLoopbackAddress();
    }

    /// Returns the media type of the body without parameters, lower case; empty if none is named.
    String contentType() {
        String type = header(HeaderNames.CONTENT_TYPE);
        if (type == null) return "";
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /// Returns the whole body.
    ///
    /// @throws BodyRefused 413 if it is longer than `bytesMax`, 408 if it comes too slowly, 400 if
    /// it breaks off
    byte[] body(int bytesMax) throws BodyRefused {
        var out = new ByteArrayOutputStream();
        pour(bytesMax, (bytes, count) -> out.write(bytes, 0, count));
        return out.toByteArray();
    }

    /// Hands the body to `sink` as it comes. Fails as [#body] does.
    void pour(long bytesMax, Sink sink) throws BodyRefused {
        if (request.headers().contentLength().orElse(0) > bytesMax) throw new BodyRefused(413);
        if (!request.content().hasEntity()) return;
        byte[] chunk = new byte[CHUNK_BYTES];
        long total = 0;
        try (InputStream in = request.content().inputStream()) {
            for (int count; (count = in.read(chunk)) >= 0; ) {
                total += count;
                if (total > bytesMax) throw new BodyRefused(413);
                if (deadline.over()) throw new BodyRefused(408);
                sink.take(chunk, count);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new BodyRefused(400);
        }
    }

    void empty(int status) {
        response.status(Status.create(status)).send();
    }

    void json(int status, JsonNode body) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");
        bytes(status, Json.write(body));
    }

    /// Answers with a problem document and, where the body was not read, ends the connection.
    void problem(RequestError error) {
        response.header(HeaderNames.CONTENT_TYPE, "application/problem+json");
        boolean unread = request.content().hasEntity() && !request.content().consumed();
        if (unread) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            drop();
        }
        bytes(error.status(), Json.write(error.json()));
    }

    /// Reads what is left of a body before the connection is closed: a close with unread bytes resets the
    /// connection, and the client may lose the answer (RFC 9112 §9.6). A client that asked first (RFC 9110 §10.1.1)
    /// sends nothing after a refusal.
    private void drop() {
        if (request.headers().contains(HeaderNames.EXPECT)) return;
        byte[] chunk = new byte[CHUNK_BYTES];
        long total = 0;
        try {
            InputStream in = request.content().inputStream();
            for (int count; (count = in.read(chunk)) >= 0; ) {
                total += count;
                if (total > DROPPED_BYTES_MAX || deadline.over()) return;
            }
        } catch (IOException | UncheckedIOException | IllegalStateException broken) {
            // Nobody is left to answer, or the body was opened and closed before.
        }
    }

    void bytes(int status, byte[] body) {
        if (!response.headers().contains(HeaderNames.CACHE_CONTROL)) {
            response.header(HeaderNames.CACHE_CONTROL, "no-store");
        }
        response.status(Status.create(status)).send(body);
    }
}
