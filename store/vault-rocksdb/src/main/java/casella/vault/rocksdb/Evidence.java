package casella.vault.rocksdb;

import casella.base.Event;
import casella.base.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What is kept of a thing that broke, for whoever looks into it later.
final class Evidence {
    private static final int FOLDERS_MAX = 3;

    private Evidence() {}

    /// Links a database's logs into a folder beside them, because recovery removes what it skipped. The newest are kept.
    static void keepLogs(String vault, Path folder) {
        try {
            List<Path> older = new ArrayList<>();
            List<Path> logs = new ArrayList<>();
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> {
                    if (file.getFileName().toString().startsWith("cut-")) older.add(file);
                    else if (file.getFileName().toString().endsWith(".log")) logs.add(file);
                });
            }
            older.sort(null);
            while (older.size() >= FOLDERS_MAX) remove(older.removeFirst());
            Path kept = Files.createDirectories(folder.resolve("cut-" + System.currentTimeMillis()));
            for (Path log : logs) Files.createLink(kept.resolve(log.getFileName()), log);
        } catch (IOException | UnsupportedOperationException e) {
            Log.event(Event.VAULT_EVIDENCE_LOST, e, "vault", vault, "folder", folder);
        }
    }

    /// Writes beside a database that was set aside when and why, for people.
    static void note(String vault, Path file, String text) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(StandardCharsets.UTF_8.encode(text));
            out.force(true);
        } catch (IOException e) {
            Log.event(Event.VAULT_EVIDENCE_LOST, e, "vault", vault, "folder", file);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }
}
