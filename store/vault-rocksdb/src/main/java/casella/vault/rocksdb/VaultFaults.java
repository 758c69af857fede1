package casella.vault.rocksdb;

import casella.base.Fault;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// Says in the three words of [Fault] what RocksDB says in its own.
final class VaultFaults {
    private VaultFaults() {}

    static Fault of(String sentence, RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        if (status == null) return new Fault.Unavailable(sentence, Map.of(), cause);
        Map<String, Object> facts = Map.of("code", status.getCodeString());
        if (corruption(cause)) return new Fault.Corrupt(sentence, facts, cause);
        if (full(cause)) return new Fault.Exhausted(sentence, facts);
        return new Fault.Unavailable(sentence, facts, cause);
    }

    static boolean corruption(RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }

    static boolean full(RocksDBException cause) {
        @Nullable Status status = cause.getStatus();
        return status != null && status.getSubCode() == Status.SubCode.NoSpace;
    }
}
