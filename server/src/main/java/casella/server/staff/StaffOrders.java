package casella.server.staff;

import casella.base.Fault;
import casella.incident.staff.Person;
import casella.incident.staff.Role;
import casella.incident.staff.Staff;
import casella.server.control.Json;
import casella.server.control.MadePassword;
import casella.server.control.Moment;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.control.StaffOrder;
import casella.server.health.Audit;
import java.io.Reader;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on who works here. Hands on all other orders.
public final class StaffOrders implements Operations {
    private static final int LIMIT_MAX = 1_000;

    private final Operations operations;
    private final Staff staff;
    private final Audit audit;

    /// @param operations carries out all others
    public StaffOrders(Operations operations, Staff staff, Audit audit) {
        this.operations = operations;
        this.staff = staff;
        this.audit = audit;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof StaffOrder about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case StaffOrder.StaffList _ -> {
                    staff.all().forEach(person -> out.row(facts(person)));
                    yield new Outcome.Done(Json.object());
                }
                case StaffOrder.StaffPut(String name, List<String> roles, String password) -> put(name, roles,
                        password);
                case StaffOrder.StaffRemove(String name) -> staff.remove(name)
                        ? new Outcome.Done(Json.object().put("removed", name))
                        : new Outcome.Refused("name: nobody here is called that");
                case StaffOrder.StaffKey(String name, String label, int days) ->
                        new Outcome.Done(Json.object().put("name", name)
                        .put("label", label).put("key", staff.key(name, label, Duration.ofDays(days))));
                case StaffOrder.StaffKeyEnd(String name, String label) ->
                        new Outcome.Done(Json.object().put("ended", staff.endKeys(name, label)));
                case StaffOrder.AuditList(int limit, String before) -> audit(limit, before, out);
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome put(String name, List<String> words, @Nullable String given) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        words.forEach(word -> roles.add(Role.of(word)));
        boolean made = given == null && staff.person(name).isEmpty();
        String password = made ? MadePassword.of(5) : given;
        ObjectNode facts = facts(staff.put(name, roles, password));
        return new Outcome.Done(made ? facts.put("password", password) : facts);
    }

    private static ObjectNode facts(Person person) {
        ObjectNode out = Json.object().put("name", person.name());
        ArrayNode roles = out.putArray("roles");
        person.roles().stream().sorted().forEach(role -> roles.add(role.word()));
        return out.put("since", person.since().toString());
    }

    private Outcome audit(int limit, @Nullable String before, Output out) {
        if (limit < 1 || limit > LIMIT_MAX) return new Outcome.Refused("limit: must be 1 to " + LIMIT_MAX);
        for (Audit.Line line : audit.newest(limit, Moment.of("before", before).orElse(null))) {
            out.row(Json.object().put("at", line.at().toString()).put("by", line.by()).put("order",
                    line.order())
                    .put("ended", line.ended()));
        }
        return new Outcome.Done(Json.object());
    }
}
