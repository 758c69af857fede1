package casella.continuity.burnin;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Sha256;
import casella.store.vault.ObjectName;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/// The objects of a burn-in: told by their numbers alone, the same for the same plan. Nothing of them is kept in memory.
///
/// Sizes are log-normal with sigma 1.4, as mail is (median about 20 KB where the mean is 55 KB), between 256 bytes and
/// 16 MiB, with the plan's mean. Contents are random bytes: what is stored is as long as what was made, since mail comes to
/// a vault compressed.
///
/// Four lots, each with objects from 0 on:
/// - *filling*: as many accounts as are projected, their ids all over, mails of two years in turn;
/// - *one*: one account, its mails a hundredth of a second apart: a full day, a full minute;
/// - *alike*: one mail each of accounts whose ids begin alike;
/// - *crowd*: what many write at once.
final class Synthetic {
    enum Lot {
        FILLING(1),
        ONE(2),
        ALIKE(3),
        CROWD(4);

        private final long number;

        Lot(long number) {
            this.number = number;
        }
    }

    /// Ids for accounts that are spread; those above are for the other lots.
    static final int SPREAD = 0xFF_0000;

    private static final int ONE_NUMBER = 0xFF_0000;
    private static final int CROWD_NUMBER = 0xFF_0100;
    private static final int CROWD_ACCOUNTS = 64;
    private static final int ALIKE_NUMBER = 0xFF_8000;
    /// Prime to [#SPREAD]: every number is met once.
    private static final long STRIDE = 10_328_387;
    private static final double SIGMA = 1.4;
    private static final int CONTENT_BYTES_MIN = 256;
    private static final int CONTENT_BYTES_MAX = 16 << 20;
    private static final int POOL_BYTES = (16 << 20) + (64 << 10);
    /// 1 January 2024, UTC.
    private static final long FIRST_MILLIS = 1_704_067_200_000L;
    private static final long TWO_YEARS_MILLIS = 2L * 365 * 24 * 3_600 * 1_000;
    private static final long ONE_EVERY_MILLIS = 10;

    private final Plan plan;
    private final long objects;
    private final long accounts;
    private final double median;
    private final byte[] pool = new byte[POOL_BYTES];

    /// An object as a vault takes it.
    ///
    /// @param stored see [StoredObject]
    record Made(ObjectName name, byte[] stored) {}

    Synthetic(Plan plan) {
        this.plan = plan;
        this.objects = plan.goal(Dimension.OBJECTS);
        this.accounts = plan.goal(Dimension.ACCOUNTS);
        double mean = (double) plan.bytes() / plan.objects();
        this.median = mean / Math.exp(SIGMA * SIGMA / 2);
        new Random(plan.seed()).nextBytes(pool);
    }

    static AccountId spread(long number) {
        return AccountId.synthetic((int) (number * STRIDE % SPREAD));
    }

    /// Returns how many accounts there are when so many objects of the filling are there.
    long accountsAt(long filled) {
        if (filled >= objects) return accounts;
        return Math.min(accounts, (long) Math.ceil((double) filled * accounts / objects));
    }

    /// Returns whose object it is.
    AccountId account(Lot lot, long number) {
        return switch (lot) {
            case FILLING -> {
                long before = accountsAt(number);
                long now = accountsAt(number + 1);
                if (now > before) yield spread(before);
                yield spread(Math.floorMod(mixed(lot, number), Math.max(1, before)));
            }
            case ONE -> AccountId.synthetic(ONE_NUMBER);
            case ALIKE -> AccountId.synthetic(ALIKE_NUMBER + (int) (number % Plan.FAN_OUT_MAX));
            case CROWD -> AccountId.synthetic(CROWD_NUMBER + (int) (number % CROWD_ACCOUNTS));
        };
    }

    /// Returns an object of a lot.
    Made object(Lot lot, long number) {
        long mixed = mixed(lot, number);
        var random = new Random(mixed);
        byte[] content = content(random, mixed);
        long high = millis(lot, number) << 16 | (mixed & 0xFFFF);
        var arrival = new ArrivalId(high, Long.rotateLeft(mixed, 17) ^ number);
        ObjectName name = ObjectName.mail(account(lot, number), arrival, Sha256.of(content));
        var receipt = new Receipt(arrival, Instant.ofEpochMilli(arrival.unixMillis()), "", "", null, List.of());
        return new Made(name, StoredObject.encode(name, receipt.encode(), content));
    }

    private byte[] content(Random random, long mixed) {
        double size = median * Math.exp(SIGMA * random.nextGaussian());
        byte[] content = new byte[Math.clamp((long) size, CONTENT_BYTES_MIN, CONTENT_BYTES_MAX)];
        int from = random.nextInt(POOL_BYTES - content.length);
        System.arraycopy(pool, from, content, 0, content.length);
        // No two are alike.
        ByteBuffer.wrap(content).putLong(mixed);
        return content;
    }

    private long millis(Lot lot, long number) {
        return switch (lot) {
            case FILLING -> FIRST_MILLIS + (long) ((double) number / objects * TWO_YEARS_MILLIS);
            case ONE, ALIKE, CROWD -> FIRST_MILLIS + TWO_YEARS_MILLIS + number * ONE_EVERY_MILLIS;
        };
    }

    private long mixed(Lot lot, long number) {
        long mixed = plan.seed() * 0x9E37_79B9_7F4A_7C15L + lot.number * 0xD1B5_4A32_D192_ED03L + number;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }
}
