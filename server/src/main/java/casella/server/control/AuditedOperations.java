package casella.server.control;

import casella.server.health.Audit;
import java.io.Reader;

/// Writes down every order that changes something, before and after it is carried out: one that a stop broke off is there
/// with its beginning alone.
public final class AuditedOperations implements Operations {
    private final Operations operations;
    private final Audit audit;

    public AuditedOperations(Operations operations, Audit audit) {
        this.operations = operations;
        this.audit = audit;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (order.looks()) return operations.perform(order, body, out);
        String by = Audit.by();
        audit.note(by, order.toString(), "begins");
        Outcome outcome = operations.perform(order, body, out);
        audit.note(by, order.toString(), word(outcome));
        return outcome;
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> "done";
            case Outcome.Found _ -> "done, and found something wrong";
            case Outcome.Refused(String why) -> "refused: " + why;
            case Outcome.NotReachable(String why) -> "not reachable: " + why;
        };
    }
}
