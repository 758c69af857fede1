package casella.jmap;

import casella.base.Notices.Notice;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Notice/get: what the operators say of what is going on, for the owners of the account's brand; no object while nothing is.
/// An extension of ours, RFC 8620 §1.8.
///
/// ```text
/// id        Id        of the incident
/// severity  "minor", "major" or "critical"
/// state     "investigating", "identified", "restoring" or "monitoring"
/// changed   UTCDate   when it was said
/// text      {it, en}  one line for each language
/// ```
///
/// Answered from memory, also when all storage is away.
final class NoticeGet implements Method {
    private static final Set<String> PROPERTIES =
            new LinkedHashSet<>(List.of("id", "severity", "state", "changed", "text"));

    @Override
    public String name() {
        return "Notice/get";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        GetForm form = GetForm.read(call, PROPERTIES);
        call.arguments().end();
        Optional<Notice> now = call.house().parts().notices().of(call.caller().listener());
        var list = new ArrayList<ObjectNode>();
        var notFound = new ArrayList<String>();
        if (form.ids() == null) now.ifPresent(notice -> list.add(json(notice).retain(form.properties())));
        else for (String id : form.ids()) {
            if (now.isPresent() && id.equals(id(now.get()))) list.add(json(now.get())
                    .retain(form.properties()));
            else notFound.add(id);
        }
        return new Answer.Done(GetForm.response(call, state(now), list, notFound));
    }

    /// Returns the state string of the type: another one for each thing that is said.
    static String state(Optional<Notice> now) {
        return now.map(notice -> id(notice) + "-" + notice.changed().toEpochMilli()).orElse("none");
    }

    private static String id(Notice notice) {
        return "n" + notice.id();
    }

    static ObjectNode json(Notice notice) {
        ObjectNode out = Json.object()
                .put("id", id(notice))
                .put("severity", notice.severity())
                .put("state", notice.state())
                .put("changed", notice.changed().truncatedTo(ChronoUnit.SECONDS).toString());
        out.putObject("text").put("it", notice.italian()).put("en", notice.english());
        return out;
    }
}
