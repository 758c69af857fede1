package casella.bench.reopening;

import java.util.Arrays;

/// When each account's next event is: a list for each second, linked through one number for each account. An account has at
/// most one event.
final class Calendar {
    private static final int NONE = -1;

    private final int[] first;
    private final int[] next;

    Calendar(int accounts, int seconds) {
        first = new int[seconds];
        next = new int[accounts];
        Arrays.fill(first, NONE);
    }

    /// Has the account's event at `second`; what is after the end never happens.
    void at(int second, int account) {
        if (second >= first.length) return;
        next[account] = first[second];
        first[second] = account;
    }

    /// Moves the accounts of a second into `into`, and returns how many they are.
    int take(int second, int[] into) {
        int count = 0;
        for (int account = first[second]; account != NONE; account = next[account]) into[count++] = account;
        first[second] = NONE;
        return count;
    }

    /// Returns how many events a second has.
    int count(int second) {
        int count = 0;
        for (int account = first[second]; account != NONE; account = next[account]) count++;
        return count;
    }
}
