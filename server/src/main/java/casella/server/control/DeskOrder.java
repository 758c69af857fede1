package casella.server.control;

import org.jspecify.annotations.Nullable;

/// What leaves the incident desk as a file or a list, and what it publishes afterwards. All of it is written down.
public sealed interface DeskOrder extends Order.Elsewhere {

    /// Cases with their dates, outcomes, and what was measured and given; one row a case. Names nobody.
    ///
    /// @param state `open`, `answered` or `closed`; null for all
    /// @param category null for all
    /// @param association in whose name they came; null for all
    /// @param due those that must be answered within so many days, and those that should have been; null for all
    /// @param incident that they are about; null for all
    record ComplaintExport(@Nullable String state, @Nullable String category, @Nullable String association,
            @Nullable Integer due, @Nullable Long incident) implements DeskOrder {}

    /// All that is kept of the person a case concerns, for that person.
    ///
    /// @param to a new file on the server's machine
    record ComplaintPackage(long complaint, String to) implements DeskOrder {}

    /// What an association is told of an incident.
    ///
    /// @param to a new file on the server's machine
    record AssociationPack(String association, long incident, String to) implements DeskOrder {}

    /// For how long what did not work for every account of an incident's brands.
    ///
    /// @param to a new file on the server's machine
    record AvailabilityAll(long incident, String to) implements DeskOrder {}

    /// What was learned of an incident that is over, as its page on the status site; again, it is a new version.
    ///
    /// @param italian null to leave it as the version before has it
    /// @param english likewise
    /// @param unproven whether it is said although it assures what no run shows
    /// @param preview whether to look whether it may be published, and publish nothing
    record PostMortem(long incident, @Nullable String italian, @Nullable String english,
            @Nullable String proof, boolean unproven, boolean preview) implements DeskOrder {
        @Override
        public String toString() {
            return "PostMortem[incident=%d, preview=%s]".formatted(incident, preview);
        }
    }

    @Override
    default boolean looks() {
        return switch (this) {
            case PostMortem page -> page.preview();
            case ComplaintExport _, ComplaintPackage _, AssociationPack _, AvailabilityAll _ -> false;
        };
    }
}
