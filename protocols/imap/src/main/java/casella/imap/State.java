package casella.imap;

import casella.store.Account;

/// Where a connection stands. RFC 9051 §3.
sealed interface State {
    /// RFC 9051 §3.1.
    record NotAuthenticated() implements State {}

    /// Has an account: both states after login.
    sealed interface WithAccount extends State {
        Account account();

        Enabled enabled();

        /// Returns this state with what the client enabled.
        WithAccount with(Enabled enabled);
    }

    /// RFC 9051 §3.2.
    record Authenticated(Account account, Enabled enabled) implements WithAccount {
        @Override
        public Authenticated with(Enabled now) {
            return new Authenticated(account, now);
        }
    }

    /// RFC 9051 §3.3.
    record Selected(Account account, Enabled enabled, Selection selection) implements WithAccount {
        @Override
        public Selected with(Enabled now) {
            return new Selected(account, now, selection);
        }

        /// Returns this state with mod-sequences told from here on. RFC 7162 §3.1.
        Selected withCondstore() {
            return with(new Enabled(enabled.dialect(), true, enabled.qresync()));
        }

        /// Returns the state after the mailbox is closed.
        Authenticated closed() {
            return new Authenticated(account, enabled);
        }
    }

    /// RFC 9051 §3.4.
    record LoggedOut() implements State {}

    /// Returns the edition of IMAP spoken now.
    default Dialect dialect() {
        return this instanceof WithAccount known ? known.enabled().dialect() : Dialect.REV1;
    }

    /// What a client switched on, for the rest of the connection. RFC 9051 §6.3.1.
    ///
    /// @param condstore whether every FETCH answer of flags carries its mod-sequence. RFC 7162 §3.1
    /// @param qresync whether VANISHED is told in place of EXPUNGE. RFC 7162 §3.2.3
    record Enabled(Dialect dialect, boolean condstore, boolean qresync) {
        static final Enabled NOTHING = new Enabled(Dialect.REV1, false, false);
    }
}
