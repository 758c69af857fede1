package casella.jmap;

import casella.base.HelpDesk.Help;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Help/get: whom the owner lets look inside the account, and at what they looked, the newest first; the newest 50. An extension of ours,
/// RFC 8620 §1.8.
///
/// ```text
/// id     Id
/// scope  "folders", "messages" or "contents"
/// made   UTCDate        when the owner made its code
/// until  UTCDate        until when the code can be used, or, once it was, somebody may look
/// by     String|null    who helps; null while nobody used the code
/// began  UTCDate|null
/// ended  UTCDate|null   when it was ended before its time
/// open   Boolean        whether the code can be used, or somebody may look, now
/// looks  [{at: UTCDate, what, about: Id|null}]  `what` as scope; the mailbox or the email; the newest 200
/// ```
///
/// Asks the incident desk, never the store.
final class HelpGet implements Method {
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of(
            "id", "scope", "made", "until", "by", "began", "ended", "open", "looks"));
    /// Before the name of somebody who is logged in to the console.
    private static final String STAFF = "staff:";

    @Override
    public String name() {
        return "Help/get";
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
        Instant now = call.house().parts().clock().now();
        var all = new LinkedHashMap<String, ObjectNode>();
        call.house().parts().help().of(call.caller().account())
                .forEach(one -> all.put(id(one), json(one, now)));
        return all;
    }

    static String id(Help help) {
        return "h" + help.id();
    }

    private static ObjectNode json(Help help, Instant now) {
        ObjectNode out = Json.object().put("id", id(help)).put("scope", help.scope().word())
                .put("made", OwnList.text(help.made())).put("until", OwnList.text(help.until()))
                .put("by", by(help)).put("began", OwnList.text(help.began())).put("ended", OwnList.text(help.ended()))
                .put("open", help.open(now));
        ArrayNode looks = out.putArray("looks");
        help.looks().forEach(look -> looks.addObject().put("at", OwnList.text(look.at())).put("what", look.what().word())
                .put("about", look.about().isEmpty() ? null : look.about()));
        return out;
    }

    private static @Nullable String by(Help help) {
        if (help.by().isEmpty()) return null;
        return help.by().startsWith(STAFF) ? help.by().substring(STAFF.length()) : help.by();
    }
}
