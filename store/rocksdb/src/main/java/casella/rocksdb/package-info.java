/// What every RocksDB instance of ours needs, engine or vault.
///
/// Lives here: finding and loading the native library and freeing native things safely ([Handles]); the words for what
/// RocksDB says ([RocksFaults]); looking over logs before RocksDB does ([LogGuard]); keeping evidence ([Evidence]).
/// Promises: a native handle is never freed under a running call; a damaged log never keeps opening from returning.
/// Never: knows accounts, rows or objects; the two rooms that use it share no data, only this care.
/// Start reading at [LogGuard]; it is decision 0059.
///
/// The native library is found in this order: a folder of `java.library.path` that holds it under its plain name
/// (`librocksdbjni-linux64.so`), which a launcher may unpack once; else it is unpacked from its jar at each start, into
/// the folder named by the environment's `ROCKSDB_SHAREDLIB_DIR`, else into the system's temporary folder.
@NullMarked
package casella.rocksdb;

import org.jspecify.annotations.NullMarked;
