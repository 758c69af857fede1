/// The vault on RocksDB: objects as blobs, names and receipts beside them.
///
/// Lives here: [RocksVault]; the writer that shares one synced write ([ObjectWriter]); one opened database
/// ([Generation]) and their succession when one breaks ([Generations]); the view over them ([Merged]).
/// Promises: the contract of every vault (`casella.testkit.VaultContract`); a damaged file is a fault or wrong bytes that
/// the reader's checks find, never the end of the process; a database that takes no writes any more is set aside, still
/// read as far as it can be, and a fresh one takes the mail.
/// Never: runs native code on a caller's thread; maps files into memory; deletes or rewrites what it set aside.
/// Start reading at [RocksVault]; setting aside is decision 0058, what it shares with the engine is
/// `casella.rocksdb`.
@NullMarked
package casella.vault.rocksdb;

import org.jspecify.annotations.NullMarked;
