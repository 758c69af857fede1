package casella.server.control;

import casella.base.ArrivalId;
import casella.queue.Figures;
import casella.queue.LocalQueue;
import casella.queue.Priority;
import casella.queue.QueueId;
import casella.queue.Waiting;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What can be asked of the queue. Says who waits for what and why, never what is in a message.
final class QueueOperations {
    private static final int PAGE = 500;

    private final LocalQueue queue;

    QueueOperations(LocalQueue queue) {
        this.queue = queue;
    }

    Outcome list(Operations.Output out) {
        ArrivalId after = null;
        List<Waiting> page;
        do {
            page = queue.list(after, PAGE);
            for (Waiting one : page) out.row(row(one));
            if (!page.isEmpty()) after = page.getLast().item().arrival();
        } while (page.size() == PAGE);
        return new Outcome.Done(figures(queue.figures()));
    }

    Outcome show(String message, Operations.Output out) {
        List<Waiting> waiting = queue.find(QueueId.parse(message));
        if (waiting.isEmpty()) return new Outcome.Refused("message: nobody waits for " + message);
        for (Waiting one : waiting) out.row(row(one));
        Waiting first = waiting.getFirst();
        return new Outcome.Done(Json.object()
                .put("message", first.message().toString())
                .put("priority", first.priority().word())
                .put("received", first.received().toString())
                .put("sender", first.sender())
                .put("bytes", first.size())
                .put("segment", first.place().segment())
                .put("offset", first.place().offset())
                .put("recipients", waiting.size()));
    }

    private static ObjectNode row(Waiting one) {
        ObjectNode row = Json.object()
                .put("arrival", one.item().arrival().toString())
                .put("message", one.message().toString())
                .put("priority", one.priority().word())
                .put("account", one.item().account().toString())
                .put("address", one.item().address())
                .put("received", one.received().toString())
                .put("bytes", one.size())
                .put("attempts", one.attempts());
        if (one.due().isAfter(Instant.EPOCH)) row.put("due", one.due().toString());
        if (!one.why().isEmpty()) row.put("why", one.why());
        return row;
    }

    private static ObjectNode figures(Figures figures) {
        ObjectNode facts = Json.object().put("recipients", figures.total());
        for (Priority priority : Priority.values()) {
            facts.put(priority.word(), figures.items().getOrDefault(priority, 0));
        }
        return facts.put("bytes", figures.bytes())
                .put("oldestSeconds", figures.oldestSeconds())
                .put("files", figures.files());
    }
}
