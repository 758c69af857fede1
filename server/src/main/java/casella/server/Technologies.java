package casella.server;

import casella.engine.rocksdb.RocksEngineConfig;
import casella.server.control.DataFolder;
import casella.store.engine.Engine;
import casella.store.tail.Tail;
import casella.server.ladder.VaultPlace;
import casella.store.vault.Vault;
import casella.vault.files.FilesVault;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.nio.file.Path;
import java.time.Clock;

/// How engine, tail and vaults of a machine are opened: the only place that names technologies. A test opens one of them
/// with something inside that hangs or fails on command; so does a drill that has a storage of its own.
public interface Technologies {
    /// All of them as they are.
    Technologies REAL = new Technologies() {};

    default Engine engine(Path folder) {
        return EngineFolder.open(folder, RocksEngineConfig.standard(), Clock.systemUTC());
    }

    default Tail tail(Path folder) {
        return Tail.open(folder);
    }

    default Vault pack(Path folder) {
        return PackVault.open("pack", folder);
    }

    default Vault rocksdb(Path folder) {
        return RocksVault.open("rocksdb", folder, RocksVaultConfig.standard());
    }

    default Vault files(Path folder) {
        DataFolder.makePrivate(folder);
        return FilesVault.open("files", folder);
    }

    /// Opens a vault: one that the configuration names, or one that was added.
    default Vault vault(VaultPlace place) {
        if (!place.name().equals(place.kind().word())) return added(place);
        return switch (place.kind()) {
            case PACK -> pack(place.folder());
            case ROCKSDB -> rocksdb(place.folder());
            case FILES -> files(place.folder());
        };
    }

    /// Opens a vault that was added to a server (`casella vault add`).
    default Vault added(VaultPlace place) {
        DataFolder.makePrivate(place.folder());
        return switch (place.kind()) {
            case PACK -> PackVault.open(place.name(), place.folder());
            case ROCKSDB -> RocksVault.open(place.name(), place.folder(), RocksVaultConfig.standard());
            case FILES -> FilesVault.open(place.name(), place.folder());
        };
    }
}
