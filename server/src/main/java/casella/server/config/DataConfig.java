package casella.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The `data` section: where everything is kept. Every path is absolute.
///
/// @param folder the data folder
/// @param engine the engine's folder
/// @param tail the tail's folder
/// @param pack the pack vault's folder
/// @param rocksdb the RocksDB vault's folder
/// @param files the folder of the vault of plain files
/// @param directory the directory's folder
/// @param queue the queue's folder
/// @param keys the instance's key
/// @param search the search shards' folder
/// @param registry who serves which account: live engine or standby
/// @param desk the incident desk's database
/// @param scans which mail is still to be scanned
/// @param care what vaults owe and when they were last read through
/// @param run lock and control socket
public record DataConfig(
        Path folder, Path engine, Path tail, Path pack, Path rocksdb, Path files, Path directory, Path queue,
        Path keys, Path search, Path registry, Path desk, Path scans, Path care, Path run) {

    static final String ABOUT =
            "Where everything is kept. A path that is not absolute begins at the data folder.";

    /// @param given what the command line or the environment say; null if neither does
    static DataConfig read(Section in, @Nullable Path given) {
        Path own = in.path("folder")
                .means("The data folder. `--data` and the environment's `CASELLA_DATA` go before it.")
                .effect(Effect.MOVE)
                .orElse(Path.of("casella-data"), "./casella-data");
        Path root = (given == null ? own : given).toAbsolutePath().normalize();
        return new DataConfig(
                root,
                below(in, root, "engine", "engine", "The engine: the current view of all accounts."),
                below(in, root, "tail", "tail",
                        "The last changes of all accounts; on a disk of its own where there is one."),
                below(in, root, "vault-pack", "vaults/pack",
                        "The vault of our own files; on another disk than the other vault where there is one."),
                below(in, root, "vault-rocksdb", "vaults/rocksdb", "The vault of RocksDB."),
                below(in, root, "vault-files", "vaults/files",
                        "The vault of plain files, where `store.vaults` names it."),
                below(in, root, "directory", "directory",
                        "Brands, accounts and credentials, with their snapshots."),
                below(in, root, "queue", "queue", "Mail that waits to be delivered."),
                below(in, root, "keys", "keys",
                        "The key with which this instance signs proofs. Back it up; never share it."),
                below(in, root, "search", "search", "The search index; a view that can be lost."),
                below(in, root, "registry", "registry",
                        "Who serves which account, the engine or the standby; never to be lost while an account is on standby."),
                below(in, root, "desk", "desk",
                        "The incident desk: incidents, and when what did not work for whom; on a disk of its own where there is one."),
                below(in, root, "scans", "scans",
                        "Which mail was taken and is still to be scanned; begun anew when lost."),
                below(in, root, "care", "care",
                        "What vaults owe, and when they were last read through; found again when lost."),
                below(in, root, "run", "run", "The lock and the control socket."));
    }

    private static Path below(Section in, Path root, String key, String otherwise, String meaning) {
        return root.resolve(in.path(key).means(meaning).effect(Effect.MOVE).orElse(Path.of(otherwise)));
    }

    /// Returns the layout of `folder` with nothing moved.
    public static DataConfig of(Path folder) {
        return Config.empty(folder).data();
    }
}
