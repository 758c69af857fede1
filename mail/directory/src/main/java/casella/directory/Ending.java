package casella.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What stands between an account and its erasure.
///
/// @param held nothing of it may go, whoever asks: a dispute, an investigation
/// @param wiped when it was marked for erasure; null when it is not
public record Ending(boolean held, @Nullable Instant wiped) {
    public static final Ending NONE = new Ending(false, null);
}
