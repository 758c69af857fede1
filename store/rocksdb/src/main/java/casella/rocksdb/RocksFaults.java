package casella.rocksdb;

import casella.base.Fault;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// Says in the three words of [Fault] what RocksDB says in its own.
public final class RocksFaults {
    private RocksFaults() {}

    /// Returns the fault that `cause` is.
    ///
    /// @param sentence what could not be done, a constant
    public static Fault of(String sentence, RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        if (status == null) return new Fault.Unavailable(sentence, Map.of(), cause);
        Map<String, Object> facts = Map.of("code", status.getCodeString());
        if (corruption(cause)) return new Fault.Corrupt(sentence, facts, cause);
        if (full(cause)) return new Fault.Exhausted(sentence, facts);
        return new Fault.Unavailable(sentence, facts, cause);
    }

    /// Says whether RocksDB found bytes that are not what it wrote.
    public static boolean corruption(RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }

    /// Says whether the disk is full.
    public static boolean full(RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        return status != null && status.getSubCode() == Status.SubCode.NoSpace;
    }

    /// Says whether opening an existing database failed for its files and not for a lock or the disk: damaged, missing,
    /// or not holding what every database of ours holds. A missing file is an I/O error without a code of its own.
    public static boolean damage(RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        return status != null
                && (status.getCode() == Status.Code.Corruption
                        || status.getCode() == Status.Code.InvalidArgument
                        || status.getCode() == Status.Code.NotFound
                        || String.valueOf(cause.getMessage()).contains("No such file"));
    }
}
