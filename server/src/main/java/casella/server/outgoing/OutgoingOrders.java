package casella.server.outgoing;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.directory.Directory;
import casella.directory.Registrar;
import casella.queue.Outgoing;
import casella.queue.QueueId;
import casella.queue.RemoteQueue;
import casella.queue.RemoteQueue.Which;
import casella.server.control.Json;
import casella.server.control.LocalOperations;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.control.OutgoingOrder;
import java.io.Reader;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Says what waits for other servers and why, and does with it what is ordered. Hands on all other orders. Never says what is
/// in a message.
public final class OutgoingOrders implements Operations {
    private static final int PAGE = 500;
    private static final int DESTINATIONS_MAX = 1_000;
    private static final int COUNTED_MAX = 10_000_000;

    private final Operations operations;
    private final RemoteQueue queue;
    private final Registrar registrar;
    private final Directory directory;

    /// @param operations carries out all others
    public OutgoingOrders(Operations operations, RemoteQueue queue, Registrar registrar,
            Directory directory) {
        this.operations = operations;
        this.queue = queue;
        this.registrar = registrar;
        this.directory = directory;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof OutgoingOrder about)) return operations.perform(order, body, out);
        try {
            return done(about, out);
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome done(OutgoingOrder order, Output out) {
        return switch (order) {
            case OutgoingOrder.OutgoingList(var message, var domain, var account) ->
                    list(which(message, domain, account, message == null && domain == null
                            && account == null), out);
            case OutgoingOrder.OutgoingDestinations _ -> destinations(out);
            case OutgoingOrder.OutgoingHold(var message, var domain, var account, var all) ->
                    changed(which(message, domain, account, all), false, queue::hold);
            case OutgoingOrder.OutgoingRelease(var message, var domain, var account, var all) ->
                    changed(which(message, domain, account, all), false, queue::release);
            case OutgoingOrder.OutgoingRetry(var message, var domain, var account, var all) ->
                    changed(which(message, domain, account, all), false, queue::retry);
            case OutgoingOrder.OutgoingCancel(var message, var domain, var account, var all, var dryRun) ->
                    changed(which(message, domain, account, all), dryRun, queue::cancel);
            case OutgoingOrder.OutgoingRedirect redirect -> {
                String to = to(redirect.to());
                yield changed(
                        which(redirect.message(), redirect.domain(), redirect.account(), redirect.all()),
                        redirect.dryRun(), which -> queue.redirect(which, to));
            }
        };
    }

    /// @throws IllegalArgumentException unless one of them is said
    private Which which(@Nullable String message, @Nullable String domain, @Nullable String account,
            boolean all) {
        int said = (message == null ? 0 : 1) + (domain == null ? 0 : 1) + (account == null ? 0 : 1) + (all ? 1
                : 0);
        if (said != 1) throw new IllegalArgumentException("message, domain, account or all: say one of them");
        if (message != null) return new Which.OfMessage(QueueId.parse(message));
        if (domain != null) return new Which.OfDomain(domain.toLowerCase(Locale.ROOT));
        if (account != null) return new Which.OfAccount(LocalOperations.id(registrar, account));
        return new Which.All();
    }

    /// @throws IllegalArgumentException if it is no place on another server
    private String to(String to) {
        String domain = to.substring(to.lastIndexOf('@') + 1);
        boolean fits =
                to.matches("([^@<>\\s\\p{Cntrl}]{1,64}@)?[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");
        if (!fits) throw new IllegalArgumentException("to: must be an address or a domain");
        if (directory.serves(domain)) throw new IllegalArgumentException("to: is a domain of this server");
        return to;
    }

    private Outcome list(Which which, Output out) {
        ArrivalId after = null;
        int count = 0;
        List<Outgoing> page;
        do {
            page = queue.list(which, after, PAGE);
            for (Outgoing one : page) out.row(row(one));
            count += page.size();
            if (!page.isEmpty()) after = page.getLast().item().id();
        } while (page.size() == PAGE);
        return new Outcome.Done(Json.object().put("recipients", count));
    }

    private static ObjectNode row(Outgoing one) {
        ObjectNode row = Json.object()
                .put("recipient", one.item().id().toString())
                .put("message", one.message().toString())
                .put("priority", one.priority().word())
                .put("sender", one.sender())
                .put("address", one.item().address())
                .put("domain", one.item().domain())
                .put("standing", one.standing().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("received", one.received().toString())
                .put("bytes", one.size())
                .put("attempts", one.attempts());
        if (one.account() != null) row.put("account", one.account().toString());
        if (one.due().isAfter(Instant.EPOCH)) row.put("due", one.due().toString());
        if (!one.why().isEmpty()) row.put("why", one.why());
        return row;
    }

    private Outcome destinations(Output out) {
        int recipients = 0;
        List<RemoteQueue.Destination> all = queue.destinations(DESTINATIONS_MAX);
        for (RemoteQueue.Destination one : all) {
            recipients += one.items();
            ObjectNode row = Json.object()
                    .put("domain", one.domain())
                    .put("recipients", one.items())
                    .put("standing", one.putOff() ? "put-off" : one.busy() ? "busy" : "open")
                    .put("attempts", one.attempts());
            if (one.due().isAfter(Instant.EPOCH)) row.put("due", one.due().toString());
            if (!one.why().isEmpty()) row.put("why", one.why());
            out.row(row);
        }
        return new Outcome.Done(Json.object().put("destinations", all.size()).put("recipients", recipients));
    }

    private Outcome changed(Which which, boolean dryRun, ToIntFunction<Which> change) {
        int count = dryRun ? count(which) : change.applyAsInt(which);
        return new Outcome.Done(Json.object().put("recipients", count).put("dryRun", dryRun));
    }

    private int count(Which which) {
        int count = 0;
        ArrivalId after = null;
        while (count < COUNTED_MAX) {
            List<Outgoing> page = queue.list(which, after, PAGE);
            if (page.isEmpty()) break;
            count += page.size();
            after = page.getLast().item().id();
        }
        return count;
    }
}
