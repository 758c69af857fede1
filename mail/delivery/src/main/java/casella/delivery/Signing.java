package casella.delivery;

/// Signs mail of our own users for a domain of ours.
@FunctionalInterface
public interface Signing {
    /// Returns the fields that sign `mail`, each with its line end; nothing where the domain has no keys.
    ///
    /// @param domain of its From, in lower case
    /// @throws casella.base.Fault if its keys cannot be used
    /// @throws IllegalArgumentException if its header is not well-formed
    byte[] fields(String domain, byte[] mail);
}
