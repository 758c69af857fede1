package casella.server;

import casella.base.Clock;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.message.Summary;
import casella.store.Accounts;
import casella.store.Keywords;
import casella.store.Marking;
import casella.store.NewEmail;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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

    /// The demo's accounts while they are made.
    record Making(List<FutureTask<Account>> accounts) {
        /// Returns them when all are there, Anna's first.
        ///
        /// @throws casella.base.Fault if directory or store refuse one
        List<Account> await() {
            return accounts.stream().map(Making::result).toList();
        }

        private static Account result(FutureTask<Account> made) {
            try {
                return made.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) throw failure;
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /// Begins to make what is missing; what is there is left. Each account is made beside the others and beside the rest of
    /// the start: hashing their passwords would be most of a first one.
    Making begin() {
        DemoAccounts.enterBrands(registrar);
        var making = new ArrayList<FutureTask<Account>>();
        for (DemoAccounts.Wanted wanted : DemoAccounts.WANTED) {
            var task = new FutureTask<>(() -> make(wanted));
            making.add(task);
            Thread.ofVirtual().name("demo").start(task);
        }
        return new Making(List.copyOf(making));
    }

    private Account make(DemoAccounts.Wanted wanted) {
        Account owner = DemoAccounts.enter(registrar, wanted);
        // One that was wiped stays so.
        if (owner.active() && missing(owner)) fill(owner);
        return owner;
    }

    private boolean missing(Account owner) {
        try {
            return !accounts.exists(owner.id());
        } catch (Fault.Unavailable e) {
            if (!Marking.isSetAside(e)) throw e;
            return false;
        }
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
