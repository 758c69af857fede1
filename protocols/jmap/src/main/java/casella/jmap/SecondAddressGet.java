package casella.jmap;

import casella.base.SecondAddresses.Kept;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// SecondAddress/get: where the owner asks for news when the mailbox cannot be opened; one object, `singleton`. An extension of ours,
/// RFC 8620 §1.8.
///
/// ```text
/// id       "singleton"
/// offered  Boolean      whether news go anywhere from here
/// address  String|null  where news go; null for nowhere
/// pending  String|null  where a code was sent that has not come back yet
/// ```
///
/// Asks the incident desk, never the store.
final class SecondAddressGet implements Method {
    static final String ID = "singleton";

    private static final Set<String> PROPERTIES =
            new LinkedHashSet<>(List.of("id", "offered", "address", "pending"));

    @Override
    public String name() {
        return "SecondAddress/get";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        return OwnList.answer(call, PROPERTIES, () -> all(call));
    }

    static Map<String, ObjectNode> all(Call call) {
        Kept kept = call.house().parts().second().of(call.caller().account());
        return Map.of(ID, Json.object().put("id", ID).put("offered", kept.offered())
                .put("address", kept.address()).put("pending", kept.pending()));
    }
}
