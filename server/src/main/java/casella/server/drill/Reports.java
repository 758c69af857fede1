package casella.server.drill;

import casella.server.config.DataConfig;
import casella.server.control.Json;
import casella.server.control.ReportFolder;
import casella.server.drill.january.January;
import casella.server.drill.january.Reenacted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The reports of drills.
///
/// ```text
/// drills/<time>-<name>/         report.json, report.md, plot.svg, samples.csv; the newest 100 are kept
/// ```
public final class Reports {
    private final ReportFolder folder;

    /// @param folder made when the first is written
    public Reports(Path folder) {
        this.folder = new ReportFolder(folder);
    }

    /// Returns where drills are kept in a data folder.
    public static Path folder(DataConfig data) {
        return data.folder().resolve("drills");
    }

    /// Writes a report and returns its folder.
    ///
    /// @throws UncheckedIOException if it cannot be written
    Path keep(Findings findings) {
        Path into = folder.place(findings.begun(), findings.drill());
        ObjectNode json = findings.json().put("folder", into.toString());
        folder.keep(into, Map.of(
                "plot.svg", Plot.svg(findings),
                "samples.csv", Report.samples(findings),
                "report.md", Report.markdown(findings),
                "report.json", Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n"));
        return into;
    }

    /// Writes the report of a re-enactment and returns its folder.
    ///
    /// @throws UncheckedIOException if it cannot be written
    public Path keep(Reenacted found) {
        Path into = folder.place(found.begun(), January.WORD);
        ObjectNode json = found.json().put("folder", into.toString());
        folder.keep(into, Map.of(
                "plot.svg", found.svg(),
                "samples.csv", found.samples(),
                "report.md", found.markdown(),
                "report.json", Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n"));
        return into;
    }

    /// Returns the folders of reports, the oldest first.
    ///
    /// @param drill of one drill alone; null for all
    /// @throws IOException if the folder cannot be read
    public List<Path> all(@Nullable String drill) throws IOException {
        return folder.all(drill);
    }

    /// Returns the numbers of every report that is kept, the oldest first; `report` is its name.
    ///
    /// @param drill of one drill alone; null for all
    /// @throws UncheckedIOException if they cannot be read
    public List<ObjectNode> rows(@Nullable String drill) {
        try {
            return all(drill).stream().map(Reports::numbers).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The reports cannot be read: " + e.getMessage(), e);
        }
    }

    private static ObjectNode numbers(Path folder) {
        try {
            String json = Files.readString(folder.resolve("report.json"));
            return ((ObjectNode) Json.MAPPER.readTree(json)).put("report", folder.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be read: " + e.getMessage(), e);
        }
    }

    /// Returns one report's numbers, and its words as `text`.
    ///
    /// @param named a drill's name for its newest report, or a report's own name; null for the newest of all
    /// @throws IllegalArgumentException if there is none
    /// @throws UncheckedIOException if it cannot be read
    public ObjectNode facts(@Nullable String named) {
        Path folder = newest(named).or(() -> called(named)).orElseThrow(() -> new IllegalArgumentException(
                "report: there is no report yet" + (named == null ? "" : " of " + named)));
        try {
            return numbers(folder).put("text", Files.readString(folder.resolve("report.md")));
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be read: " + e.getMessage(), e);
        }
    }

    private Optional<Path> called(@Nullable String name) {
        try {
            return all(null).stream().filter(one -> one.getFileName().toString().equals(name)).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("The reports cannot be read: " + e.getMessage(), e);
        }
    }

    /// Returns the folder of the newest report; empty when there is none.
    ///
    /// @param drill of one drill alone; null for all
    /// @throws UncheckedIOException if the folder cannot be read
    public Optional<Path> newest(@Nullable String drill) {
        return folder.newest(drill);
    }
}
