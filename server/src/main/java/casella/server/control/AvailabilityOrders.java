package casella.server.control;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Fault;
import casella.continuity.cohort.NamedCohorts;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.incident.Incident;
import casella.incident.availability.AccountRecord;
import casella.incident.availability.Availability;
import casella.incident.availability.Capability;
import casella.incident.availability.Cause;
import casella.incident.availability.Interval;
import casella.incident.availability.Member;
import casella.incident.availability.Span;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Says when what did not work for an account, out of the desk of a running server or of a folder. Hands on all other orders.
public final class AvailabilityOrders implements Operations {
    private final Operations operations;
    private final Registrar registrar;
    private final Availability availability;
    private final LongFunction<Optional<Incident>> incidents;
    private final Clock clock;

    /// @param operations carries out all others
    /// @param incidents by their numbers
    public AvailabilityOrders(Operations operations, Registrar registrar, Availability availability,
            LongFunction<Optional<Incident>> incidents, Clock clock) {
        this.operations = operations;
        this.registrar = registrar;
        this.availability = availability;
        this.incidents = incidents;
        this.clock = clock;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        try {
            if (order instanceof Order.Availability about) return of(about);
            if (order instanceof DeskOrder.AvailabilityAll all) return all(all, out);
            return operations.perform(order, body, out);
        } catch (IOException e) {
            return new Outcome.Refused("to: it cannot be written: " + e);
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome all(DeskOrder.AvailabilityAll order, Output out) throws IOException {
        Incident incident = incidents.apply(order.incident())
                .orElseThrow(() -> new IllegalArgumentException("incident: there is no " + order.incident()));
        AvailabilityFile.Written written = new AvailabilityFile(registrar, availability)
                .write(incident, clock.now(), Path.of(order.to()), out::progress);
        return new Outcome.Done(Json.object().put("to", order.to()).put("incident", incident.id())
                .put("from", at(written.window().from())).put("until", at(written.window().until()))
                .put("accounts", written.accounts()).put("away", written.away()).put("bytes", written.bytes()));
    }

    private Outcome of(Order.Availability about) {
        AccountId id = LocalOperations.id(registrar, about.account());
        Account account = registrar.account(id)
                .orElseThrow(() -> new IllegalArgumentException("account: there is none with that id"));
        Optional<Instant> begins = availability.begins();
        if (begins.isEmpty()) return new Outcome.Refused(
                "nothing was measured yet: no server ran on this data folder");
        Instant from = Moment.of("from", about.from()).orElse(begins.get());
        Instant to = Moment.of("to", about.to()).orElse(Instant.MAX);
        if (!from.isBefore(to)) return new Outcome.Refused("from: must be before to");
        Member member = member(registrar, account);
        var asked = new Span(from.toEpochMilli(), to == Instant.MAX ? Long.MAX_VALUE : to.toEpochMilli());
        ObjectNode facts = Json.object().put("address", account.address()).put("account", id.toString())
                .put("brand", account.brand()).put("plan", account.plan())
                        .put("cohort", member.cohort().word())
                .put("begins", begins.get().toString());
        json(facts, availability.of(id, member, asked));
        return new Outcome.Done(facts);
    }

    /// Returns what an account's record depends on beside itself.
    public static Member member(Registrar registrar, Account account) {
        boolean paid = registrar.plans().stream()
                .anyMatch(plan -> plan.name().equals(account.plan()) && plan.paid());
        var cohorts = new NamedCohorts(registrar::cohort);
        return new Member(account.brand(), account.plan(), paid, cohorts.of(account.id()));
    }

    private static void json(ObjectNode facts, AccountRecord found) {
        facts.put("from", at(found.window().from())).put("to", at(found.window().until()));
        facts.put("mailboxMillis", found.millis(Capability.MAILBOX));
        ArrayNode all = facts.putArray("capabilities");
        for (Capability capability : Capability.values()) {
            ObjectNode one = all.addObject().put("capability", capability.word())
                    .put("awayMillis", found.millis(capability));
            ArrayNode away = one.putArray("away");
            for (AccountRecord.Away span : found.away(capability)) {
                ObjectNode row = span(away.addObject(), span.span()).put("own", span.own());
                ArrayNode causes = row.putArray("causes");
                for (Cause cause : span.causes()) causes.add(cause.word());
            }
        }
        ArrayNode protocols = facts.putArray("protocols");
        for (Interval.OfScope one : found.byProtocol()) {
            span(protocols.addObject(), one.interval().span())
                    .put("scope", one.scope().text()).put("cause", one.interval().cause().word());
        }
    }

    private static ObjectNode span(ObjectNode to, Span span) {
        return to.put("from", at(span.from())).put("until", at(span.until())).put("millis", span.millis());
    }

    private static String at(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
