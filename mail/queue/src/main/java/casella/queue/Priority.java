package casella.queue;

import org.jspecify.annotations.Nullable;

/// Who goes first while a backlog drains. The numbers are in the files and never change.
public enum Priority {
    /// One-time codes, resets, security notices: worth nothing an hour later.
    URGENT(1, "urgent"),
    /// What one person, or a machine, wrote to one.
    PERSONAL(2, "personal"),
    /// What was sent to many.
    BULK(3, "bulk");

    private final int number;
    private final String word;

    Priority(int number, String word) {
        this.number = number;
        this.word = word;
    }

    public int number() {
        return number;
    }

    /// Returns the word for logs, metrics and people.
    public String word() {
        return word;
    }

    /// Returns the priority with this number, or null.
    static @Nullable Priority of(int number) {
        for (Priority priority : values()) if (priority.number == number) return priority;
        return null;
    }
}
