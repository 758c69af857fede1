package casella.store;

import casella.base.AccountId;
import casella.base.Fault;

/// Told when an account's stored data is worked on in a way that could end the process if it is damaged.
public interface Marking {
    /// What a use of an account comes to that is set aside.
    String SET_ASIDE = "Account is set aside";

    /// What its owner is told, in every protocol.
    String TOLD = "This account is set aside until a fault in its data is looked into; its mail is kept, new mail waits";

    /// What is done.
    enum Opening {
        FIRST_USE,
        MEND
    }

    /// An end to the work.
    interface Mark extends AutoCloseable {
        @Override
        void close();
    }

    Mark begin(AccountId account, Opening opening);

    /// Takes an error that the work ended with; returns what to tell whoever waits for it.
    Fault broke(AccountId account, VirtualMachineError error);

    static boolean isSetAside(Fault fault) {
        return SET_ASIDE.equals(fault.getMessage());
    }

    /// Returns what a client is told of something that does not answer now.
    static String told(Fault.Unavailable fault) {
        return isSetAside(fault) ? TOLD : "Try again later";
    }

    /// Returns one that nobody is told.
    static Marking none() {
        return new Marking() {
            @Override
            public Mark begin(AccountId account, Opening opening) {
                return () -> {};
            }

            @Override
            public Fault broke(AccountId account, VirtualMachineError error) {
                throw error;
            }
        };
    }
}
