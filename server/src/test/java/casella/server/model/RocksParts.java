package casella.server.model;

import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.SimulatedDisk;
import casella.vault.files.FilesConfig;
import casella.vault.files.FilesVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The files vault, and RocksDB as engine and as the other vault, in folders of the machine's own disk.
///
/// A process's end leaves what the library had written by then: the folder is copied as it is at one moment while the
/// database is open, and the copy is what is opened next.
final class RocksParts implements Parts {
    private static final FilesConfig FILES =
            new FilesConfig(0.0, 100, 2, FilesConfig.standard().breakerAge());

    private static final int COPIES_MAX = 1_000;

    private final Path folder;
    private int number;
    private Path engineAt;
    private Path vaultAt;
    private Path before;
    private RocksEngine engine;
    private RocksVault second;
    private FilesVault files;

    /// @param folder empty, its own
    RocksParts(Path folder, SimulatedDisk disk) {
        this.folder = folder;
        engineAt = fresh();
        vaultAt = fresh();
        before = engineAt;
        engine = RocksEngine.open(engineAt, RocksEngineConfig.small());
        second = RocksVault.open("rocksdb", vaultAt, RocksVaultConfig.small());
        files = FilesVault.open("files", Path.of("files"), disk, FILES);
    }

    private Path fresh() {
        return folder.resolve(String.valueOf(number++));
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Vault first() {
        return files;
    }

    @Override
    public Vault second() {
        return second;
    }

    @Override
    public void openFirst(SimulatedDisk disk) {
        files = FilesVault.open("files", Path.of("files"), disk, FILES);
    }

    @Override
    public void keepEngine() {
        before = copy(engineAt);
    }

    @Override
    public void kill() {
        files.close();
        Path engineLeft = copy(engineAt);
        Path vaultLeft = copy(vaultAt);
        engine.close();
        second.close();
        delete(engineAt);
        delete(vaultAt);
        engineAt = engineLeft;
        vaultAt = vaultLeft;
        openRocks();
    }

    private void openRocks() {
        engine = RocksEngine.open(engineAt, RocksEngineConfig.small());
        second = RocksVault.open("rocksdb", vaultAt, RocksVaultConfig.small());
    }

    @Override
    public void engineBack() {
        engine.close();
        delete(engineAt);
        engineAt = before;
        engine = RocksEngine.open(engineAt, RocksEngineConfig.small());
    }

    @Override
    public void engineLost() {
        engine.close();
        delete(engineAt);
        engineAt = fresh();
        engine = RocksEngine.open(engineAt, RocksEngineConfig.small());
    }

    @Override
    public void secondLost() {
        second.close();
        delete(vaultAt);
        vaultAt = fresh();
        second = RocksVault.open("rocksdb", vaultAt, RocksVaultConfig.small());
    }

    /// Copies a folder that the library's own threads may still write: again, until nothing moved meanwhile. A mixture of
    /// two moments is what no process leaves.
    private Path copy(Path from) {
        for (int attempt = 0; attempt < COPIES_MAX; attempt++) {
            Path to = fresh();
            try {
                Map<Path, Long> before = lengths(from);
                for (Path path : before.keySet()) {
                    Path target = to.resolve(from.relativize(path).toString());
                    if (Files.isDirectory(path)) Files.createDirectories(target);
                    else Files.copy(path, target);
                }
                if (lengths(from).equals(before)) return to;
            } catch (NoSuchFileException e) {
                // It went after it was listed.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            delete(to);
        }
        throw new IllegalStateException("never still: " + from);
    }

    private static Map<Path, Long> lengths(Path folder) throws IOException {
        var lengths = new TreeMap<Path, Long>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                // The library's own account of itself is nothing it reads.
                if (!path.getFileName().toString().equals("LOG")) lengths.put(path, Files.size(path));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return lengths;
    }

    private static void delete(Path folder) {
        // A copy that broke off at its first look has none yet.
        if (!Files.exists(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        files.close();
        engine.close();
        second.close();
    }
}
