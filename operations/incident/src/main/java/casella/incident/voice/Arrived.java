package casella.incident.voice;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Modseq;
import casella.store.Accounts;
import casella.store.View;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/// Counts the mails of an account by the moments at which they were accepted. One page of one range of rows.
public final class Arrived implements BackAgain.Meanwhile {
    private final Accounts accounts;
    private final Predicate<AccountId> waits;

    /// @param waits whether mail for an account is still on its way into it; may wait, and throw a fault
    public Arrived(Accounts accounts, Predicate<AccountId> waits) {
        this.accounts = accounts;
        this.waits = waits;
    }

    @Override
    public Found of(AccountId account, Instant from, Instant until) {
        boolean counted = !waits.test(account);
        return accounts.open(account).read(view -> {
            // An account that went on over a hole may have lost changes of seconds: it is not told that it did not.
            boolean whole = view.floor().equals(Modseq.NONE);
            OptionalInt mails = counted ? OptionalInt.of(count(view, from, until)) : OptionalInt.empty();
            return new Found(mails, whole);
        });
    }

    private static int count(View view, Instant from, Instant until) {
        int count = 0;
        var after = new ArrivalId(from.toEpochMilli() << 16, 0);
        while (count <= BackWords.MAILS_MAX) {
            List<ArrivalId> page = view.emails(after, View.PAGE_MAX);
            for (ArrivalId one : page) {
                if (one.unixMillis() > until.toEpochMilli()) return count;
                count++;
            }
            if (page.size() < View.PAGE_MAX) return count;
            after = page.getLast();
        }
        return count;
    }
}
