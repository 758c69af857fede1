package casella.jmap;

import casella.base.AccountId;
import casella.delivery.Accounts;
import casella.delivery.Recipient;
import casella.store.NewEmail;
import casella.store.Outcome;
import java.time.Instant;

/// Delivery into the accounts of a test's store.
final class StoreFiling implements Accounts {
    private final casella.store.Accounts accounts;

    StoreFiling(casella.store.Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public Filed file(AccountId account, byte[] content, Instant received, String sender, String recipient) {
        var email = NewEmail.delivery(content, received, sender, recipient);
        return switch (accounts.open(account).add(email)) {
            case Outcome.Kept kept -> new Filed.Kept(kept.email().id());
            case Outcome.OverQuota _ -> new Filed.OverQuota();
            case Outcome.NoMailbox _ -> throw new IllegalStateException("no INBOX");
        };
    }

    @Override
    public boolean hasRoom(Recipient recipient, long bytes) {
        return true;
    }
}
