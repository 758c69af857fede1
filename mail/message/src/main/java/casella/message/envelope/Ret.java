package casella.message.envelope;

import java.util.Optional;

/// How much of a message goes back with a report of failure. RFC 3461 §4.3. The numbers are in the queue's files and
/// never change.
public enum Ret {
    /// The sender did not say: the header, as [#HDRS].
    UNSAID(0, ""),
    /// All of it.
    FULL(1, "FULL"),
    /// Its header.
    HDRS(2, "HDRS");

    private final int number;
    private final String word;

    Ret(int number, String word) {
        this.number = number;
        this.word = word;
    }

    public int number() {
        return number;
    }

    /// Returns the value of `RET=`; empty where nothing was said.
    public String word() {
        return word;
    }

    /// Returns what a `RET=` says, whatever its case; empty for what says nothing.
    public static Optional<Ret> parse(String value) {
        for (Ret ret : values()) if (ret != UNSAID
                && ret.word.equalsIgnoreCase(value)) return Optional.of(ret);
        return Optional.empty();
    }

    /// Returns the one with this number; empty for none there is.
    public static Optional<Ret> of(int number) {
        for (Ret ret : values()) if (ret.number == number) return Optional.of(ret);
        return Optional.empty();
    }
}
