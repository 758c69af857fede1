package casella.directory;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.sqlite.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of a directory's folder, and the snapshot opened when the database does not answer.
///
/// ```text
/// directory.db (-wal, -shm)      the database
/// directory.snapshot             the newest whole copy
/// directory.snapshot.previous    the one before
/// directory.seal                 what the database was when it was closed ([Seals])
/// directory.snapshot.seals       what the snapshots are
/// directory.damaged-<millis>/    what a restore put aside
/// ```
public final class DirectoryFiles implements AutoCloseable {
    private static final String SNAPSHOT = "directory-snapshot";
    private static final String SEAL = "directory.seal";

    private final Path folder;
    private @Nullable Database standby;
    private @Nullable FileTime standbyMade;

    private DirectoryFiles(Path folder) {
        this.folder = folder;
    }

    /// Makes the folder, for its owner only.
    static DirectoryFiles in(Path folder) {
        try {
            Files.createDirectories(folder);
            if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The directory's folder cannot be made", e);
        }
        return new DirectoryFiles(folder);
    }

    /// Puts the newest readable snapshot in the place of the database; what was there is kept beside it.
    ///
    /// The directory must not be open. Changes made after the snapshot are lost: at most `snapshot-interval` of them,
    /// normally.
    ///
    /// @return when the snapshot was made
    /// @throws Fault.Corrupt if no snapshot can be read; nothing is changed then
    public static Instant restore(Path folder) {
        try (var files = new DirectoryFiles(folder)) {
            Path good = files.readableSnapshot();
            Instant made = Files.getLastModifiedTime(good).toInstant();
            Path aside = folder.resolve("directory.damaged-" + System.currentTimeMillis());
            Files.createDirectory(aside);
            for (String name : List.of("directory.db", "directory.db-wal", "directory.db-shm", SEAL)) {
                Path file = folder.resolve(name);
                if (Files.exists(file)) Files.move(file, aside.resolve(name));
            }
            Path fresh = folder.resolve("directory.db.new");
            Files.deleteIfExists(fresh);
            Files.copy(good, fresh);
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(fresh, folder.resolve("directory.db"));
            Log.event(Event.DIRECTORY_RESTORED, "made", made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("The directory cannot be restored", e);
        }
    }

    Path database() {
        return folder.resolve("directory.db");
    }

    /// Breaks the database's seal: from here on it is written.
    ///
    /// @throws Fault.Corrupt if it is not what it was when it was closed; the seal then stays
    void unseal() {
        if (!logged() && Seals.broken(folder.resolve(SEAL), database())) {
            throw new Fault.Corrupt("The database is not what it was when it was closed", Map.of());
        }
        try {
            Files.deleteIfExists(folder.resolve(SEAL));
        } catch (IOException e) {
            throw new Fault.Unavailable("The directory's folder cannot be written", Map.of("folder", folder), e);
        }
    }

    /// Seals the database, which is closed.
    void seal() {
        if (logged()) return; // it is not whole without its log
        try {
            Seals.seal(folder.resolve(SEAL), List.of(database()));
        } catch (IOException e) {
            Log.event(Event.DIRECTORY_SNAPSHOT_FAILED, e, "file", SEAL);
        }
    }

    private boolean logged() {
        return Files.exists(folder.resolve("directory.db-wal"));
    }

    /// Says whether there never was a directory here: an absent or empty database beside a snapshot is a lost one.
    boolean mayBeNew() {
        return !hasSnapshot();
    }

    boolean hasSnapshot() {
        return snapshots().findAny().isPresent();
    }

    /// Returns when the newest snapshot was made; the epoch without one.
    Instant snapshotTime() {
        try {
            Path newest = snapshots().findFirst().orElse(null);
            return newest == null ? Instant.EPOCH : Files.getLastModifiedTime(newest).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private Stream<Path> snapshots() {
        return Stream.of(Snapshots.NEWEST, Snapshots.PREVIOUS).map(folder::resolve).filter(Files::exists);
    }

    /// Returns the newest readable snapshot, opened; opened again when a newer one was made.
    ///
    /// @throws Fault.Corrupt if none can be read
    synchronized Database standby() {
        try {
            Database open = standby;
            Path newest = folder.resolve(Snapshots.NEWEST);
            FileTime made = Files.exists(newest) ? Files.getLastModifiedTime(newest) : null;
            if (open != null && (made == null || made.equals(standbyMade))) return open;
            Database fresh = Database.openSnapshot(readableSnapshot(), SNAPSHOT, Schema.MIGRATIONS);
            if (open != null) open.close();
            standby = fresh;
            standbyMade = made;
            return fresh;
        } catch (IOException e) {
            throw new Fault.Corrupt("The snapshot cannot be read", Map.of(), e);
        }
    }

    private Path readableSnapshot() {
        Path seals = folder.resolve(Snapshots.SEALS);
        // One that is not what it was comes last: better than none, if it can be read at all.
        List<Path> order = new ArrayList<>(snapshots().filter(one -> !Seals.broken(seals, one)).toList());
        for (Path broken : snapshots().filter(one -> Seals.broken(seals, one)).toList()) {
            Log.event(Event.DIRECTORY_SNAPSHOT_UNUSABLE, "file", broken.getFileName());
            order.add(broken);
        }
        for (Path snapshot : order) {
            try (Database tried = Database.openSnapshot(snapshot, SNAPSHOT, Schema.MIGRATIONS)) {
                tried.read(java.time.Duration.ofMinutes(1), Rows::catalogue);
                return snapshot;
            } catch (Fault e) {
                Log.event(Event.DIRECTORY_SNAPSHOT_UNUSABLE, e, "file", snapshot.getFileName());
            }
        }
        throw new Fault.Corrupt("No snapshot of the directory can be read", Map.of());
    }

    @Override
    public synchronized void close() {
        if (standby != null) standby.close();
        standby = null;
    }
}
