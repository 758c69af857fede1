package casella.server.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// On what people are told.
public sealed interface IncidentOrder extends Order.Elsewhere {
    @Override
    default boolean looks() {
        return switch (this) {
            case IncidentList _, IncidentShow _ -> true;
            case IncidentOpen open -> open.preview();
            case IncidentUpdate update -> update.preview();
            case IncidentAnswer _ -> false;
        };
    }

    /// Incidents, newest first, and what health proposes to open.
    record IncidentList() implements IncidentOrder {}

    record IncidentShow(long incident) implements IncidentOrder {}

    /// A text in both languages.
    ///
    /// @param english null for the Italian one
    record Text(String italian, @Nullable String english) {}

    /// @param severity `minor`, `major` or `critical`
    /// @param brands whom it concerns; empty for all
    /// @param cohorts those of their owners that it concerns alone: `staff`, `slice-07`; null or empty for all
    /// @param doors those who come by these alone: `imap`, `pop3`, `smtp`, `web`; null or empty for all
    /// @param apps those who use these programs alone, as `Thunderbird`; null or empty for all
    /// @param text what is said first; null for the words that are ready
    /// @param proof the run that shows what the text assures; null for none
    /// @param unproven whether it is said although it assures what no run shows
    /// @param proposal what health proposed, whose evidence is kept with it; null for none
    /// @param preview whether to show what would be said, and say nothing
    record IncidentOpen(
            Text title, String severity, List<String> brands, @Nullable List<String> cohorts,
            @Nullable List<String> doors, @Nullable List<String> apps, @Nullable Text text,
            @Nullable String proof, boolean unproven, @Nullable String proposal,
                    boolean preview) implements IncidentOrder {}

    /// Says more of an incident; what is null is not said.
    ///
    /// @param state `investigating`, `identified`, `restoring`, `monitoring`, or `resolved`, with which it is over
    /// @param back when it is expected to be over, `2027-01-31T09:30:00+01:00`; `none` takes it back
    /// @param confidence of that: `low`, `medium` or `high`; null for low
    /// @param cause `internal`, `attack` or `unknown`
    /// @param evidence what shows the cause
    record IncidentUpdate(
            long incident, @Nullable String state, @Nullable Text text, @Nullable String proof,
                    boolean unproven,
            @Nullable String back, @Nullable String confidence, @Nullable String cause,
                    @Nullable String evidence,
            boolean preview) implements IncidentOrder {}

    /// Answers a question; again under its key, it is the new answer.
    ///
    /// @param brand whose owners read it; null for all
    record IncidentAnswer(long incident, String key, @Nullable String brand, Text question, Text answer)
            implements IncidentOrder {}
}
