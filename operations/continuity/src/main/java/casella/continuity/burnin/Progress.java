package casella.continuity.burnin;

/// Hears how far a burn-in is.
@FunctionalInterface
public interface Progress {
    /// @param share 0 to 1
    /// @param words what it is doing, for people
    void at(double share, String words);
}
