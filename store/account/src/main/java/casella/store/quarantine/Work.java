package casella.store.quarantine;

import org.jspecify.annotations.Nullable;

/// What is done with an account's stored data, where damaged data could end the process.
public enum Work {
    /// Its view is compared with its journal, or made whole, before it is served.
    OPENING(1, "opening it"),
    /// Its view is made anew because its rows cannot be read.
    MENDING(2, "making its view anew"),
    /// Rows are read, or a change is planned on them.
    READING(3, "reading its rows");

    private final int number;
    private final String words;

    Work(int number, String words) {
        this.number = number;
        this.words = words;
    }

    int number() {
        return number;
    }

    public String words() {
        return words;
    }

    static @Nullable Work of(int number) {
        for (Work work : values()) if (work.number == number) return work;
        return null;
    }
}
