package casella.server.incident;

import casella.base.Given;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.incident.Incident;
import casella.incident.Incidents;
import casella.incident.availability.AccountRecord;
import casella.incident.availability.Availability;
import casella.incident.availability.Capability;
import casella.incident.availability.Span;
import casella.incident.complaint.Complaint;
import casella.incident.complaint.Complaint.State;
import casella.incident.complaint.Complaints;
import casella.server.control.AvailabilityOrders;
import casella.server.control.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Cases as rows of a table: one a case, with what was measured of the mailbox and given to it for the incident that the case is about.
/// Who complains and what they wrote is not in it.
final class ComplaintRows {
    private static final int PAGE = 200;

    private final Complaints complaints;
    private final Incidents incidents;
    private final Registrar registrar;
    private final Availability availability;
    private final Given given;

    ComplaintRows(Complaints complaints, Incidents incidents, Registrar registrar, Availability availability,
            Given given) {
        this.complaints = complaints;
        this.incidents = incidents;
        this.registrar = registrar;
        this.availability = availability;
        this.given = given;
    }

    /// Goes through cases in the order of their numbers, a page in memory at a time; returns how many there were.
    ///
    /// @param filter with a day until which they are due, those that are closed are left out
    long each(Complaints.Filter filter, Consumer<Complaint> each) {
        long count = 0;
        var page = complaints.page(filter, 0, PAGE);
        while (!page.isEmpty()) {
            for (Complaint one : page) {
                if (filter.due() != null && one.state() == State.CLOSED) continue;
                each.accept(one);
                count++;
            }
            page = page.size() < PAGE ? List.of() : complaints.page(filter, page.getLast().id(), PAGE);
        }
        return count;
    }

    /// Returns a case as a row.
    ObjectNode row(Complaint one, Instant now) {
        Complaint.Received received = one.received();
        ObjectNode row = Json.object()
                .put("number", one.number()).put("channel", received.channel().word())
                .put("category", one.category().word()).put("state", one.state().word())
                .put("received", received.at().toString()).put("deadline", one.deadline().toString())
                .put("answered", one.answered().map(Instant::toString).orElse(null))
                .put("inTime", one.inTime(now).orElse(null))
                .put("closed", one.closed().map(Instant::toString).orElse(null))
                .put("outcome", one.outcome().map(outcome -> outcome.word()).orElse(null))
                .put("association", received.association())
                .put("incident", one.incident() == 0 ? null : one.incident())
                .put("brand", received.brand()).put("account", received.account());
        Optional<Incident> incident = one.incident() == 0 ? Optional.empty()
                : incidents.incident(one.incident());
        Optional<Account> account = received.accountId().flatMap(registrar::account);
        if (incident.isEmpty() || account.isEmpty()) {
            return row.putNull("quotaBytes").putNull("months").putNull("awayMillis");
        }
        long bytes = 0;
        int months = 0;
        for (Given.Credit credit : given.to(account.get().id())) {
            if (credit.incident() != one.incident() || credit.ended() != null) continue;
            bytes += credit.quotaBytes();
            months += credit.months();
        }
        return row.put("quotaBytes", bytes).put("months", months)
                .put("awayMillis", record(incident.get(), account.get(), now).millis(Capability.MAILBOX));
    }

    /// Returns what the record says of an account in the time of an incident, from when it was there.
    AccountRecord record(Incident incident, Account account, Instant now) {
        Instant over = incident.resolved();
        long until = (over == null ? now : over).toEpochMilli();
        long from = Math.max(incident.opened().toEpochMilli(), account.created().toEpochMilli());
        return availability.of(account.id(), AvailabilityOrders.member(registrar, account),
                new Span(from, Math.max(until, from)));
    }
}
