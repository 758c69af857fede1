package casella.delivery;

import casella.base.AccountId;
import casella.base.ArrivalId;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Has mail be looked into for what is junk or does harm, now or after it was filed.
public interface Scanning {
    /// Nothing is looked into.
    Scanning NONE = new Scanning() {
        @Override
        public Scan scan(Envelope envelope, byte[] mail, BooleanSupplier urgent) {
            return new Scan.Done(new Disposition.Inbox());
        }

        @Override
        public void later(List<Unscanned> mail) {}
    };

    /// What came of a look.
    sealed interface Scan {
        /// It was looked into, or needs not be.
        record Done(Disposition disposition) implements Scan {}

        /// Nobody said in time what it is.
        record NotYet() implements Scan {}
    }

    /// A message in one account that is to be looked into.
    ///
    /// @param arrival under which it is filed, now or when the account can be written
    record Unscanned(AccountId account, ArrivalId arrival) {}

    /// Returns what came of it. Waits for a bounded time, and throws nothing whatever the mail is.
    ///
    /// @param mail as it will be filed, trace fields and all; not changed
    /// @param urgent says whether nobody may wait for the look; costs a look at the whole mail, so asked when needed
    Scan scan(Envelope envelope, byte[] mail, BooleanSupplier urgent);

    /// Takes note of what is about to be filed without a look, before its sender is answered. Throws nothing: mail that cannot be
    /// looked into is mail all the same.
    ///
    /// @param mail not all of it need be filed in the end
    void later(List<Unscanned> mail);
}
