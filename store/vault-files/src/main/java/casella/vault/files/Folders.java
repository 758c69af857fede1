package casella.vault.files;

import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Folders known to be on the disk with all above them, and how many files each was seen to have. The writer's alone.
final class Folders {
    private static final int KNOWN_MAX = 8_192;

    private final Disk disk;
    private final Path root;
    private final Runnable synced;
    private final Map<Path, Integer> known =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Path, Integer> eldest) {
                    return size() > KNOWN_MAX;
                }
            };

    /// @param synced is told of every sync
    Folders(Disk disk, Path root, Runnable synced) {
        this.disk = disk;
        this.root = root;
        this.synced = synced;
    }

    /// Makes `folder` where there is none. Its name is on the disk when this returns, also where a process that was killed
    /// made it: who sees a folder cannot know whether it would outlive a power loss.
    void make(Path folder) throws IOException {
        if (known.containsKey(folder)) return;
        Path above = folder.getParent();
        if (!folder.equals(root) && above != null) make(above);
        disk.makeFolder(folder);
        if (!folder.equals(root) && above != null) sync(above);
        known.put(folder, disk.list(folder).size());
    }

    /// Returns how many files a folder had when it was made known, and those added since.
    int count(Path folder) {
        return known.getOrDefault(folder, 0);
    }

    boolean known(Path folder) {
        return known.containsKey(folder);
    }

    void forget(Path folder) {
        known.remove(folder);
    }

    void added(Path folder) {
        known.computeIfPresent(folder, (_, count) -> count + 1);
    }

    void sync(Path folder) throws IOException {
        synced.run();
        try {
            disk.syncFolder(folder);
        } catch (IOException e) {
            known.remove(folder);
            throw e;
        }
    }

    /// Removes `folder` and those above it as far as they are empty, never `top` or what is above that.
    void prune(Path folder, Path top) throws IOException {
        for (Path at = folder; at != null && at.startsWith(top) && !at.equals(top); at = at.getParent()) {
            if (!disk.list(at).isEmpty()) return;
            known.remove(at);
            disk.delete(at);
            Path above = at.getParent();
            if (above != null) sync(above);
        }
    }
}
