package casella.server.control;

import org.jspecify.annotations.Nullable;

/// On networks that are shut out of every port.
public sealed interface BanOrder extends Order.Elsewhere {
    record BanList() implements BanOrder {}

    /// Shuts a network out.
    ///
    /// @param network `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; one IPv6 address stands for its /64
    /// @param time how long, `12h`; null for what its turn is
    /// @param why for the list
    record BanAdd(String network, @Nullable String time, @Nullable String why) implements BanOrder {}

    /// Lets a network in again, and forgets what was held against it.
    record BanLift(String network) implements BanOrder {}

    @Override
    default boolean looks() {
        return switch (this) {
            case BanList _ -> true;
            case BanAdd _, BanLift _ -> false;
        };
    }
}
