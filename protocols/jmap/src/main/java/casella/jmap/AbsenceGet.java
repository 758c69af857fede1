package casella.jmap;

import casella.base.OwnRecord.Absence;
import casella.base.OwnRecord.Away;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Absence/get: when what did not work for the account, as it was measured: in the last 90 days, and in the newest incidents of its brand, the
/// newest first. An extension of ours, RFC 8620 §1.8.
///
/// ```text
/// id          Id             "days90", or the incident's
/// incident    Id|null        as in Notice/get; null for the last 90 days
/// title       {it, en}|null  what the incident was called
/// from        UTCDate
/// until       UTCDate|null   null while the incident goes on
/// awayMillis  {logIn, read, receive, send, push, mailbox}: UnsignedInt; mailbox is log-in or reading
/// mailbox     [{from, until}]  when log-in or reading did not work, oldest first; the newest 100
/// ```
///
/// Asks the incident desk and the directory, never the store.
final class AbsenceGet implements Method {
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of(
            "id", "incident", "title", "from", "until", "awayMillis", "mailbox"));

    @Override
    public String name() {
        return "Absence/get";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        return OwnList.answer(call, PROPERTIES, () -> {
            var all = new LinkedHashMap<String, ObjectNode>();
            for (Absence one : call.house().parts().own().absences(call.caller().account())) {
                all.put(one.id(), json(one));
            }
            return all;
        });
    }

    private static ObjectNode json(Absence one) {
        ObjectNode out = Json.object().put("id", one.id());
        if (one.incident() == 0) {
            out.putNull("incident").putNull("title");
        } else {
            out.put("incident", "n" + one.incident());
            out.putObject("title").put("it", one.italian()).put("en", one.english());
        }
        out.put("from", OwnList.text(one.from())).put("until", OwnList.text(one.until()));
        Away away = one.away();
        out.putObject("awayMillis").put("logIn", away.logIn()).put("read", away.read()).put("receive", away.receive())
                .put("send", away.send()).put("push", away.push()).put("mailbox", away.mailbox());
        ArrayNode times = out.putArray("mailbox");
        one.mailbox().forEach(time ->
                times.addObject().put("from", OwnList.text(time.from())).put("until", OwnList.text(time.until())));
        return out;
    }
}
