/// The embedded engine: accounts in one RocksDB instance.
///
/// Lives here: [RocksEngine], the writer that shares one synced write among many ([RowWriter]), the reading of one
/// snapshot ([RocksRows]) and the opened database with its careful recovery ([Database]).
/// Promises: the contract of every engine (`casella.testkit.EngineContract`), durable: what was answered `Written` is
/// there after kill -9 and power loss, or opening says that something was cut off.
/// Never: runs native code on a caller's thread (one committer, one pool for reads, one thread for probes); starts empty
/// where there were files; maps files into memory, so that a damaged file is an error and never a crash.
/// Start reading at [RocksEngine]; recovery is decision 0056, what it shares with the vault is `casella.rocksdb`.
@NullMarked
package casella.engine.rocksdb;

import org.jspecify.annotations.NullMarked;
