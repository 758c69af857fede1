package casella.server.config;

import java.util.Comparator;

/// What is wrong with a configuration file.
///
/// @param line counted from 1; 0 when it is not about a line
/// @param key whole name, `imap.idle-timeout`; empty when it is not about a key
/// @param rule what must hold: `must be at least 30m (RFC 9051 §5.4)`
public record Problem(int line, String key, String rule) implements Comparable<Problem> {
    private static final Comparator<Problem> BY_LINE = Comparator.comparingInt(Problem::line).thenComparing(Problem::key);

    @Override
    public int compareTo(Problem other) {
        return BY_LINE.compare(this, other);
    }

    /// Returns it as a person reads it: `line 3: imap.idle-timeout: must be at least 30m`.
    @Override
    public String toString() {
        return (line > 0 ? "line " + line + ": " : "") + (key.isEmpty() ? "" : key + ": ") + rule;
    }
}
