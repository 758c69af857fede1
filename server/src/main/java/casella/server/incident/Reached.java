package casella.server.incident;

import casella.base.AccountId;
import casella.directory.Account;
import casella.directory.Plan;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.availability.Availability;
import casella.incident.availability.Pass;
import casella.incident.availability.Span;
import casella.incident.availability.Totals;
import casella.incident.breach.Numbers;
import casella.incident.losses.LossAccount;
import casella.incident.losses.Tried;
import casella.server.control.LossOrders;
import casella.server.control.Operations.Output;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Whom something reached, by the availability record and the loss account.
public final class Reached implements BreachOrders.Reach {
    private static final int PAGE = 1_000;

    private final Registrar registrar;
    private final Availability availability;
    private final LossOrders losses;
    private final Tried.Kept tried;

    public Reached(Registrar registrar, Availability availability, LossOrders losses, Desk desk) {
        this.registrar = registrar;
        this.availability = availability;
        this.losses = losses;
        this.tried = new Tried.Kept(desk);
    }

    @Override
    public Totals totals(Span time, Output out) {
        return totals(registrar, availability, time, out);
    }

    /// Goes once through all accounts and returns for how long what did not work for them together.
    static Totals totals(Registrar registrar, Availability availability, Span time, Output out) {
        Set<String> paid = registrar.plans().stream().filter(Plan::paid).map(Plan::name)
                .collect(Collectors.toUnmodifiableSet());
        return new Pass(availability, registrar::members, paid::contains)
                .run(time, (_, _) -> {}, out::progress);
    }

    @Override
    public Numbers numbers(Totals totals, Predicate<String> brand, boolean mails, Output out) {
        LossAccount counted = mails
                ? losses.all(Instant.EPOCH, Instant.ofEpochMilli(totals.window().until()), brand, out) : null;
        return Numbers.of(totals, brand, counted, senders(totals.window(), brand));
    }

    private Tried.Count senders(Span window, Predicate<String> brand) {
        Tried.Count sum = Tried.Count.NONE;
        SortedMap<AccountId, Tried.Count> page = tried.counts(null, window, PAGE);
        while (!page.isEmpty()) {
            for (Map.Entry<AccountId, Tried.Count> one : page.entrySet()) {
                boolean meant = registrar.account(one.getKey()).map(Account::brand).filter(brand).isPresent();
                if (meant) sum = sum.plus(one.getValue());
            }
            page = tried.counts(page.lastKey(), window, PAGE);
        }
        return sum;
    }
}
