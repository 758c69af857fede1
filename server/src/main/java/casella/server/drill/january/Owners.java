package casella.server.drill.january;

import java.util.stream.IntStream;

/// Whose each mail is.
///
/// @param accounts how many there are
/// @param watched how many of them read all the time
record Owners(int accounts, int watched) {
    /// Returns the owner of one of the mails that were there before.
    int had(long number) {
        return (int) (number % accounts);
    }

    /// Returns the owner of a mail that comes: every other one is for somebody who reads.
    int gets(long number) {
        return number % 2 == 0 ? (int) (number / 2 % accounts) : watched((int) (number / 2 % watched));
    }

    /// Returns the owner who is watched as the n-th.
    int watched(int nth) {
        return (int) ((long) nth * accounts / watched);
    }

    IntStream watchers() {
        return IntStream.range(0, watched).map(this::watched);
    }
}
