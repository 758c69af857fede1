package casella.store.archive;

import casella.base.AccountId;
import casella.store.Derived;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Standing;
import java.time.Duration;
import java.util.Optional;

/// The sums of an account's rows in the engine, read in pages.
///
/// @param version the account's version while all pages were read
/// @param own sum of the rows of their own, the head row without its epoch ([Checkpoint#comparable])
/// @param follows sum of the rows that only find others, as the engine has them
/// @param due sum of the rows that should be there to find them
record EngineState(long version, StateSum own, StateSum follows, StateSum due) {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int PAGE_ROWS = 5_000;
    private static final byte[] END = {0x7F};

    /// Where a reading stands.
    private static final class Reading {
        final StateSum own = new StateSum();
        final StateSum follows = new StateSum();
        final StateSum due = new StateSum();
        byte[] next = {0x00};
        long version = -1;
        boolean ended;
        boolean changed;
    }

    /// Reads all rows; empty when the account changed meanwhile.
    static Optional<EngineState> read(Engine engine, AccountId account) {
        var reading = new Reading();
        while (!reading.ended) {
            engine.read(account, TIME, rows -> {
                long version = Standing.of(rows.get(new Key.Head().bytes())).version();
                reading.changed = reading.version >= 0 && reading.version != version;
                reading.version = version;
                reading.ended = true;
                if (reading.changed) return true;
                int[] count = {0};
                rows.scan(reading.next, END, false, (key, value) -> {
                    if (count[0]++ == PAGE_ROWS) {
                        reading.next = key;
                        reading.ended = false;
                        return false;
                    }
                    take(reading, key, value);
                    return true;
                });
                return true;
            });
            if (reading.changed) return Optional.empty();
        }
        return Optional.of(new EngineState(reading.version, reading.own, reading.follows, reading.due));
    }

    private static void take(Reading reading, byte[] key, byte[] value) {
        switch (Derived.kind(key)) {
            case OF_ITS_OWN -> {
                reading.own.add(key, key[0] == 0x00 ? HeadRow.of(value).under(0).bytes() : value);
                Derived.of(key, value, (followingKey, followingValue) -> {
                    reading.due.add(followingKey, followingValue);
                    return true;
                });
            }
            case FOLLOWS -> reading.follows.add(key, value);
            case OF_THIS_ENGINE -> {}
        }
    }
}
