package casella.server.config;

import java.time.Duration;

/// The `incident` section: what owners are told of faults.
///
/// @param backMessageAfter how long an owner must have had less than always to be told by mail that all is back
public record IncidentSection(Duration backMessageAfter) {
    static final String ABOUT = "What owners are told of faults.";

    static IncidentSection read(Section in) {
        Duration after = Section.between(in.duration("back-message-after"), Duration.ofSeconds(1), Duration.ofDays(7))
                .means("How long an owner must have had less than always (folders closed, mails that cannot be opened) to get the"
                        + " brand's signed message when all is back.")
                .orElse(Duration.ofMinutes(15));
        return new IncidentSection(after);
    }
}
