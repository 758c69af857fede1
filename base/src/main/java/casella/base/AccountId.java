package casella.base;

import java.security.SecureRandom;

/// An account: a random 64-bit number, never reused, written as 13 digits of Crockford base 32.
public record AccountId(long value) implements Comparable<AccountId> {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int DIGITS = 13;

    /// Returns an id nobody has: 64 random bits.
    public static AccountId random() {
        return new AccountId(RANDOM.nextLong());
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
