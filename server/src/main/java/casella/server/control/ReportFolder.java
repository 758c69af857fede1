package casella.server.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reports for operators, a folder each, named by when it was begun and of what it is; the newest 100 are kept.
///
/// ```text
/// <folder>/<time>-<name>/         report.json and whatever else belongs to it
/// ```
public final class ReportFolder {
    public static final int REPORTS_MAX = 100;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;

    /// @param folder made when the first report is written
    public ReportFolder(Path folder) {
        this.folder = folder;
    }

    /// Returns where a report is to be written.
    public Path place(Instant begun, String name) {
        return folder.resolve(TIME.format(begun) + "-" + name);
    }

    /// Writes a report; the oldest go.
    ///
    /// @param place as [#place] returned it
    /// @param files by name; `report.json` is one of them
    /// @throws UncheckedIOException if it cannot be written
    public void keep(Path place, Map<String, String> files) {
        try {
            DataFolder.makePrivate(folder);
            DataFolder.makePrivate(place);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(place.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
            }
            List<Path> all = all(null);
            for (int i = 0; i < all.size() - REPORTS_MAX; i++) remove(all.get(i));
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written: " + e.getMessage(), e);
        }
    }

    /// Returns the folders of reports, the oldest first.
    ///
    /// @param name of these alone; null for all
    /// @throws IOException if the folder cannot be read
    public List<Path> all(@Nullable String name) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> Files.exists(path.resolve("report.json")))
                    .filter(path -> name == null || path.getFileName().toString().endsWith("Z-" + name))
                    .sorted()
                    .toList();
        }
    }

    private static void remove(Path report) throws IOException {
        try (Stream<Path> all = Files.walk(report)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /// Returns the newest report; empty when there is none.
    ///
    /// @param name of these alone; null for all
    /// @throws UncheckedIOException if the folder cannot be read
    public Optional<Path> newest(@Nullable String name) {
        try {
            List<Path> all = all(name);
            return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        } catch (IOException e) {
            throw new UncheckedIOException("The reports cannot be read: " + e.getMessage(), e);
        }
    }
}
