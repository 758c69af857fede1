package casella.vault.pack;

import casella.base.AccountId;
import casella.base.Fault;
import casella.store.vault.ObjectName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/// What a record of a pack segment says. The record's kind is a number here, its body as below.
///
/// ```text
/// kind  body
///    1  PUT     name:57, then the stored object as docs/formats/object.md has it, receipt in its header
///    2  DELETE  name:57
///    3  ERASE   account:u64: all of its objects before this record are gone
///    4  PROBE   16 random bytes: nothing
/// ```
sealed interface PackRecord {
    int PUT = 1;
    int DELETE = 2;
    int ERASE = 3;
    int PROBE = 4;
    int NAME_BYTES = ObjectName.BYTES;

    /// @param length of the stored object
    record Put(ObjectName name, int length) implements PackRecord {}

    record Delete(ObjectName name) implements PackRecord {}

    record Erase(AccountId account) implements PackRecord {}

    record Nothing() implements PackRecord {}

    /// Returns what a record says whose body is, or starts with, `body`.
    ///
    /// @throws Fault.Corrupt if it is no record of a pack, checksum or not
    static PackRecord of(int kind, byte[] body) {
        try {
            return switch (kind) {
                case PUT -> new Put(name(body), body.length - NAME_BYTES);
                case DELETE -> new Delete(name(body));
                case ERASE -> new Erase(new AccountId(ByteBuffer.wrap(body).getLong()));
                case PROBE -> new Nothing();
                default -> throw new Fault.Corrupt("Pack record of unknown kind", Map.of("kind", kind));
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException | java.nio.BufferUnderflowException e) {
            throw new Fault.Corrupt("Pack record unreadable", Map.of("kind", kind, "bytes", body.length), e);
        }
    }

    /// Returns the body of an erasure.
    static byte[] body(AccountId account) {
        return ByteBuffer.allocate(Long.BYTES).putLong(account.value()).array();
    }

    private static ObjectName name(byte[] body) {
        return ObjectName.of(Arrays.copyOf(body, NAME_BYTES));
    }
}
