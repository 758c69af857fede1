package casella.scanning;

import java.time.Duration;

/// A program that looks at mails.
public interface Scanner extends AutoCloseable {
    /// Returns its name in logs, metrics and faults: `rspamd`.
    String name();

    /// Returns what it thinks of `letter`.
    ///
    /// @throws casella.base.Fault.Unavailable if it did not say within `time`, or nothing that makes sense
    Verdict scan(Letter letter, Duration time);

    @Override
    void close();
}
