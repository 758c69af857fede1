package casella.incident.compensation;

import casella.base.AccountId;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.availability.AwayMillis;
import casella.incident.availability.Pass;
import casella.incident.compensation.CompensationTables.Row;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compares a kept list with what record and rules say now, account by account, as two sorted lists are merged.
///
/// An account that is gone, or has another brand or plan since, is as it was listed: people come and go while others approve.
final class ListComparing implements Pass.Each {
    private static final int PAGE = 10_000;
    /// More differences than that are not looked at one by one.
    private static final int LOOKED_MAX = 1_000;

    private final Desk desk;
    private final Registrar registrar;
    private final Run run;
    private final Decision decision;
    private final ListDigest digest;
    private List<Row> page = List.of();
    private int next;
    private @Nullable AccountId last;
    private boolean more = true;
    private long changed;
    private @Nullable AccountId first;

    ListComparing(Desk desk, Registrar registrar, Run run, Decision decision) {
        this.desk = desk;
        this.registrar = registrar;
        this.run = run;
        this.decision = decision;
        this.digest = new ListDigest(run);
    }

    @Override
    public void away(Registrar.Member account, AwayMillis away) {
        Optional<Owed> now = decision.of(account, away);
        if (now.isEmpty()) return;
        for (Row row = peek(); row != null && row.account().value() < account.id().value(); row = peek()) notAway(take(row));
        Row row = peek();
        if (row == null || !row.account().equals(account.id())) {
            changed(account.id());
            return;
        }
        Owed listed = owed(take(row));
        boolean moved = !listed.brand().equals(account.brand()) || !listed.plan().equals(account.plan());
        if (!moved && !listed.equals(now.get())) changed(account.id());
    }

    /// The record says nothing of it any more: unless the account is gone or moved, the record is another.
    private void notAway(Row row) {
        if (changed > LOOKED_MAX) return;
        Owed listed = owed(row);
        registrar.account(row.account())
                .filter(account -> account.state() != Account.State.WIPED)
                .filter(account -> account.brand().equals(listed.brand()) && account.plan().equals(listed.plan()))
                .ifPresent(account -> changed(account.id()));
    }

    private void changed(AccountId account) {
        if (first == null) first = account;
        changed++;
    }

    private Owed owed(Row row) {
        return run.lines().get(row.line()).owed();
    }

    private @Nullable Row peek() {
        while (next == page.size() && more) {
            page = desk.read(s -> CompensationTables.page(s, run.id(), last, PAGE));
            next = 0;
            more = !page.isEmpty();
            if (more) last = page.getLast().account();
        }
        return next < page.size() ? page.get(next) : null;
    }

    private Row take(Row row) {
        next++;
        digest.add(row.account(), row.line());
        return row;
    }

    /// Returns what is not as it was previewed, as a sentence; empty where all is.
    Optional<String> end() {
        for (Row row = peek(); row != null; row = peek()) notAway(take(row));
        if (!digest.end(run.lines().stream().map(Run.Line::owed).toList()).equals(run.digest())) {
            return Optional.of("the list is not the one that was previewed");
        }
        if (changed == 0) return Optional.empty();
        return Optional.of("since the preview the record or the plans changed what %s%d accounts are owed (the first: %s)"
                .formatted(changed > LOOKED_MAX ? "more than " : "", Math.min(changed, LOOKED_MAX), first));
    }
}
