package casella.delivery;

import casella.base.AccountId;
import casella.message.envelope.Notify;
import java.util.List;

/// One recipient that was admitted.
public sealed interface Recipient {
    /// Returns the address as the sender wrote it.
    String address();

    /// Returns what the sender is to be told of it.
    Notify wants();

    /// Returns the same, with what the sender asked to be told.
    Recipient with(Notify asked);

    /// One with a mailbox here.
    ///
    /// @param address as the sender wrote it
    /// @param account where it goes
    /// @param detail what followed the `+`, empty without one. RFC 5233 §1
    /// @param quotaBytes how much the account may hold
    /// @param wants what the sender is to be told of it
    record Local(String address, AccountId account, String detail, long quotaBytes,
            Notify wants) implements Recipient {
        /// One of which the sender said nothing.
        public Local(String address, AccountId account, String detail, long quotaBytes) {
            this(address, account, detail, quotaBytes, Notify.UNSAID);
        }

        @Override
        public Local with(Notify asked) {
            return new Local(address, account, detail, quotaBytes, asked);
        }
    }

    /// One whose mail goes on: to others, and into its own mailbox where it keeps a copy.
    ///
    /// @param address as the sender wrote it
    /// @param domain of ours that passes it on
    /// @param to 1 or more, none of them of this kind
    /// @param wants what the sender is to be told of it
    record Forwarded(String address, String domain, List<Recipient> to, Notify wants) implements Recipient {
        public Forwarded {
            to = List.copyOf(to);
        }

        @Override
        public Forwarded with(Notify asked) {
            return new Forwarded(address, domain, to, asked);
        }

        /// Returns accounts here that get it.
        public List<Local> here() {
            return to.stream().filter(Local.class::isInstance).map(Local.class::cast).toList();
        }

        List<Remote> elsewhere() {
            return to.stream().filter(Remote.class::isInstance).map(Remote.class::cast).toList();
        }
    }

    /// One whose mailbox is on another server.
    ///
    /// @param address as the sender wrote it
    /// @param wants what the sender is to be told of it
    record Remote(String address, Notify wants) implements Recipient {
        @Override
        public Remote with(Notify asked) {
            return new Remote(address, asked);
        }
    }
}
