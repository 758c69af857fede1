package casella.continuity.reopen;

import java.util.Arrays;

/// A number for each of many accounts, in 12 bytes for each place: a table with open addressing, at most seven tenths full.
/// One thread's.
final class AccountNumbers {
    static final int NONE = -1;
    private static final int SMALLEST = 64;
    private static final int LARGEST = 1 << 26;

    private long[] keys = new long[SMALLEST];
    private int[] numbers = none(SMALLEST);
    private int count;

    private static int[] none(int length) {
        int[] numbers = new int[length];
        Arrays.fill(numbers, NONE);
        return numbers;
    }

    int count() {
        return count;
    }

    /// Returns the number of `key`, or [#NONE].
    int get(long key) {
        return numbers[place(keys, numbers, key)];
    }

    /// Gives `key` a number of 0 or more; returns false when there is no room for one more account.
    boolean put(long key, int number) {
        if (count >= keys.length / 10 * 7) {
            if (keys.length >= LARGEST) return false;
            grow();
        }
        int at = place(keys, numbers, key);
        if (numbers[at] == NONE) count++;
        keys[at] = key;
        numbers[at] = number;
        return true;
    }

    void clear() {
        keys = new long[SMALLEST];
        numbers = none(SMALLEST);
        count = 0;
    }

    private void grow() {
        long[] moreKeys = new long[keys.length * 2];
        int[] moreNumbers = none(keys.length * 2);
        for (int i = 0; i < keys.length; i++) {
            if (numbers[i] == NONE) continue;
            int at = place(moreKeys, moreNumbers, keys[i]);
            moreKeys[at] = keys[i];
            moreNumbers[at] = numbers[i];
        }
        keys = moreKeys;
        numbers = moreNumbers;
    }

    private static int place(long[] keys, int[] numbers, long key) {
        int mask = keys.length - 1;
        // Fibonacci hashing: the high bits of the product depend on all bits of the key.
        int at = (int) ((key * 0x9e3779b97f4a7c15L) >>> 32) & mask;
        while (numbers[at] != NONE && keys[at] != key) at = (at + 1) & mask;
        return at;
    }
}
