package casella.server;

import casella.base.AccountId;
import casella.base.Fault;
import casella.continuity.cohort.Cohort;
import casella.continuity.cohort.Cohorts;
import casella.continuity.cohort.NamedCohorts;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.incident.Desk;
import casella.incident.Entry;
import casella.incident.Part;
import casella.incident.apps.Sample;
import casella.server.incident.IncidentOrders;
import casella.store.continuation.Opening;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Whom an incident concerns: the accounts of its brands and cohorts, those of them that have less than always now, and what they use.
final class Concerned implements IncidentOrders.Scope {
    /// Cohorts that are counted by looking at each account; of more accounts, a slice is taken for one hundredth.
    private static final int COUNTED_MAX = 100_000;
    private static final int PAGE = 10_000;
    /// In more cohorts than these it is everywhere.
    private static final int COHORTS_SHOWN_MAX = 20;
    private static final int APPS_SHOWN_MAX = 8;

    private final SqliteDirectory directory;
    private final Storage storage;
    private final Desk desk;
    private final Cohorts cohorts;

    Concerned(SqliteDirectory directory, Storage storage, Desk desk) {
        this.directory = directory;
        this.storage = storage;
        this.desk = desk;
        this.cohorts = new NamedCohorts(directory::cohort);
    }

    @Override
    public Entry.Counted of(List<String> brands, Part part, List<String> doors) {
        Predicate<AccountId> meant = account -> meant(account, brands, part);
        try {
            List<AccountId> reduced = storage.dialTone().continuations().list().stream()
                    .map(Opening::account).filter(meant).toList();
            return new Entry.Counted(accounts(brands, part), reduced.size(), doors, apps(meant),
                    cohorts(reduced));
        } catch (Fault e) {
            // The directory does not say now: what is told does not wait for it.
            return new Entry.Counted(-1, 0, doors, List.of(), List.of());
        }
    }

    private boolean meant(AccountId account, List<String> brands, Part part) {
        if (!part.cohorts().isEmpty() && !part.cohorts().contains(cohorts.of(account).word())) return false;
        return brands.isEmpty()
                || directory.account(account).filter(one -> brands.contains(one.brand())).isPresent();
    }

    private long accounts(List<String> brands, Part part) {
        Registrar registrar = directory.registrar();
        long all = brands.isEmpty() ? registrar.count(null) : brands.stream().mapToLong(registrar::count)
                .sum();
        if (part.cohorts().isEmpty()) return all;
        if (all > COUNTED_MAX) {
            long slices = part.cohorts().stream().filter(word -> Cohort.of(word)
                    .orElseThrow() instanceof Cohort.Slice)
                    .distinct().count();
            return all * slices / Cohort.SLICES;
        }
        long counted = 0;
        AccountId after = null;
        while (true) {
            List<Registrar.Member> page = registrar.members(after, PAGE);
            counted += page.stream().filter(one -> brands.isEmpty() || brands.contains(one.brand()))
                    .filter(one -> part.cohorts().contains(cohorts.of(one.id()).word())).count();
            if (page.size() < PAGE) return counted;
            after = page.getLast().id();
        }
    }

    private List<String> apps(Predicate<AccountId> meant) {
        Sample sample = Sample.of(desk, meant, RandomGenerator.getDefault());
        return sample.programs().stream().limit(APPS_SHOWN_MAX)
                .map(one -> one.name() + " " + Math.round(100.0 * one.accounts() / sample.accounts()) + " %")
                .toList();
    }

    private List<String> cohorts(List<AccountId> reduced) {
        Map<String, Integer> counts = new HashMap<>();
        for (AccountId account : reduced) counts.merge(cohorts.of(account).word(), 1, Integer::sum);
        if (counts.size() > COHORTS_SHOWN_MAX) return List.of();
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey).toList();
    }
}
