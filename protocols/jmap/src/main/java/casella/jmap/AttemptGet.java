package casella.jmap;

import casella.base.OwnRecord.Attempt;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Attempt/get: whose mail for the account was not taken in the last 90 days, the newest first. An extension of ours, RFC 8620 §1.8.
///
/// ```text
/// id      Id
/// sender  String|null       null for a delivery notice
/// first   UTCDate           when it was tried first
/// last    UTCDate
/// tries   UnsignedInt
/// code    UnsignedInt|null  that the sender was answered last (SMTP); null where the connection broke
/// reason  String            likewise, in English
/// came    UTCDate|null      when it came all the same
/// ```
///
/// Asks the incident desk, never the store.
final class AttemptGet implements Method {
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of(
            "id", "sender", "first", "last", "tries", "code", "reason", "came"));

    @Override
    public String name() {
        return "Attempt/get";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        return OwnList.answer(call, PROPERTIES, () -> {
            var all = new LinkedHashMap<String, ObjectNode>();
            for (Attempt one : call.house().parts().own().attempts(call.caller().account())) {
                all.put(one.id(), json(one));
            }
            return all;
        });
    }

    private static ObjectNode json(Attempt one) {
        return Json.object().put("id", one.id()).put("sender", one.sender().isEmpty() ? null : one.sender())
                .put("first", OwnList.text(one.first())).put("last", OwnList.text(one.last()))
                .put("tries", one.tries()).put("code", one.code() == 0 ? null : one.code())
                .put("reason", one.reason()).put("came", OwnList.text(one.came()));
    }
}
