package casella.server.staff;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.Clock;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.incident.complaint.Complaints;
import casella.server.control.AvailabilityOrders;
import casella.server.control.CardOrder;
import casella.server.control.ComplaintFacts;
import casella.server.control.Json;
import casella.server.control.LocalOperations;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.store.Service;
import java.io.Reader;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on one owner's mailbox: finds it, says how it is and what to tell its owner. Hands on all other orders.
public final class CardOrders implements Operations {
    private static final int LIMIT_MAX = 200;
    private static final int COMPLAINTS_MAX = 50;

    private final Operations operations;
    private final Sources sources;

    /// What a card is made of. None of it waits for the store.
    ///
    /// @param service what serves an account now
    /// @param admission who is let in, and when
    /// @param zone of the times of day that owners are told
    public record Sources(Registrar registrar, Function<AccountId, Service> service, Admission admission,
            Complaints complaints, ZoneId zone, Clock clock) {}

    /// @param operations carries out all others, and says what the record has of the account
    public CardOrders(Operations operations, Sources sources) {
        this.operations = operations;
        this.sources = sources;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof CardOrder about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case CardOrder.AccountFind(String text, int limit) -> find(text.strip(), limit, out);
                case CardOrder.AccountShow(String account) -> show(account);
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome find(String text, int limit, Output out) {
        if (limit < 1 || limit > LIMIT_MAX) return new Outcome.Refused("limit: must be 1 to " + LIMIT_MAX);
        if (text.isEmpty()) return new Outcome.Refused("text: must be an id, or the beginning of an address");
        Registrar registrar = sources.registrar();
        Map<AccountId, Account> found = new LinkedHashMap<>();
        if (text.contains("@")) registrar.find(text).ifPresent(account -> found.put(account.id(), account));
        else byId(text).ifPresent(account -> found.put(account.id(), account));
        String beginning = text.toLowerCase(Locale.ROOT);
        for (Account account : registrar.list(beginning, limit).accounts()) {
            if (account.address().toLowerCase(Locale.ROOT)
                    .startsWith(beginning)) found.putIfAbsent(account.id(), account);
        }
        found.values().stream().limit(limit).forEach(account -> out.row(Json.object()
                .put("id", account.id().toString()).put("address", account.address()).put("name",
                        account.displayName())
                .put("brand", account.brand()).put("plan", account.plan()).put("state", account.state()
                        .word())));
        return new Outcome.Done(Json.object());
    }

    private Optional<Account> byId(String text) {
        try {
            return sources.registrar().account(AccountId.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Outcome show(String text) {
        Registrar registrar = sources.registrar();
        AccountId id = LocalOperations.id(registrar, text);
        Account account = registrar.account(id)
                .orElseThrow(() -> new IllegalArgumentException("account: there is none with that id"));
        ObjectNode out = Json.object();
        out.set("account", Json.account(account));
        out.put("held", registrar.held(id));
        out.put("cohort", AvailabilityOrders.member(registrar, account).cohort().word());
        Admission.@Nullable Answer answer = sources.admission().holds(id)
                ? sources.admission().ask(id, Admission.Door.of("jmap")) : null;
        Instant now = sources.clock().now();
        MailboxState state = MailboxState.of(account, sources.service().apply(id), answer, now);
        out.set("service", state.json());
        out.putObject("say").put("italian", state.italian(sources.zone())).put("english",
                state.english(sources.zone()));
        out.set("availability", told(new Order.Availability(id.toString(), null, null)));
        ArrayNode complaints = out.putArray("complaints");
        sources.complaints().of(id, COMPLAINTS_MAX).forEach(one -> complaints.add(ComplaintFacts.line(one,
                now)));
        ArrayNode given = out.putArray("compensation");
        operations.perform(new Order.CompensationOf(id.toString()), Reader.nullReader(), new Output() {
            @Override
            public void row(ObjectNode row) {
                given.add(row);
            }

            @Override
            public void progress(long count) {}
        });
        return new Outcome.Done(out);
    }

    /// Returns what the record says; null where nothing was measured yet.
    private @Nullable ObjectNode told(Order.Availability asked) {
        Outcome outcome = operations.perform(asked, Reader.nullReader(), new Output() {
            @Override
            public void row(ObjectNode row) {}

            @Override
            public void progress(long count) {}
        });
        return outcome instanceof Outcome.Done(ObjectNode facts) ? facts : null;
    }
}
