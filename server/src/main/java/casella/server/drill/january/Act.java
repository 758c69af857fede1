package casella.server.drill.january;

/// One of the three ways in which the migration goes.
///
/// @param word names it in facts
/// @param title what the operators do
/// @param held whether it went as it must
/// @param said what the system said
/// @param from milliseconds since measuring began
/// @param until likewise
public record Act(String word, String title, boolean held, String said, long from, long until) {}
