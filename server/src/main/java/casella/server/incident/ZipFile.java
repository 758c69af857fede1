package casella.server.incident;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;

/// Files that are given away together, one after another, with the hash of each at the end.
final class ZipFile implements AutoCloseable {
    private final ZipOutputStream zip;
    private final Instant now;
    private final StringBuilder sums = new StringBuilder();

    ZipFile(OutputStream out, Instant now) {
        this.zip = new ZipOutputStream(out, UTF_8);
        this.now = now;
    }

    void add(String name, byte[] bytes) throws IOException {
        put(name, bytes);
        sums.append(Sha256.of(bytes)).append("  ").append(name).append('\n');
    }

    void add(String name, String text) throws IOException {
        add(name, text.getBytes(UTF_8));
    }

    void add(String name, JsonNode json) throws IOException {
        add(name, json.toPrettyString() + "\n");
    }

    private void put(String name, byte[] bytes) throws IOException {
        var entry = new ZipEntry(name);
        entry.setTime(now.toEpochMilli());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /// Writes the hashes, as `sha256sum --check` reads them, and ends the file.
    @Override
    public void close() throws IOException {
        put("SHA256SUMS", sums.toString().getBytes(UTF_8));
        zip.finish();
        zip.flush();
    }
}
