package casella.rocksdb;

import casella.base.Event;
import casella.base.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What is kept of a thing that broke, for whoever looks into it later: folders `cut-<time>` in the database's own, the
/// newest three. Evidence that cannot be kept is logged and stops nothing.
public final class Evidence {
    private static final int FOLDERS_MAX = 3;

    private Evidence() {}

    /// Links a database's logs into a folder beside them, because recovery removes what it cuts off or skips.
    ///
    /// @param where what the database is part of, for logs
    public static void keepLogs(String where, Path folder) {
        try {
            Path kept = newFolder(folder);
            for (Path log : list(folder, "", ".log")) Files.createLink(kept.resolve(log.getFileName()), log);
        } catch (IOException | UnsupportedOperationException e) {
            Log.event(Event.ROCKSDB_EVIDENCE_LOST, e, "where", where, "folder", folder);
        }
    }

    /// Copies a file that is about to be mended.
    static void copy(String where, Path folder, Path file) {
        try {
            Files.copy(file, newFolder(folder).resolve(file.getFileName()),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Log.event(Event.ROCKSDB_EVIDENCE_LOST, e, "where", where, "folder", folder);
        }
    }

    /// Adds a line to a note for people, and syncs it.
    public static void note(String where, Path file, String text) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(StandardCharsets.UTF_8.encode(text));
            out.force(true);
        } catch (IOException e) {
            Log.event(Event.ROCKSDB_EVIDENCE_LOST, e, "where", where, "folder", file);
        }
    }

    private static Path newFolder(Path folder) throws IOException {
        List<Path> older = new ArrayList<>(list(folder, "cut-", ""));
        while (older.size() >= FOLDERS_MAX) remove(older.removeFirst());
        return Files.createDirectories(folder.resolve("cut-" + System.currentTimeMillis()));
    }

    static List<Path> list(Path folder, String start, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(start) && name.endsWith(end);
                    })
                    .sorted()
                    .toList();
        }
    }

    private static void remove(Path folder) throws IOException {
        for (Path file : list(folder, "", "")) Files.delete(file);
        Files.delete(folder);
    }
}
