package casella.server.drill;

import casella.server.config.DataConfig;
import casella.server.control.DataFolder;
import casella.server.control.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The reports of drills.
///
/// ```text
/// drills/<time>-<name>/         report.json, report.md, plot.svg, samples.csv; the newest 100 are kept
/// ```
public final class Reports {
    static final int REPORTS_MAX = 100;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;

    /// @param folder made when the first is written
    public Reports(Path folder) {
        this.folder = folder;
    }

    /// Returns where drills are kept in a data folder.
    public static Path folder(DataConfig data) {
        return data.folder().resolve("drills");
    }

    /// Writes a report and returns its folder.
    ///
    /// @throws UncheckedIOException if it cannot be written
    Path keep(Findings findings) {
        Path into = folder.resolve(TIME.format(findings.begun()) + "-" + findings.drill());
        try {
            DataFolder.makePrivate(folder);
            DataFolder.makePrivate(into);
            ObjectNode json = findings.json().put("folder", into.toString());
            write(into, "plot.svg", Plot.svg(findings));
            write(into, "samples.csv", Report.samples(findings));
            write(into, "report.md", Report.markdown(findings));
            write(into, "report.json",
                    Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
            List<Path> all = all(null);
            for (int i = 0; i < all.size() - REPORTS_MAX; i++) remove(all.get(i));
            return into;
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }

    /// Returns the folders of reports, the oldest first.
    ///
    /// @param drill of one drill alone; null for all
    /// @throws IOException if the folder cannot be read
    public List<Path> all(@Nullable String drill) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> Files.exists(path.resolve("report.json")))
                    .filter(path -> drill == null || path.getFileName().toString().endsWith("Z-" + drill))
                    .sorted()
                    .toList();
        }
    }

    private static void remove(Path report) throws IOException {
        try (Stream<Path> all = Files.walk(report)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /// Returns the folder of the newest report; empty when there is none.
    ///
    /// @param drill of one drill alone; null for all
    /// @throws UncheckedIOException if the folder cannot be read
    public Optional<Path> newest(@Nullable String drill) {
        try {
            List<Path> all = all(drill);
            return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        } catch (IOException e) {
            throw new UncheckedIOException("The reports cannot be read: " + e.getMessage(), e);
        }
    }
}
