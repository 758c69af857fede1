package casella.store.vault;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Sha256;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;

/// The name of an object: 57 bytes whose order is account, kind, time.
///
/// ```text
/// account:u64 kind:u8 order:u128 sha256:32
/// ```
///
/// Always a fresh name: no overwrite, no reference counts. Written for people as `account/kind/order-sha256`.
///
/// @param high first half of the order: a mail's arrival, a segment's first mod-sequence
/// @param low second half of the order: a mail's arrival, a segment's last mod-sequence
/// @param hash SHA-256 of the content
public record ObjectName(AccountId account, Kind kind, long high, long low, Sha256 hash)
        implements Comparable<ObjectName> {
    public static final int BYTES = 57;

    /// What an object holds. The numbers are stored and never change.
    public enum Kind {
        MAIL(1),
        SEGMENT(2),
        CONTENTS(3),
        CHECKPOINT(4),
        PAGE(5),
        HEADS(6);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        /// Returns the kind with `number`.
        ///
        /// @throws IllegalArgumentException if there is none
        public static Kind of(int number) {
            for (Kind kind : values()) if (kind.number == number) return kind;
            throw new IllegalArgumentException("object kind: unknown number " + number);
        }
    }

    public static ObjectName mail(AccountId account, ArrivalId arrival, Sha256 hash) {
        return new ObjectName(account, Kind.MAIL, arrival.high(), arrival.low(), hash);
    }

    /// Returns the arrival of a mail's name.
    public ArrivalId arrival() {
        return new ArrivalId(high, low);
    }

    /// Returns the name that 57 bytes hold.
    ///
    /// @throws IllegalArgumentException if they are no name
    public static ObjectName of(byte[] bytes) {
        if (bytes.length != BYTES) throw new IllegalArgumentException("object name: not 57 bytes");
        ByteBuffer in = ByteBuffer.wrap(bytes);
        var account = new AccountId(in.getLong());
        Kind kind = Kind.of(in.get());
        long high = in.getLong();
        long low = in.getLong();
        byte[] hash = new byte[Sha256.BYTES];
        in.get(hash);
        return new ObjectName(account, kind, high, low, Sha256.wrap(hash));
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(account.value())
                .put((byte) kind.number())
                .putLong(high)
                .putLong(low)
                .put(hash.bytes())
                .array();
    }

    /// Returns the 9 bytes with which every name of `account` and `kind` starts.
    public static byte[] prefix(AccountId account, Kind kind) {
        return ByteBuffer.allocate(9)
                .putLong(account.value())
                .put((byte) kind.number())
                .array();
    }

    @Override
    public int compareTo(ObjectName other) {
        int by = account.compareTo(other.account);
        if (by == 0) by = Integer.compare(kind.number(), other.kind.number());
        if (by == 0) by = Long.compareUnsigned(high, other.high);
        if (by == 0) by = Long.compareUnsigned(low, other.low);
        return by != 0 ? by : hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        String order =
                kind == Kind.MAIL
                        ? arrival().toString()
                        : HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
        return account + "/" + kind.name().toLowerCase(Locale.ROOT) + "/" + order + "-" + hash;
    }
}
