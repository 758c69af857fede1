package casella.jmap;

import casella.base.Sha256;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of a page that is built, read once at the start and served from memory: no path of a request ever
/// reaches the disk.
///
/// Files below `assets/` have a hash of their content in their name and never change; `index.html`
/// names them and is asked for each time. A path without a dot in its last part is a view of the
/// page, which is `index.html`.
public final class StaticFiles {
    /// A webmail larger than this is a wrong folder.
    private static final long BYTES_MAX = 64L << 20;

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    /// A file as it is sent.
    ///
    /// @param type with its charset
    /// @param tag an entity tag (RFC 9110 §8.8.3)
    /// @param immutable whether its content is in its name
    public record File(byte[] bytes, String type, String tag, boolean immutable) {
        /// Returns what `Cache-Control` says of it.
        public String cached() {
            return immutable ? "public, max-age=31536000, immutable" : "no-cache";
        }
    }

    private final Map<String, File> files;

    private StaticFiles(Map<String, File> files) {
        this.files = files;
    }

    /// Reads `folder`, without one there are no files.
    ///
    /// @throws UncheckedIOException if it cannot be read
    /// @throws IllegalArgumentException if it is not there or is too large
    public static StaticFiles read(@Nullable Path folder) {
        if (folder == null) return new StaticFiles(Map.of());
        if (!Files.isDirectory(folder)) throw new IllegalArgumentException("jmap.webmail: must be a folder");
        var files = new HashMap<String, File>();
        long total = 0;
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> paths = walk.filter(Files::isRegularFile).toList();
            for (Path path : paths) {
                total += Files.size(path);
                if (total > BYTES_MAX) throw new IllegalArgumentException("jmap.webmail: must be at most 64MiB");
                String name = folder.relativize(path).toString().replace('\\', '/');
                byte[] bytes = Files.readAllBytes(path);
                String tag = '"' + Sha256.of(bytes).toString().substring(0, 32) + '"';
                files.put("/" + name, new File(bytes, type(name), tag, name.startsWith("assets/")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new StaticFiles(files);
    }

    /// Returns the file at a path that begins with `/`; null if there is none.
    public @Nullable File at(String path) {
        return view(path) ? files.get("/index.html") : files.get(path);
    }

    /// Says whether a path is that of a view of the page.
    boolean view(String path) {
        boolean page = path.equals("/") || path.equals("/index.html");
        return page || (!files.containsKey(path) && path.indexOf('.', path.lastIndexOf('/')) < 0);
    }

    /// Answers with the file at the request's path, or 404.
    void serve(Exchange exchange) {
        File file = at(exchange.request().path().path());
        if (file == null) {
            exchange.problem(RequestError.plain(404, "Nothing here"));
            return;
        }
        SecurityHeaders.page(exchange.response());
        exchange.response().header(HeaderNames.ETAG, file.tag());
        exchange.response().header(HeaderNames.CACHE_CONTROL, file.cached());
        if (file.tag().equals(exchange.header(HeaderNames.IF_NONE_MATCH))) {
            exchange.empty(304);
            return;
        }
        exchange.response().header(HeaderNames.CONTENT_TYPE, file.type());
        exchange.bytes(200, file.bytes());
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, "application/octet-stream");
    }
}
