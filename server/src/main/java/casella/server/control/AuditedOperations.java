package casella.server.control;

import casella.base.Event;
import casella.base.Log;
import casella.server.health.Audit;
import java.io.Reader;
import java.io.UncheckedIOException;
import tools.jackson.databind.node.ObjectNode;

/// Writes down every order that changes something, before and after it is carried out: one that a stop broke off is there
/// with its beginning alone.
///
/// Such an order goes on to its end when whoever gave it hangs up: half of a thing done is worse than all of it. What only looks breaks off.
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
        Outcome outcome = operations.perform(order, body, new Lasting(out));
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

    /// Tells `out` as long as somebody listens there; what comes after is dropped.
    private static final class Lasting implements Output {
        private final Output out;
        private volatile boolean heard = true;

        Lasting(Output out) {
            this.out = out;
        }

        @Override
        public void row(ObjectNode row) {
            tell(() -> out.row(row));
        }

        @Override
        public void progress(long count) {
            tell(() -> out.progress(count));
        }

        @Override
        public void progress(long done, long total, String unit) {
            tell(() -> out.progress(done, total, unit));
        }

        @Override
        public boolean heard() {
            return heard;
        }

        private void tell(Runnable what) {
            if (!heard) return;
            try {
                what.run();
            } catch (UncheckedIOException e) {
                heard = false;
                Log.event(Event.CONTROL_FAILED, "why", e.getClass().getSimpleName());
            }
        }
    }
}
