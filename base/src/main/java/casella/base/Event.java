package casella.base;

import java.lang.System.Logger.Level;

/// Every thing the log can say. The name is stable: people and programs search for it.
///
/// `ERROR` means somebody must act. A client's mistake is never above `INFO`. docs/operations/events.md is generated
/// from this list.
public enum Event {
    COMMITTER_IDLE_FAILED("committer.idle-failed", Level.WARNING, "A committer could not do its idle work; it tries again.");

    private final String id;
    private final Level level;
    private final String meaning;

    Event(String id, Level level, String meaning) {
        this.id = id;
        this.level = level;
        this.meaning = meaning;
    }

    /// Returns the name in the log: `room.noun-verb`.
    public String id() {
        return id;
    }

    public Level level() {
        return level;
    }

    /// Returns what it means to whoever reads the log, one sentence.
    public String meaning() {
        return meaning;
    }
}
