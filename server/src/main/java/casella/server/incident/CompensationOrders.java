package casella.server.incident;

import casella.base.AccountId;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.incident.compensation.CompensationWork;
import casella.incident.compensation.Compensations;
import casella.incident.compensation.Rules;
import casella.incident.compensation.RulesFile;
import casella.incident.compensation.Run;
import casella.incident.compensation.Who;
import casella.server.control.Json;
import casella.server.control.Moment;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import java.io.Reader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on compensations. Hands on all other orders.
final class CompensationOrders implements Operations {
    private static final Duration LOOK = Duration.ofMillis(500);
    /// So long an order waits for work that does not get on; the work goes on by itself.
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int PAGE = 10_000;

    private final Operations operations;
    private final Compensations compensations;
    private final CompensationWork work;
    private final Registrar registrar;

    CompensationOrders(
            Operations operations, Compensations compensations, CompensationWork work, Registrar registrar) {
        this.operations = operations;
        this.compensations = compensations;
        this.work = work;
        this.registrar = registrar;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof Order.Compensations about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case Order.CompensationPreview preview -> preview(preview, out);
                case Order.CompensationApprove(long incident, String digest, String as) ->
                        done(compensations.approve(incident, digest, who(as), counted(out)));
                case Order.CompensationApply(long incident, String as) ->
                        watched(compensations.apply(incident, who(as)), Run.State.APPLYING, out);
                case Order.CompensationRevoke(long incident, String why, String as) ->
                        watched(compensations.revoke(incident, why, who(as)), Run.State.REVOKING, out);
                case Order.CompensationStatus(Long incident) -> status(incident, out);
                case Order.CompensationOf(String account) -> of(account, out);
                case Order.CompensationList(long incident) -> list(incident, out);
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.NotReachable("the server stops; the work goes on with its next start");
        }
    }

    private static Who who(@Nullable String as) {
        return new Who(as == null ? Audit.by() : as, Audit.by());
    }

    private LongConsumer counted(Output out) {
        long total = total();
        return done -> out.progress(done, total, "accounts");
    }

    /// Returns how many accounts there are; 0 where that takes too long to count.
    private long total() {
        try {
            return registrar.count(null);
        } catch (Fault e) {
            return 0;
        }
    }

    private Outcome preview(Order.CompensationPreview order, Output out) {
        Rules rules = RulesFile.read(order.rules());
        Instant from = Moment.of("from", order.from()).orElse(null);
        Instant to = Moment.of("to", order.to()).orElse(null);
        Run run = compensations.preview(order.incident(), rules, from, to, who(order.as()), counted(out));
        ObjectNode facts = facts(run);
        return new Outcome.Done(CompensationFacts.unsettled(facts, compensations.unsettled(run),
                compensations.over(order.incident())));
    }

    private Outcome done(Run run) {
        return new Outcome.Done(facts(run));
    }

    private ObjectNode facts(Run run) {
        return CompensationFacts.of(run, compensations.rules(run), work.waiting());
    }

    /// Shows how far the work is until it is done. Whoever goes away meanwhile does not end it.
    private Outcome watched(Run ordered, Run.State under, Output out) throws InterruptedException {
        long total = ordered.owing();
        long seen = -1;
        Instant moved = Instant.now();
        while (true) {
            Run run = compensations.run(ordered.id());
            if (run.state() != under) return done(run);
            long done = under == Run.State.REVOKING
                    ? run.lines().stream().mapToLong(Run.Line::ended).sum() : run.done();
            if (done != seen) moved = Instant.now();
            seen = done;
            if (Duration.between(moved, Instant.now()).compareTo(PATIENCE) > 0 && !work.waiting().isEmpty()) {
                return new Outcome.Found(facts(run));
            }
            out.progress(done, total, "accounts");
            work.await(LOOK);
        }
    }

    private Outcome status(@Nullable Long incident, Output out) {
        for (Run run : compensations.runs(incident)) out.row(facts(run));
        return new Outcome.Done(Json.object());
    }

    private Outcome of(String account, Output out) {
        AccountId id = account.contains("@")
                ? registrar.find(account).map(Account::id).orElseThrow(() ->
                        new IllegalArgumentException("account: there is none with that address"))
                : AccountId.parse(account);
        String address = registrar.account(id).map(Account::address).orElse("");
        compensations.of(id).forEach(credit -> out.row(CompensationFacts.credit(credit, address)));
        return new Outcome.Done(Json.object());
    }

    /// All that the incident's newest run that came to something gives.
    private Outcome list(long incident, Output out) {
        Run run = compensations.runs(incident).stream()
                .filter(one -> one.state() != Run.State.PREVIEWING && one.state() != Run.State.SUPERSEDED)
                .findFirst().orElseThrow(() ->
                        new IllegalArgumentException("incident " + incident + ": nothing was previewed"));
        var addresses = new Addresses();
        long rows = 0;
        @Nullable AccountId after = null;
        do {
            Compensations.Credits page = compensations.credits(run, after);
            for (Compensations.Credit one : page.some()) {
                out.row(CompensationFacts.credit(one, addresses.of(one.account())));
                rows++;
            }
            after = page.last();
        } while (after != null);
        return new Outcome.Done(Json.object().put("rows", rows).put("state", run.state().word()));
    }

    /// The addresses of accounts, asked for in the order of their ids as signed numbers, a page at a time.
    private final class Addresses {
        private List<Registrar.Member> page = registrar.members(null, PAGE);
        private int next;

        String of(AccountId account) {
            while (true) {
                while (next < page.size() && page.get(next).id().value() < account.value()) next++;
                if (next < page.size()) {
                    Registrar.Member there = page.get(next);
                    return there.id().equals(account) ? there.address() : "";
                }
                if (page.size() < PAGE) return "";
                page = registrar.members(page.getLast().id(), PAGE);
                next = 0;
            }
        }
    }
}
