package casella.store.continuation;

import casella.base.AccountId;
import casella.base.Modseq;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A continuation of an account, as a record says it.
///
/// ```text
/// offset size
///      0    1  format, now 1
///      1    8  account
///      9    8  when it was opened, Unix milliseconds
/// ```
///
/// All its numbers come from when it was opened, so no two of an account share any.
///
/// @param at whole milliseconds
public record Opening(AccountId account, Instant at) {
    static final int BYTES = 17;
    private static final byte FORMAT = 1;
    /// 2026-01-01 in Unix milliseconds, before any continuation: a clock that says less is wrong.
    static final long BEGINNING = 1_767_225_600_000L;
    private static final long FIRST_UID_VALIDITY = 1L << 31;
    /// No account makes so many changes; and a state of JMAP stays below 19 digits.
    private static final long FIRST_MODSEQ = 500_000_000_000_000_000L;
    private static final long MODSEQS_A_MILLISECOND = 100_000;

    /// Returns the UIDVALIDITY of the open folder: above what real folders have, which is the second they were
    /// made in, until 2038, and never what one made then has.
    long uidValidity() {
        return FIRST_UID_VALIDITY + since() / 1_000 % FIRST_UID_VALIDITY;
    }

    /// Returns where its mod-sequences begin.
    Modseq base() {
        return new Modseq(FIRST_MODSEQ + since() * MODSEQS_A_MILLISECOND);
    }

    private long since() {
        return Math.max(1, at.toEpochMilli() - BEGINNING);
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(FORMAT)
                .putLong(account.value())
                .putLong(at.toEpochMilli())
                .array();
    }

    /// Returns what a record says, null if it is none this version knows.
    static @Nullable Opening decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < BYTES || in.get() != FORMAT) return null;
        return new Opening(new AccountId(in.getLong()), Instant.ofEpochMilli(in.getLong()));
    }
}
