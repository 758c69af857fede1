package casella.server.control;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Moments as operators write them.
public final class Moment {
    private Moment() {}

    /// Returns what `2027-01-31T09:30:00+01:00`, or a day in UTC, says; empty for null.
    ///
    /// @param name of the option, for whoever wrote something else
    /// @throws IllegalArgumentException for that
    public static Optional<Instant> of(String name, @Nullable String text) {
        if (text == null) return Optional.empty();
        try {
            return Optional.of(text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name
                    + ": must be a moment like 2027-01-31T09:30:00+01:00, or a day like 2027-01-31", e);
        }
    }
}
