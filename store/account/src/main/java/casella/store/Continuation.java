package casella.store;

import casella.base.AccountId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What serves an account while neither its engine nor its journal can be read: its folders by name, and what
/// waits for it. It takes no changes, and nothing of it is part of the account's history.
public interface Continuation {
    /// Runs `reading` on a view that is [partial][View#partial].
    ///
    /// @throws casella.base.Fault.Unavailable if what waits cannot be read now
    <T extends @Nullable Object> T read(Function<View, T> reading);

    /// Returns the exact bytes of an email it shows.
    Body body(Email email);

    /// Knows which accounts are served so. Asked at every use of an account, so it must be quick.
    interface Source {
        /// Returns null for an account that is served as always.
        @Nullable Continuation of(AccountId account);
    }
}
