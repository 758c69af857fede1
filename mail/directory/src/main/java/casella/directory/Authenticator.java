package casella.directory;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/// Tells whether somebody is who they say.
///
/// Safe from any thread; a virtual thread waits for its turn on the cores. A password verified once is known again
/// within microseconds until it is changed.
public interface Authenticator {
    /// Says whether `password` opens the account of `login` (its primary address or an alias, without detail). While a
    /// snapshot stands in, a login it does not know and a password that does not fit may be newer than it: both are
    /// `TryLater`, take the same time and are counted as failures.
    ///
    /// An unknown login takes as long as a known one. `password` is not kept and not cleared: that is the caller's.
    ///
    /// @param password 1 to 1,024 bytes of UTF-8 as the client sent them; prepared here by SASLprep (RFC 4013)
    Verdict verify(String login, byte[] password, Origin origin);

    /// Returns the SCRAM-SHA-256 keys for `login`: those of its account, or, for a login nobody has or one without
    /// keys, made-up ones that no password fits and that stay the same from one asking to the next. RFC 5802 §9.
    ///
    /// @throws casella.base.Fault.Unavailable if it cannot be told now
    ScramKeys scramKeys(String login);

    /// Starts an exchange of `SCRAM-SHA-256` (RFC 7677). One exchange serves one log-in of one connection.
    ScramExchange scram(Origin origin);

    /// Says whether the account of `login` is let in, where a token proved whose it is, and the account may be used.
    ///
    /// @param login empty for a token that was refused: it counts as a failed log-in
    Verdict vouched(Optional<String> login, Origin origin);

    /// Returns why nobody may try from `origin` now; empty when they may.
    Optional<Verdict.TryLater> refuses(Origin origin);

    /// Who asks.
    ///
    /// @param address the client's own address, after any PROXY header
    /// @param protocol `imap`, `smtp`, `jmap`: for the log and the metric
    record Origin(InetAddress address, String protocol) {}

    /// How long a log-in holds: a session asks before each thing it does, and ends when the answer is no.
    @FunctionalInterface
    interface Grant {
        /// A grant that never ends.
        Grant LASTING = () -> true;

        /// Returns false once the password was changed, or the account disabled or wiped. Answered from
        /// memory.
        boolean stands();
    }

    /// The answer to a log-in.
    sealed interface Verdict {
        /// Come in.
        ///
        /// @param grant how long a session may rely on it
        record Granted(Account account, Grant grant) implements Verdict {
            /// Granted for as long as the session lasts.
            public Granted(Account account) {
                this(account, Grant.LASTING);
            }
        }

        /// Unknown login or wrong password; which of them is not said.
        record Denied() implements Verdict {}

        /// The password is right and the account may not be used.
        record AccountDisabled() implements Verdict {}

        /// Not let in yet: not all come in at once now. Whether login and password are right was not looked at.
        ///
        /// @param place how many are before, and one; 0 where that is not known
        /// @param estimate after how long it will be their turn
        /// @param retry when to ask again: different for each
        record NotYet(long place, Duration estimate, Duration retry) implements Verdict {}

        /// Not told: too many failures from this address, too much to do, or nobody can tell now.
        ///
        /// @param after when it is worth trying again
        /// @param why a constant sentence the client may be told
        /// @param cause for doors that say it in a word of theirs
        record TryLater(Duration after, String why, Cause cause) implements Verdict {}

        /// Why a log-in was not tried.
        enum Cause {
            /// Whoever asks has failed too often.
            FAILURES,
            /// It is this side that cannot tell, also whether the login or its password was wrong.
            AWAY
        }
    }
}
