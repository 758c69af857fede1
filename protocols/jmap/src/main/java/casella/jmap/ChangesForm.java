package casella.jmap;

import casella.base.Fault;
import casella.base.Modseq;
import casella.store.Changes;
import casella.store.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What every `/changes` does. RFC 8620 §5.2.
final class ChangesForm {
    private ChangesForm() {}

    /// Answers a `/changes`: one hop to the engine.
    ///
    /// @param log reads changes after a point, at most so many ids
    static <T> ObjectNode answer(Call call, Log<T> log) {
        return answer(call, log, (_, _) -> null, false);
    }

    /// @param also looks at the same snapshot for what the response shall carry beside the ids
    static <T> ObjectNode answer(Call call, Log<T> log, Also<T> also) {
        return answer(call, log, also, true);
    }

    /// @param known whether the whole type is known even where the account is not: folders by name
    private static <T> ObjectNode answer(Call call, Log<T> log, Also<T> also, boolean known) {
        call.accountId();
        String state = call.arguments().requiredText("sinceState");
        Long most = call.arguments().unsigned("maxChanges");
        call.arguments().end();
        if (most != null && most == 0) throw Refusal.argument("maxChanges", "more than 0");
        int limit = most == null ? View.PAGE_MAX : (int) Math.min(most, View.PAGE_MAX);
        return call.account().read(view -> {
            if (!known) hold(view, state);
            Changes<T> changes = log.since(view, Call.since(state, view), limit);
            ObjectNode out = call.response().put("oldState", state);
            out.put("newState", changes.until().toString());
            out.put("hasMoreChanges", changes.more());
            out.set("created", Json.array(changes.created()));
            out.set("updated", Json.array(changes.updated()));
            out.set("destroyed", Json.array(changes.ended()));
            ObjectNode more = also.of(view, changes);
            if (more != null) more.properties().forEach(entry -> out.set(entry.getKey(), entry.getValue()));
            return out;
        });
    }

    /// Of mail that cannot be read now a client keeps what it has: "cannot calculate" would have it dropped. The
    /// folders are told anew.
    private static void hold(View view, String state) {
        if (!view.partial()) return;
        // Also where the state is a later one: something that was shown then has gone while nobody looked.
        boolean number = state.matches("0|[1-9][0-9]{0,17}");
        long since = number ? Long.parseLong(state) : 0;
        if (!number || view.floor().value() > since || since > view.modseq().value()) {
            throw new Fault.Unavailable("The account cannot be read now", Map.of());
        }
    }

    /// What else is said of the changes.
    interface Also<T> {
        @Nullable ObjectNode of(View view, Changes<T> changes);
    }

    /// Where the changes of one type are read.
    interface Log<T> {
        Changes<T> since(View view, Modseq since, int limit);
    }
}
