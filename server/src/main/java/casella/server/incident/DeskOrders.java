package casella.server.incident;

import casella.base.Clock;
import casella.base.Fault;
import casella.directory.Registrar;
import casella.incident.Incidents;
import casella.incident.availability.Availability;
import casella.incident.Incident;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.State;
import casella.incident.complaint.Complaints;
import casella.server.control.DeskOrder;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import java.io.IOException;
import java.io.Reader;
import java.time.Duration;
import java.time.Instant;

/// Gives out what the desk knows of complaints: as a list, as a package. Hands on all other orders.
final class DeskOrders implements Operations {
    private final Operations operations;
    private final Incidents incidents;
    private final Registrar registrar;
    private final Availability availability;
    private final CompensationDesk compensation;
    private final ComplaintRows rows;
    private final AccessPackage access;
    private final Clock clock;

    /// @param operations carries out all others, and is asked for what other registers know of an account
    DeskOrders(Operations operations, IncidentDesk desk, Registrar registrar, Availability availability,
            CompensationDesk compensation, SettingsKept settings, Clock clock) {
        this.operations = operations;
        this.incidents = desk.incidents();
        this.registrar = registrar;
        this.availability = availability;
        this.compensation = compensation;
        this.rows = new ComplaintRows(desk.complaints(), incidents, registrar, availability,
                compensation.given());
        this.access = new AccessPackage(operations, desk.complaints(), registrar, desk.directory(), settings,
                clock);
        this.clock = clock;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        try {
            return switch (order) {
                case DeskOrder.ComplaintExport export -> export(export, out);
                case DeskOrder.ComplaintPackage one -> access.make(one);
                case DeskOrder.AssociationPack one -> association(one, out);
                default -> operations.perform(order, body, out);
            };
        } catch (IOException e) {
            return new Outcome.Refused("to: it cannot be written: " + e);
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome association(DeskOrder.AssociationPack order, Output out) throws IOException {
        Incident incident = incidents.incident(order.incident())
                .orElseThrow(() -> new IllegalArgumentException("incident: there is no " + order.incident()));
        return new AssociationPack(rows, span -> Reached.totals(registrar, availability, span, out),
                compensation::approved, clock).make(order, incident, out);
    }

    private Outcome export(DeskOrder.ComplaintExport order, Output out) {
        Instant now = clock.now();
        var filter = new Complaints.Filter(
                order.state() == null ? null : State.of(order.state()),
                order.category() == null ? null : Category.of(order.category()),
                order.association(),
                order.due() == null ? null : now.plus(Duration.ofDays(order.due())),
                order.incident());
        long cases = rows.each(filter, one -> out.row(rows.row(one, now)));
        return new Outcome.Done(Json.object().put("cases", cases));
    }
}
