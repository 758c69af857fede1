package casella.server.control;

import org.jspecify.annotations.Nullable;

/// On mail that waits for other servers. Which of it is meant is said by one of: a message's id, a domain, the account that
/// submitted it, or that all is.
public sealed interface OutgoingOrder extends Order.Elsewhere {
    /// Recipients that wait; all where nothing is said.
    record OutgoingList(@Nullable String message, @Nullable String domain, @Nullable String account)
            implements OutgoingOrder {}

    /// Domains to which something goes, those with most first.
    record OutgoingDestinations() implements OutgoingOrder {}

    /// Keeps it from being sent until it is released.
    record OutgoingHold(
            @Nullable String message, @Nullable String domain, @Nullable String account, boolean all)
            implements OutgoingOrder {}

    /// Lets what is held be sent.
    record OutgoingRelease(
            @Nullable String message, @Nullable String domain, @Nullable String account, boolean all)
            implements OutgoingOrder {}

    /// Has it be tried now.
    record OutgoingRetry(
            @Nullable String message, @Nullable String domain, @Nullable String account, boolean all)
            implements OutgoingOrder {}

    /// Ends it. Nobody is told.
    ///
    /// @param dryRun true to say how many it would be
    record OutgoingCancel(
            @Nullable String message, @Nullable String domain, @Nullable String account, boolean all,
                    boolean dryRun)
            implements OutgoingOrder {}

    /// Has it go somewhere else.
    ///
    /// @param to an address, or a domain where the same names are
    /// @param dryRun true to say how many it would be
    record OutgoingRedirect(
            @Nullable String message, @Nullable String domain, @Nullable String account, boolean all,
                    String to,
            boolean dryRun)
            implements OutgoingOrder {}

    @Override
    default boolean looks() {
        return switch (this) {
            case OutgoingList _, OutgoingDestinations _ -> true;
            case OutgoingHold _, OutgoingRelease _, OutgoingRetry _ -> false;
            case OutgoingCancel cancel -> cancel.dryRun();
            case OutgoingRedirect redirect -> redirect.dryRun();
        };
    }
}
