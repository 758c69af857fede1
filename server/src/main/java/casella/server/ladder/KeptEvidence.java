package casella.server.ladder;

import casella.base.Bulkhead;
import casella.base.Fault;
import casella.continuity.ladder.Climb;
import casella.server.config.DataConfig;
import casella.store.disk.Disk;
import casella.store.disk.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The way up of each vault that came into the place of another, with all that was measured: kept for who asks years later.
/// A file for each, in two places, written once. Nothing is served by them: one that is damaged keeps no server from starting.
///
/// ```text
/// casella-evidence 1
/// …                 lines of [Climb]
/// crc32c 1a2b3c4d
/// ```
///
/// Page: docs/formats/vaults.md.
public final class KeptEvidence {
    private static final String PREFIX = "evidence-";
    private static final String FIRST = "casella-evidence 1";
    private static final Duration TIME = Duration.ofSeconds(30);

    private final List<Path> folders;
    private final Bulkhead threads;

    /// @param threads where files are read and written
    public KeptEvidence(DataConfig data, Bulkhead threads) {
        this.folders = List.of(data.registry(), data.care());
        this.threads = threads;
    }

    private List<SmallFile> files(String vault) {
        return folders.stream()
                .map(folder -> new SmallFile(Disk.real(), folder.resolve(PREFIX + vault), FIRST))
                .toList();
    }

    /// Keeps it; in both places when this returns.
    ///
    /// @throws Fault.Unavailable if it is not
    void keep(Climb climb) {
        threads.call(TIME, () -> {
            for (SmallFile file : files(climb.vault())) {
                try {
                    file.write(climb.lines());
                } catch (IOException e) {
                    throw new Fault.Unavailable("The evidence cannot be written down",
                            Map.of("file", file.path()), e);
                }
            }
            return climb;
        });
    }

    /// Returns what was kept of a vault; empty if nothing was, or no copy of it can be read.
    ///
    /// @throws Fault.Unavailable if the disk does not answer
    Optional<Climb> of(String vault) {
        return threads.call(TIME, () -> {
            for (SmallFile file : files(vault)) {
                Climb climb = read(file);
                if (climb != null) return Optional.of(climb);
            }
            return Optional.empty();
        });
    }

    /// Returns what was kept of every vault, by their names; what no copy can be read of is left out.
    ///
    /// @throws Fault.Unavailable if the disk does not answer
    public List<Climb> all() {
        return threads.call(TIME, () -> {
            var names = new TreeSet<String>();
            for (Path folder : folders) {
                if (!Files.isDirectory(folder)) continue;
                try (Stream<Path> files = Files.list(folder)) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.matches(PREFIX + "[a-z0-9-]+"))
                            .forEach(name -> names.add(name.substring(PREFIX.length())));
                } catch (IOException e) {
                    throw new Fault.Unavailable("The folder of evidence cannot be listed",
                            Map.of("folder", folder), e);
                }
            }
            var all = new ArrayList<Climb>();
            for (String vault : names) {
                files(vault).stream().map(KeptEvidence::read).filter(Objects::nonNull).findFirst()
                        .ifPresent(all::add);
            }
            return List.copyOf(all);
        });
    }

    private static @Nullable Climb read(SmallFile file) {
        try {
            List<String> lines = file.read().orElse(null);
            return lines == null ? null : Climb.of(new ArrayList<>(lines));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }
}
