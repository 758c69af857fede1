package casella.delivery;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.directory.Directory;
import casella.message.Summary;
import casella.queue.Filing;
import casella.queue.QueueItem;
import casella.queue.QueuedMessage;
import casella.store.Accounts;
import casella.store.Keywords;
import casella.store.NewEmail;
import java.util.List;
import java.util.Map;

/// Files queued mail into the accounts it was accepted for. It was answered 250, so neither a quota that is passed
/// meanwhile nor an account that is disabled keeps it out.
public final class AccountFiling implements Filing {
    private final Directory directory;
    private final Accounts accounts;

    public AccountFiling(Directory directory, Accounts accounts) {
        this.directory = directory;
        this.accounts = accounts;
    }

    @Override
    public Filed file(QueuedMessage message, Summary summary, QueueItem item) {
        if (wiped(item.account())) return Filed.NOBODY;
        MailboxId mailbox = item.mailbox();
        var email = new NewEmail(
                message.content(),
                summary,
                message.received(),
                message.sender(),
                item.address(),
                mailbox == null ? List.of() : List.of(mailbox),
                Keywords.NONE);
        return accounts.open(item.account()).file(item.arrival(), email) ? Filed.FILED : Filed.KNOWN;
    }

    /// An account the directory does not know is not taken for one that is gone: the directory may be an older one.
    private boolean wiped(AccountId id) {
        var account = directory.account(id);
        if (account.isEmpty()) throw new Fault.Unavailable("Account not in the directory", Map.of("account",
                id));
        return account.get().state() == casella.directory.Account.State.WIPED;
    }
}
