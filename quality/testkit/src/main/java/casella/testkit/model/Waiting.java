package casella.testkit.model;

import casella.base.AccountId;
import casella.base.ArrivalId;
import java.time.Duration;

/// Where messages wait that an account cannot take now, of the test's choice; closed and opened with the
/// [Machine] it is part of.
public interface Waiting {
    /// Takes what waited into an account.
    interface Taker {
        /// @throws casella.base.Fault if it is not known what came of it: the message goes on waiting
        void take(AccountId account, ArrivalId arrival, byte[] content);
    }

    /// Keeps a message; when this returns it was kept.
    ///
    /// @throws casella.base.Fault if it is not known whether it was
    void keep(AccountId account, ArrivalId arrival, byte[] content, Duration time);

    /// Tries some of what waits, one message after another.
    ///
    /// @throws casella.base.Fault if it cannot be tried now
    void drain(Taker taker);

    /// Returns how many wait.
    int size();
}
