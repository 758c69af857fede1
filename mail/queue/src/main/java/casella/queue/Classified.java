package casella.queue;

/// What was said of a message, and why.
///
/// @param reason words of this house, never of the message: `code`, `list`, `unproven (code)`
public record Classified(Priority priority, String reason) {}
