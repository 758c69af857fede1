package casella.base;

import java.security.SecureRandom;

/// An account: a random 64-bit number, never reused, written as 13 digits of Crockford base 32.
///
/// Ids that end in [#SYNTHETIC] are nobody's: what a burn-in puts into an empty vault bears them, and is known by them.
public record AccountId(long value) implements Comparable<AccountId> {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int DIGITS = 13;
    /// The low 40 bits of every id that is no owner's.
    private static final long SYNTHETIC = 0xB5_9A7E_57EDL;
    private static final int SYNTHETIC_BITS = 40;
    /// How many ids there are that are no owner's.
    public static final int SYNTHETIC_COUNT = 1 << (Long.SIZE - SYNTHETIC_BITS);

    /// Returns an id nobody has: 64 random bits.
    public static AccountId random() {
        var id = new AccountId(RANDOM.nextLong());
        return id.isSynthetic() ? random() : id;
    }

    /// Returns an id that is never an owner's. Those of neighbouring numbers begin alike.
    ///
    /// @param number 0 until [#SYNTHETIC_COUNT]
    public static AccountId synthetic(int number) {
        if (number < 0 || number >= SYNTHETIC_COUNT) throw new IllegalArgumentException("account id: not of so many");
        return new AccountId(((long) number << SYNTHETIC_BITS) | SYNTHETIC);
    }

    /// Says whether it is no owner's.
    public boolean isSynthetic() {
        return (value & ((1L << SYNTHETIC_BITS) - 1)) == SYNTHETIC;
    }

    /// Returns the id `text` says.
    ///
    /// @throws IllegalArgumentException if it is not 13 digits of at most 64 bits
    public static AccountId parse(String text) {
        long[] number = Base32.read(text);
        if (text.length() != DIGITS || number[0] != 0) throw new IllegalArgumentException("account id: not 13 digits");
        return new AccountId(number[1]);
    }

    @Override
    public int compareTo(AccountId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Base32.write(0, value, DIGITS);
    }
}
