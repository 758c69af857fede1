package casella.server.control;

import casella.base.AccountId;
import casella.continuity.cohort.Cohort;
import casella.continuity.cohort.NamedCohorts;
import casella.directory.Account;
import casella.directory.Answer;
import casella.directory.Registrar;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on which accounts go together.
final class CohortOperations {
    /// The word for the slice that an account's id says.
    private static final String SLICE = "slice";

    private final Registrar registrar;
    private final NamedCohorts cohorts;

    CohortOperations(Registrar registrar) {
        this.registrar = registrar;
        this.cohorts = new NamedCohorts(registrar::cohort);
    }

    /// @throws IllegalArgumentException naming what was asked wrongly
    Outcome perform(Order.Cohorts order, Operations.Output out) {
        return switch (order) {
            case Order.CohortList(String brand, String plan) -> list(brand, plan, out);
            case Order.CohortShow(String what) -> new Outcome.Done(show(what));
            case Order.CohortMove(String address, String to, boolean dryRun) -> move(address, to, dryRun);
        };
    }

    private Outcome list(@Nullable String brand, @Nullable String plan, Operations.Output out) {
        if (brand != null && registrar.brands().stream().noneMatch(one -> one.name().equals(brand))) {
            return new Outcome.Refused("brand: there is no '" + brand + "'");
        }
        if (plan != null && registrar.plans().stream().noneMatch(one -> one.name().equals(plan))) {
            return new Outcome.Refused("plan: there is no '" + plan + "'");
        }
        CohortCount count = CohortCount.of(registrar, cohorts, brand, plan);
        count.rows().forEach(out::row);
        return new Outcome.Done(Json.object().put("accounts", count.accounts()));
    }

    private ObjectNode show(String what) {
        Optional<Cohort> named = Cohort.of(what);
        if (named.isPresent()) {
            return CohortCount.of(registrar, cohorts, null, null).row(named.get());
        }
        AccountId id = LocalOperations.id(registrar, what);
        Account account = registrar.account(id)
                .orElseThrow(() -> new IllegalArgumentException("account: there is none with that id"));
        return Json.object()
                .put("address", account.address())
                .put("account", id.toString())
                .put("cohort", cohorts.of(id).word())
                .put("placed", registrar.cohort(id).isPresent())
                .put("slice", Cohort.slice(id).word())
                .put("brand", account.brand())
                .put("plan", account.plan());
    }

    private Outcome move(String address, String to, boolean dryRun) {
        Optional<Account> found = registrar.find(address);
        if (found.isEmpty()) return new Outcome.Refused("address: there is no account with that address");
        AccountId id = found.get().id();
        Cohort own = Cohort.slice(id);
        Cohort target = to.equals(SLICE) ? own : Cohort.of(to).orElseThrow(() -> new IllegalArgumentException(
                "to: must be staff, volunteers, slice-00 to slice-99, or slice for the one its id says"));
        Cohort before = cohorts.of(id);
        ObjectNode facts = Json.object()
                .put("address", found.get().address())
                .put("account", id.toString())
                .put("from", before.word())
                .put("to", target.word())
                .put("moved", !before.equals(target) && !dryRun)
                .put("dryRun", dryRun);
        if (dryRun) return new Outcome.Done(facts);
        // Also when it is there already: what memory says was perhaps never kept.
        @Nullable String kept = target.equals(own) ? null : target.word();
        return switch (registrar.putInCohort(address, kept)) {
            case Answer.Done<Account> _ -> new Outcome.Done(facts);
            case Answer.Refused<Account> refused -> new Outcome.Refused(refused.message());
        };
    }
}
