package casella.server.cli;

import casella.incident.Csv;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Cases as a file, row by row as they come: CSV (RFC 4180) or one JSON array, by the file's name. Only this user may read it; it gets its
/// name when it is whole.
final class CaseFile implements AutoCloseable {
    private static final List<String> COLUMNS = List.of("number", "channel", "category", "state", "received",
            "deadline", "answered", "inTime", "closed", "outcome", "association", "incident", "brand", "account",
            "quotaBytes", "months", "awayHours");

    private final Path file;
    private final Path fresh;
    private final boolean csv;
    private final BufferedWriter to;
    private long rows;

    private CaseFile(Path file, boolean csv) throws IOException {
        this.file = file;
        this.csv = csv;
        this.fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        this.to = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8);
        to.write(csv ? Csv.row(COLUMNS) : "[");
    }

    /// @throws IllegalArgumentException if its name ends with neither `.csv` nor `.json`
    static CaseFile begin(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".csv") && !name.endsWith(".json")) {
            throw new IllegalArgumentException("--to: must end with .csv or .json");
        }
        return new CaseFile(file, name.endsWith(".csv"));
    }

    /// Adds a row; returns nothing to show.
    String row(ObjectNode row) {
        JsonNode millis = row.path("awayMillis");
        row.remove("awayMillis");
        if (millis.isNumber()) row.put("awayHours", Math.round(millis.asLong() / 360.0) / 10_000.0);
        else row.putNull("awayHours");
        try {
            if (csv) to.write(Csv.row(COLUMNS.stream().map(column -> Shown.text(row, column)).toList()));
            else to.write((rows == 0 ? "\n" : ",\n") + row);
            rows++;
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Gives the file its name.
    void whole() throws IOException {
        if (!csv) to.write("\n]\n");
        to.close();
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        to.close();
        Files.deleteIfExists(fresh);
    }
}
