package casella.server.api;

import casella.server.control.Json;
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
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One request of somebody who works here, and its answer.
record StaffExchange(ServerRequest request, ServerResponse response) {
    static final String COOKIE = "casella-staff";
    private static final int CHUNK_BYTES = 1 << 13;
    /// Read and thrown away of a body that is refused, so that the answer arrives before the connection ends (RFC 9112 §9.6).
    private static final int DROPPED_BYTES_MAX = 1 << 16;

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Not understood"), Map.entry(401, "Log in first"), Map.entry(403, "Not for you"),
            Map.entry(404, "Nothing here"), Map.entry(413, "Too long"), Map.entry(415, "Wrong content type"),
            Map.entry(422, "Refused"), Map.entry(429, "Too many failures"), Map.entry(503, "Not there now"));

    /// Why a request is not carried out.
    static final class Problem extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Problem(int status, String detail) {
            super(detail, null, false, false);
            this.status = status;
        }

        /// Returns an object of RFC 9457 §3.
        ObjectNode json() {
            return Json.object().put("type", "about:blank").put("title", TITLES.getOrDefault(status,
                    "Failed"))
                    .put("status", status).put("detail", getMessage());
        }
    }

    /// Returns the object in the body.
    JsonNode json(int bytesMax) throws Problem {
        if (!contentType().equals("application/json")) throw new Problem(415,
                "Content-Type: must be application/json");
        try {
            return Json.MAPPER.readTree(body(bytesMax));
        } catch (JacksonException e) {
            throw new Problem(400, "the body is not JSON");
        }
    }

    private byte[] body(int bytesMax) throws Problem {
        if (request.headers().contentLength().orElse(0) > bytesMax) throw new Problem(413, "at most "
                + bytesMax + " bytes");
        var out = new ByteArrayOutputStream();
        if (!request.content().hasEntity()) return out.toByteArray();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = request.content().inputStream()) {
            for (int count; (count = in.read(chunk)) >= 0; ) {
                if (out.size() + count > bytesMax) throw new Problem(413, "at most " + bytesMax + " bytes");
                out.write(chunk, 0, count);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new Problem(400, "the body broke off");
        }
        return out.toByteArray();
    }

    private String contentType() {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /// Says whether the request comes from no other site's page: a browser says where the page is from that has it asked.
    boolean ours() {
        String site = request.headers().first(HeaderNames.create("Sec-Fetch-Site")).orElse("none");
        if (!site.equals("same-origin") && !site.equals("none")) return false;
        String origin = request.headers().first(HeaderNames.ORIGIN).orElse(null);
        if (origin == null) return true;
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(request.authority());
    }

    InetAddress peer() {
        if (request.remotePeer().address() instanceof InetSocketAddress socket
                && socket.getAddress() != null) {
            return socket.getAddress();
        }
        return InetAddress.getLoopbackAddress();
    }

    /// Returns the key of RFC 6750 §2.1; null if there is none.
    @Nullable String bearer() {
        String authorization = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        return authorization.regionMatches(true, 0, "Bearer ", 0, 7) ? authorization.substring(7).strip()
                : null;
    }

    /// Returns the token of the cookie; null if there is none.
    @Nullable String token() {
        for (String line : request.headers().values(HeaderNames.COOKIE)) {
            for (String pair : line.split(";")) {
                String one = pair.strip();
                if (one.startsWith(COOKIE + "=")) return one.substring(COOKIE.length() + 1);
            }
        }
        return null;
    }

    void cookie(String token, Duration life) {
        response.header(HeaderNames.SET_COOKIE, COOKIE + "=" + token + "; Path=/; Max-Age=" + life.toSeconds()
                + "; HttpOnly; SameSite=Strict" + (request.isSecure() ? "; Secure" : ""));
    }

    void answer(int status, ObjectNode json) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.status(Status.create(status)).send(json.toString());
    }

    void empty() {
        response.status(Status.NO_CONTENT_204).send();
    }

    void problem(Problem why) {
        response.header(HeaderNames.CONTENT_TYPE, "application/problem+json");
        if (request.content().hasEntity() && !request.content().consumed()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            drop();
        }
        response.status(Status.create(why.status)).send(why.json().toString());
    }

    private void drop() {
        if (request.headers().contains(HeaderNames.EXPECT)) return;
        try (InputStream in = request.content().inputStream()) {
            var _ = in.readNBytes(DROPPED_BYTES_MAX);
        } catch (IOException | UncheckedIOException e) {
            // The connection ends in any case.
        }
    }
}
