package casella.jmap;

import casella.store.Accounts;
import io.helidon.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Uploading and downloading. RFC 8620 §6.1, §6.2.
final class BlobEndpoint {
    private static final int NAME_LENGTH_MAX = 200;

    /// What a browser could run or render as a page of ours is given as bytes only.
    private static final Set<String> ACTIVE = Set.of(
            "text/html",
            "text/xml",
            "application/xml",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/javascript",
            "application/javascript",
            "application/ecmascript",
            "text/ecmascript",
            "application/x-shockwave-flash");

    private final JmapConfig config;
    private final Accounts accounts;
    private final Uploads uploads;
    private final Gate gate;

    BlobEndpoint(JmapConfig config, Accounts accounts, Uploads uploads) {
        this.config = config;
        this.accounts = accounts;
        this.uploads = uploads;
        this.gate = new Gate(config.concurrentUploadsMax());
    }

    /// `POST /jmap/upload/{accountId}`: 201 and what the file is called now.
    void upload(Exchange exchange, Caller caller) throws Exchange.BodyRefused {
        if (!exchange.path("accountId").equals(caller.account().toString())) {
            exchange.problem(RequestError.plain(404, "No such account"));
            return;
        }
        if (!gate.enter(caller.account())) {
            exchange.response().header(HeaderNames.RETRY_AFTER, "1");
            var limit = RequestError.limit("maxConcurrentUpload", config.concurrentUploadsMax());
            exchange.problem(new RequestError(limit.type(), 429, limit.detail(), limit.limit()));
            return;
        }
        try (Uploads.Incoming incoming = uploads.receive(caller.account())) {
            exchange.pour(config.uploadBytesMax(), incoming::write);
            Uploads.Kept kept = incoming.finish();
            exchange.json(201, Json.object()
                    .put("accountId", caller.account().toString())
                    .put("blobId", kept.hash().toString())
                    .put("type", type(exchange.contentType()))
                    .put("size", kept.size()));
        } catch (Exchange.BodyRefused refused) {
            if (refused.status() != 413) throw refused;
            var limit = RequestError.limit("maxSizeUpload", config.uploadBytesMax());
            exchange.problem(new RequestError(limit.type(), 413, limit.detail(), limit.limit()));
        } finally {
            gate.leave(caller.account());
        }
    }

    /// `GET /jmap/download/{accountId}/{blobId}/{name}?accept={type}`: the bytes, always as a file
    /// to be saved.
    void download(Exchange exchange, Caller caller) {
        Optional<byte[]> bytes = exchange.path("accountId").equals(caller.account().toString())
                ? new Blobs(accounts.open(caller.account()), uploads).read(exchange.path("blobId"))
                : Optional.empty();
        if (bytes.isEmpty()) {
            exchange.problem(RequestError.plain(404, "No such blob"));
            return;
        }
        String asked = exchange.query("accept");
        String type = type(asked == null ? "" : asked.toLowerCase(Locale.ROOT));
        var response = exchange.response();
        response.header(HeaderNames.CONTENT_TYPE, ACTIVE.contains(type) ? "application/octet-stream" : type);
        response.header(HeaderNames.CONTENT_DISPOSITION, disposition(exchange.path("name")));
        // The bytes behind an id never change. RFC 8620 §6.2
        response.header(HeaderNames.CACHE_CONTROL, "private, immutable, max-age=31536000");
        exchange.bytes(200, bytes.get());
    }

    /// Returns a media type without parameters, `application/octet-stream` for what is none.
    static String type(String given) {
        int end = given.indexOf(';');
        String bare = (end < 0 ? given : given.substring(0, end)).strip();
        boolean fits = bare.matches("[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}");
        return fits ? bare : "application/octet-stream";
    }

    /// RFC 6266 §4.3: the name in ASCII for old clients, and whole.
    static String disposition(String name) {
        String clipped = name.length() > NAME_LENGTH_MAX ? name.substring(0, NAME_LENGTH_MAX) : name;
        var plain = new StringBuilder();
        var encoded = new StringBuilder();
        for (byte b : clipped.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean simple = Ascii.letterOrDigit(c) || ".-_".indexOf(c) >= 0;
            if (simple) encoded.append(c);
            else encoded.append(String.format("%%%02X", (int) c));
        }
        clipped.codePoints().forEach(c -> {
            boolean simple = c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '/' && c != '%';
            plain.append(simple ? (char) c : '_');
        });
        return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
    }
}
