package casella.store;

import casella.base.AccountId;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What serves an account while neither its engine nor its journal can be read: its folders by name, and what
/// waits for it. It takes no changes, and nothing of it is part of the account's history.
public interface Continuation {
    /// Returns when it began.
    Instant since();

    /// Runs `reading` on a view that is [partial][View#partial]. While what waits cannot be read, the folder
    /// it is shown in is closed as the others are.
    ///
    /// @throws casella.base.Fault.Unavailable if not even the folders' names can be told now
    <T extends @Nullable Object> T read(Function<View, T> reading);

    /// Returns the exact bytes of an email it shows.
    Body body(Email email);

    /// Returns bytes `from` (inclusive) until `until` (exclusive) of an email it shows, cut at its end.
    Body body(Email email, int from, int until);

    /// Knows which accounts are served so. Asked at every use of an account, so it must be quick.
    interface Source {
        /// Returns null for an account that is served as always.
        @Nullable Continuation of(AccountId account);
    }
}
