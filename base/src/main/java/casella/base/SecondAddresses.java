package casella.base;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Addresses elsewhere at which owners ask for news of a mailbox they cannot open. May wait, for seconds; what cannot be said now is a
/// [Fault.Unavailable].
public interface SecondAddresses {
    /// What is kept of an account.
    ///
    /// @param offered whether news go anywhere: a way out is configured
    /// @param address where news go; null for none
    /// @param pending where a code was sent that has not come back yet; null for none
    record Kept(boolean offered, @Nullable String address, @Nullable String pending) {}

    /// What came of an address.
    enum Begun {
        /// A code is on its way.
        SENT,
        /// It is no address.
        NO_ADDRESS,
        /// It is one of ours, which would be away at the same time.
        OURS,
        /// Too many codes were asked for today, or there is too much to do.
        TOO_MANY
    }

    Kept of(AccountId account);

    /// Sends a code to `address`; it is kept once the code comes back. The one before stays until then.
    Begun begin(AccountId account, String address);

    /// Returns whether the code that was sent is `code`; the address is kept then. After five wrong ones none is right.
    boolean confirm(AccountId account, String code);

    /// Forgets what there is.
    void remove(AccountId account);

    /// Offers none.
    SecondAddresses NONE = new SecondAddresses() {
        @Override
        public Kept of(AccountId account) {
            return new Kept(false, null, null);
        }

        @Override
        public Begun begin(AccountId account, String address) {
            throw new Fault.Unavailable("No way out is configured", Map.of());
        }

        @Override
        public boolean confirm(AccountId account, String code) {
            return false;
        }

        @Override
        public void remove(AccountId account) {}
    };
}
