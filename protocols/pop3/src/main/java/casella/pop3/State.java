package casella.pop3;

import casella.store.Account;
import org.jspecify.annotations.Nullable;

/// Where a connection stands. RFC 1939 §3.
sealed interface State {
    /// RFC 1939 §4.
    ///
    /// @param user what USER said; null before
    record Authorization(@Nullable String user) implements State {}

    /// RFC 1939 §5.
    record Transaction(Account account, Snapshot inbox) implements State {}

    /// The client said QUIT, or is sent away.
    record Ended() implements State {}
}
