package casella.store.standby;

import casella.base.AccountId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who serves an account: one record of the registry.
///
/// ```text
/// offset size
///      0    1  format, now 1
///      1    8  account
///      9    8  epoch
///     17    1  place: 1 live, 2 standby
///     18    1  step: 0 none under way, 1 a return
///     19    1  reason: 1 operator, 2 automatic
///     20    8  when, Unix milliseconds
/// ```
///
/// @param epoch who writes the account must hold at least this one
/// @param at when the epoch was claimed
public record Claim(AccountId account, long epoch, Place place, Step step, Reason reason, Instant at) {
    static final int BYTES = 28;
    private static final byte FORMAT = 1;

    /// What serves it.
    public enum Place {
        LIVE(1),
        STANDBY(2);

        private final byte number;

        Place(int number) {
            this.number = (byte) number;
        }
    }

    /// What was begun and is not ended.
    public enum Step {
        NONE(0),
        /// The epoch was claimed for the live engine, which may hold it already; the standby still serves.
        RETURNING(1);

        private final byte number;

        Step(int number) {
            this.number = (byte) number;
        }
    }

    /// Who wanted it.
    public enum Reason {
        OPERATOR(1),
        AUTOMATIC(2);

        private final byte number;

        Reason(int number) {
            this.number = (byte) number;
        }
    }

    boolean onStandby() {
        return place == Place.STANDBY;
    }

    Claim at(Place where) {
        return new Claim(account, epoch, where, Step.NONE, reason, at);
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(FORMAT)
                .putLong(account.value())
                .putLong(epoch)
                .put(place.number)
                .put(step.number)
                .put(reason.number)
                .putLong(at.toEpochMilli())
                .array();
    }

    /// Returns what a record says, null if it is none this version knows.
    static @Nullable Claim decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != BYTES || in.get() != FORMAT) return null;
        var account = new AccountId(in.getLong());
        long epoch = in.getLong();
        Place place = of(Place.values(), in.get(), one -> one.number);
        Step step = of(Step.values(), in.get(), one -> one.number);
        Reason reason = of(Reason.values(), in.get(), one -> one.number);
        if (epoch < 1 || place == null || step == null || reason == null) return null;
        return new Claim(account, epoch, place, step, reason, Instant.ofEpochMilli(in.getLong()));
    }

    private static <T> @Nullable T of(T[] all, byte number, Function<T, Byte> numbered) {
        for (T one : all) if (numbered.apply(one) == number) return one;
        return null;
    }
}
