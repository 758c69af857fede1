package casella.incident.availability;

import casella.continuity.cohort.Cohort;
import java.util.Optional;

/// Whom an interval is about.
public sealed interface Scope {
    record Everybody() implements Scope {}

    /// Accounts of one brand.
    record OfBrand(String brand) implements Scope {}

    /// @param unpaid whether those whose plan is paid for are not meant: a reopening may let them in first
    record OfCohort(Cohort cohort, boolean unpaid) implements Scope {}

    /// Whoever used that protocol (`imap`). Which accounts these are is not known: it counts for no account, and is shown with each.
    record OfProtocol(String protocol) implements Scope {}

    /// Says whether what is known of it holds for an account.
    default boolean covers(Member member) {
        return switch (this) {
            case Everybody _ -> true;
            case OfBrand(String brand) -> member.brand().equals(brand);
            case OfCohort(Cohort cohort, boolean unpaid) ->
                    member.cohort().equals(cohort) && !(unpaid && member.paid());
            case OfProtocol _ -> false;
        };
    }

    /// Returns how it is kept, and shown: `everybody`, `brand posta`, `cohort slice-07`, `unpaid slice-07`, `protocol imap`.
    default String text() {
        return switch (this) {
            case Everybody _ -> "everybody";
            case OfBrand(String brand) -> "brand " + brand;
            case OfCohort(Cohort cohort, boolean unpaid) -> (unpaid ? "unpaid " : "cohort ") + cohort.word();
            case OfProtocol(String protocol) -> "protocol " + protocol;
        };
    }

    /// Returns what [#text] says; empty for none.
    static Optional<Scope> of(String text) {
        int space = text.indexOf(' ');
        String rest = text.substring(space + 1);
        return switch (text.substring(0, Math.max(0, space))) {
            case "" -> text.equals("everybody") ? Optional.of(new Everybody()) : Optional.empty();
            case "brand" -> Optional.of(new OfBrand(rest));
            case "cohort" -> Cohort.of(rest).map(cohort -> new OfCohort(cohort, false));
            case "unpaid" -> Cohort.of(rest).map(cohort -> new OfCohort(cohort, true));
            case "protocol" -> Optional.of(new OfProtocol(rest));
            default -> Optional.empty();
        };
    }
}
