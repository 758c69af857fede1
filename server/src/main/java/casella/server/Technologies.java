package casella.server;

import casella.engine.rocksdb.RocksEngineConfig;
import casella.server.config.DataConfig;
import casella.server.control.DataFolder;
import casella.store.engine.Engine;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import casella.vault.files.FilesVault;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.nio.file.Path;
import java.time.Clock;

/// How engine, tail and vaults of a machine are opened: the only place that names technologies. A test opens one of them
/// with something inside that hangs or fails on command.
interface Technologies {
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

    /// Opens the vault that `store.vaults` calls `name`.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    default Vault vault(String name, DataConfig data) {
        return switch (name) {
            case "pack" -> pack(data.pack());
            case "rocksdb" -> rocksdb(data.rocksdb());
            case "files" -> files(data.files());
            default -> throw new IllegalArgumentException("store.vaults: no vault is called " + name);
        };
    }
}
