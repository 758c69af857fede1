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
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// The files vault, and RocksDB as engine and as the other vault, in folders of the machine's own disk.
///
/// A process's end leaves what the library had written by then: the folder is copied as it is while the database is
/// open, and the copy is what is opened next.
final class RocksParts implements Parts {
    private static final FilesConfig FILES = new FilesConfig(0.0, 100, 2, FilesConfig.standard().breakerAge());

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

    /// Copies a folder that is being written: a file that goes meanwhile is one that is needed no more.
    private Path copy(Path from) {
        Path to = fresh();
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) Files.createDirectories(target);
                else Files.copy(path, target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to;
    }

    private static void delete(Path folder) {
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
