package casella.server;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Opens the engine, and where its files are damaged sets them aside and begins a new one: an engine is a
/// view, and each account's is made anew from its journal at its first use. Decision 0096.
///
/// ```text
/// engine/                       the engine
/// engine.damaged-<Unix ms>/     one that was set aside: evidence, at most two of them
/// ```
final class EngineFolder {
    private static final int KEPT_MAX = 2;

    private EngineFolder() {}

    /// @throws Fault.Unavailable if another process holds it, or neither it nor a new one can be opened
    static RocksEngine open(Path folder, RocksEngineConfig config, Clock clock) {
        try {
            return RocksEngine.open(folder, config);
        } catch (Fault.Corrupt e) {
            Path aside = setAside(folder, clock);
            Log.event(Event.ENGINE_SET_ASIDE, e, "folder", aside);
            return RocksEngine.open(folder, config);
        }
    }

    /// Returns the engines that were set aside, oldest first.
    static List<Path> setAside(Path folder) {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) return List.of();
        String start = folder.getFileName() + ".damaged-";
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(path -> path.getFileName().toString().startsWith(start)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path setAside(Path folder, Clock clock) {
        try {
            List<Path> before = setAside(folder);
            for (int i = 0; i <= before.size() - KEPT_MAX; i++) delete(before.get(i));
            Path aside = folder.resolveSibling(folder.getFileName() + ".damaged-" + clock.millis());
            return Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new Fault.Unavailable("A damaged engine cannot be set aside", Map.of("folder", folder), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
