package casella.server.incident;

import casella.base.Clock;
import casella.base.Given;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.Incident;
import casella.incident.Incidents;
import casella.incident.Words;
import casella.incident.availability.Availability;
import casella.incident.compensation.Allowances;
import casella.incident.compensation.CompensationWork;
import casella.incident.compensation.Compensations;
import casella.incident.compensation.Rules;
import casella.incident.voice.Voice;
import casella.server.control.Operations;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// The compensations of a running server: what was left under way goes on with the start.
public final class CompensationDesk implements AutoCloseable {
    private final Compensations compensations;
    private final CompensationWork work;
    private final Registrar registrar;
    private final Incidents incidents;

    private CompensationDesk(
            Compensations compensations, CompensationWork work, Registrar registrar, Incidents incidents) {
        this.compensations = compensations;
        this.work = work;
        this.registrar = registrar;
        this.incidents = incidents;
    }

    /// @param desk stays whoever opened it's to close
    public static CompensationDesk start(
            Desk desk, IncidentDesk told, Registrar registrar, Availability availability, Voice voice,
            Clock clock) {
        Incidents incidents = told.incidents();
        var work = new CompensationWork(desk, Allowances.of(registrar), voice::tell, incidents::incident, clock,
                CompensationWork.halfOfTheTime());
        var compensations = new Compensations(desk, incidents, availability, registrar, work, clock);
        return new CompensationDesk(compensations, work.start(), registrar, incidents);
    }

    /// Returns what carries out orders on compensations, and hands all others to `operations`.
    public Operations orders(Operations operations) {
        return new CompensationOrders(operations, compensations, work, registrar);
    }

    /// Returns what owners are shown of what they were given.
    public Given given() {
        return account -> compensations.of(account).stream().map(this::credit).toList();
    }

    /// Returns the rules of what was approved for an incident, or given, or taken back, and what it comes to; empty for nothing.
    Optional<AssociationPack.Given> approved(long incident) {
        return compensations.runs(incident).stream().filter(run -> run.by("approved").isPresent()).findFirst()
                .map(run -> {
                    Rules rules = compensations.rules(run);
                    return new AssociationPack.Given(rules.text(), CompensationFacts.of(run, rules, ""));
                });
    }

    private Given.Credit credit(Compensations.Credit one) {
        Optional<Words> title = incidents.incident(one.run().incident()).map(Incident::title);
        Instant at = Objects.requireNonNullElse(one.at(), Instant.EPOCH);
        return new Given.Credit(one.run().id(), one.run().incident(), title.map(Words::italian).orElse(""),
                title.map(Words::english).orElse(""), one.owed().bytes(), one.owed().months(), at, one.ended());
    }

    @Override
    public void close() {
        work.close();
    }
}
