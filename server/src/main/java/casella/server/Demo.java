package casella.server;

import casella.base.Clock;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.message.Summary;
import casella.store.Accounts;
import casella.store.Keywords;
import casella.store.NewEmail;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/// Makes what a demo shows where there is nothing yet: brands and accounts, and mail as it really comes.
final class Demo {
    private final Registrar registrar;
    private final Accounts accounts;
    private final Clock clock;

    Demo(Registrar registrar, Accounts accounts, Clock clock) {
        this.registrar = registrar;
        this.accounts = accounts;
        this.clock = clock;
    }

    /// Makes what is missing, leaves what is there, and returns the demo's accounts.
    List<Account> make() {
        List<Account> owners = DemoAccounts.enter(registrar);
        for (Account owner : owners) if (!accounts.exists(owner.id())) fill(owner);
        return owners;
    }

    private void fill(Account account) {
        OffsetDateTime now = clock.now().atOffset(ZoneOffset.UTC);
        String first = account.displayName().split(" ")[0];
        List<DemoMail.Letter> letters =
                account.language().startsWith("it")
                        ? DemoMail.italian(now, account.address(), first)
                        : DemoMail.english(now, account.address(), first);
        for (DemoMail.Letter letter : letters) {
            Instant received = clock.now().minus(letter.age());
            Keywords keywords = letter.seen() ? Keywords.of(Keywords.SEEN) : Keywords.NONE;
            accounts.open(account.id())
                    .add(
                            new NewEmail(
                                    letter.bytes(),
                                    Summary.of(letter.bytes()),
                                    received,
                                    letter.sender(),
                                    account.address(),
                                    List.of(),
                                    keywords));
        }
    }
}
