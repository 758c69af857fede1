package casella.base;

/// Hears which programs owners use: what an incident that concerns one program, or one protocol, is counted by.
@FunctionalInterface
public interface ClientApps {
    /// Forgets it.
    ClientApps NONE = (_, _, _) -> {};

    /// An owner came by a door. Never waits.
    ///
    /// @param app the program as it names itself, without its version; empty where it does not
    void used(AccountId account, Admission.Door door, String app);
}
