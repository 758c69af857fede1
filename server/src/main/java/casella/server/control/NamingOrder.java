package casella.server.control;

import org.jspecify.annotations.Nullable;

/// On the names of our domains.
public sealed interface NamingOrder extends Order.Elsewhere {
    /// What domains need in the DNS, and whether it is there.
    ///
    /// @param domain one domain; null for all of a brand, or of all brands
    /// @param brand a brand's domains; null for all
    /// @param check whether the DNS is asked for each record
    record Dns(@Nullable String domain, @Nullable String brand, boolean check) implements NamingOrder {}

    /// Gives a brand's domains new keys that sign next; or has them sign.
    ///
    /// @param activate whether the next ones are to sign, where the DNS has them
    /// @param unchecked whether the DNS is not asked for that
    record DkimRotate(String brand, boolean activate, boolean unchecked) implements NamingOrder {}

    /// Takes back keys that signed.
    ///
    /// @param afterDays how long they must not have signed, 0 to 365
    record DkimRetire(String brand, int afterDays) implements NamingOrder {}

    @Override
    default boolean looks() {
        return switch (this) {
            case Dns _ -> true;
            case DkimRotate _, DkimRetire _ -> false;
        };
    }
}
