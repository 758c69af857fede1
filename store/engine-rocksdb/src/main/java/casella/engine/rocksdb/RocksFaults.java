package casella.engine.rocksdb;

import casella.base.Fault;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// Says in the three words of [Fault] what RocksDB says in its own.
final class RocksFaults {
    private RocksFaults() {}

    static Fault of(String sentence, RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        if (status == null) return new Fault.Unavailable(sentence, Map.of(), cause);
        Map<String, Object> facts = Map.of("code", status.getCodeString());
        if (status.getCode() == Status.Code.Corruption) return new Fault.Corrupt(sentence, facts, cause);
        if (status.getSubCode() == Status.SubCode.NoSpace) return new Fault.Exhausted(sentence, facts);
        return new Fault.Unavailable(sentence, facts, cause);
    }

    /// Says whether opening an existing database failed for its files and not for a lock or the disk: damaged, missing,
    /// or not holding what every database of ours holds. A missing file is an I/O error without a code of its own.
    static boolean damage(RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        return status != null
                && (status.getCode() == Status.Code.Corruption
                        || status.getCode() == Status.Code.InvalidArgument
                        || status.getCode() == Status.Code.NotFound
                        || String.valueOf(cause.getMessage()).contains("No such file"));
    }

    static boolean corruption(RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }
}
