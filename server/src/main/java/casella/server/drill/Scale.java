package casella.server.drill;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How much is measured in a drill, beside the drill's own account.
public enum Scale {
    SMALL(8, 1_000, 100_000),
    FULL(64, 100, 1_000_000);

    private final int accounts;
    private final long mailMillis;
    private final int samplesMax;

    Scale(int accounts, long mailMillis, int samplesMax) {
        this.accounts = accounts;
        this.mailMillis = mailMillis;
        this.samplesMax = samplesMax;
    }

    /// Returns the name that commands use.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the scale of a name; empty if there is none.
    public static Optional<Scale> of(String word) {
        return Arrays.stream(values()).filter(scale -> scale.word().equals(word)).findFirst();
    }

    /// Returns how many accounts are read all the time.
    int accounts() {
        return accounts;
    }

    /// Returns after how long the next mail is sent.
    long mailMillis() {
        return mailMillis;
    }

    /// Returns how many looks are kept; a drill of ten minutes makes a third of it.
    int samplesMax() {
        return samplesMax;
    }
}
