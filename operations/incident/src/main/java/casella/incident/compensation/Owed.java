package casella.incident.compensation;

/// What an account of one brand and plan is owed by one rule.
///
/// @param brand as of the preview
/// @param plan as of the preview
/// @param rule its name; empty where each that names the plan asks for a longer time
/// @param percent of the plan's quota, where the rule says it so
/// @param bytes of quota, for ever
/// @param months of the plan, free
public record Owed(String brand, String plan, String rule, int percent, long bytes, int months) {
    /// Says whether it is anything.
    public boolean something() {
        return bytes > 0 || months > 0;
    }
}
