package casella.jmap;

import casella.base.Given.Credit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Compensation/get: what the account was given for what did not work, the newest first. An extension of ours, RFC 8620 §1.8.
///
/// ```text
/// id          Id             of the compensation
/// incident    Id             as in Notice/get
/// title       {it, en}       what the incident was called; empty where that is not known any more
/// quotaBytes  UnsignedInt    room beyond the plan's quota
/// months      UnsignedInt    of the plan, free
/// given       UTCDate
/// ended       UTCDate|null   when it was taken back
/// ```
///
/// Asks the incident desk, never the store.
final class CompensationGet implements Method {
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(
            List.of("id", "incident", "title", "quotaBytes", "months", "given", "ended"));

    @Override
    public String name() {
        return "Compensation/get";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        return OwnList.answer(call, PROPERTIES, () -> {
            var all = new LinkedHashMap<String, ObjectNode>();
            for (Credit one : call.house().parts().given().to(call.caller().account())) {
                all.put(id(one), json(one));
            }
            return all;
        });
    }

    private static String id(Credit one) {
        return "c" + one.run();
    }

    private static ObjectNode json(Credit one) {
        ObjectNode out = Json.object().put("id", id(one)).put("incident", "n" + one.incident());
        out.putObject("title").put("it", one.italian()).put("en", one.english());
        return out.put("quotaBytes", one.quotaBytes()).put("months", one.months())
                .put("given", OwnList.text(one.at())).put("ended", OwnList.text(one.ended()));
    }
}
