package casella.jmap;

import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.jmap.Request.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers the calls of one request, one after the other, in order. RFC 8620 §3.3 to §3.7.
///
/// Everything that becomes an `error` response does so in one method below.
final class Api {
    private final House house;

    Api(House house) {
        this.house = house;
    }

    /// Returns the response object. RFC 8620 §3.4.
    ObjectNode answer(Request request, Caller caller, Deadline deadline) {
        var created = new CreationIds(request.createdIds());
        var responses = new ArrayList<Invocation>();
        for (Invocation call : request.calls()) answer(request, call, caller, created, deadline, responses);
        ArrayNode list = Json.array();
        for (Invocation response : responses) list.add(response.json());
        ObjectNode out = Json.object();
        out.set("methodResponses", list);
        if (request.createdIds() != null) {
            ObjectNode ids = out.putObject("createdIds");
            created.all().forEach(ids::put);
        }
        out.put("sessionState", SessionObject.state(house.parts().config(), caller));
        return out;
    }

    private void answer(
            Request request,
            Invocation invocation,
            Caller caller,
            CreationIds created,
            Deadline deadline,
            List<Invocation> responses) {
        Method method = Method.ALL.get(invocation.name());
        Answer answer;
        if (method == null || !request.using().contains(method.capability().urn())) {
            answer = Answer.refused(MethodError.Type.UNKNOWN_METHOD);
        } else if (deadline.over()) {
            answer = Answer.refused(MethodError.Type.SERVER_UNAVAILABLE, "The calls before took all the time");
        } else {
            answer = answer(method, invocation, caller, created, deadline, request.using(), responses);
        }
        String name = method == null ? "unknown" : method.name();
        String id = invocation.callId();
        switch (answer) {
            case Answer.Done(var arguments) -> {
                responses.add(new Invocation(name, arguments, id));
                count(name, "ok");
            }
            case Answer.DoneAlso(var arguments, var alsoName, var also) -> {
                responses.add(new Invocation(name, arguments, id));
                responses.add(new Invocation(alsoName, also, id));
                count(name, "ok");
            }
            case Answer.Refused(var error) -> {
                responses.add(new Invocation("error", error.json(), id));
                count(name, error.type().wire());
                Log.event(Event.JMAP_CALL_REFUSED, "method", name, "type", error.type().wire());
            }
        }
    }

    private Answer answer(
            Method method,
            Invocation invocation,
            Caller caller,
            CreationIds created,
            Deadline deadline,
            Set<String> using,
            List<Invocation> responses) {
        try {
            ObjectNode arguments = References.resolve(invocation.arguments(), responses);
            return method.run(new Call(house, caller, arguments, created, deadline, using));
        } catch (Refusal refusal) {
            return new Answer.Refused(refusal.error());
        } catch (Fault fault) {
            Log.event(Event.JMAP_CALL_FAILED, fault, "method", method.name(), "account", caller.account());
            return new Answer.Refused(Faults.methodError(fault));
        } catch (RuntimeException mistake) {
            // A mistake of ours costs this call, not the calls beside it.
            Log.event(Event.JMAP_MISTAKE, mistake, "method", method.name(), "account", caller.account());
            return Answer.refused(MethodError.Type.SERVER_FAIL);
        }
    }

    private void count(String method, String outcome) {
        house.parts().metrics().add(Metric.JMAP_CALLS, 1, method, outcome);
    }
}
