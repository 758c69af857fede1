package casella.server.reopen;

import casella.base.Bulkhead;
import casella.base.Fault;
import casella.continuity.reopen.Progress;
import casella.store.care.CareFile;
import casella.store.disk.Disk;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// How far a reopening is, in two small files: one that is damaged must not open all doors. Blocks on files; docs/formats/care.md.
///
/// ```text
/// care/reopen, care/reopen-2
/// begun 2027-01-31T03:12:09Z luca
/// paid-first no
/// soak 600
/// in 4 2027-01-31T03:40:11Z
/// ended 2027-01-31T09:01:00Z         only of one that is over
/// ```
public final class ReopenFile implements AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(10);

    /// What is kept.
    ///
    /// @param ended when everybody was in; empty while it is under way
    public record Kept(Progress progress, Optional<Instant> ended) {}

    private final Bulkhead threads = new Bulkhead("reopen.files", 1, 16);
    private final List<CareFile> files;

    /// @param care the folder
    public ReopenFile(Path care) {
        this.files = Stream.of("reopen", "reopen-2")
                .map(name -> new CareFile(Disk.real(), care.resolve(name), threads))
                .toList();
    }

    /// Returns what was kept last: of the first file, or of the second where that one is not whole.
    public Optional<Kept> read() {
        for (CareFile file : files) {
            Optional<Kept> kept = file.read().flatMap(ReopenFile::read);
            if (kept.isPresent()) return kept;
        }
        return Optional.empty();
    }

    private static Optional<Kept> read(List<String> lines) {
        Map<String, String[]> words = new HashMap<>();
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            if (parts.length > 1) words.put(parts[0], parts);
        }
        try {
            String[] begun = need(words, "begun", 3);
            String[] in = need(words, "in", 3);
            var progress = new Progress(
                    Instant.parse(begun[1]), begun[2], need(words, "paid-first", 2)[1].equals("yes"),
                    Duration.ofSeconds(Long.parseLong(need(words, "soak", 2)[1])), Integer.parseInt(in[1]),
                    Instant.parse(in[2]));
            String[] ended = words.get("ended");
            Optional<Instant> end = Optional.ofNullable(ended).map(parts -> Instant.parse(parts[1]));
            return Optional.of(new Kept(progress, end));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String[] need(Map<String, String[]> words, String name, int count) {
        String[] parts = words.get(name);
        if (parts == null || parts.length < count) throw new IllegalArgumentException(name);
        return parts;
    }

    /// Keeps it in the place of what was there; returns whether it is on the disk.
    public boolean keep(Kept kept) {
        Progress now = kept.progress();
        var lines = new ArrayList<>(List.of(
                "begun " + now.begun() + " " + now.by().replaceAll("[^!-~]", "_"),
                "paid-first " + (now.paidFirst() ? "yes" : "no"),
                "soak " + now.soak().toSeconds(),
                "in " + now.in() + " " + now.stepped()));
        kept.ended().ifPresent(ended -> lines.add("ended " + ended));
        try {
            // The second may lag behind by a step, never lead.
            return files.getFirst().kept(lines, TIME) && files.getLast().kept(lines, TIME);
        } catch (Fault.Unavailable e) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
