package casella.incident.availability;

/// When something did not work, and why.
///
/// @param span ends now where it still does not
public record Interval(Cause cause, Span span) {

    /// One that holds for all of a scope.
    public record OfScope(Scope scope, Interval interval) {}
}
