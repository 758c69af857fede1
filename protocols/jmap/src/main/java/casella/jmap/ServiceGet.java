package casella.jmap;

import casella.store.FaceRows;
import casella.store.Service;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Service/get: what serves the account now, and what its owner has of it: one object. An extension of ours, RFC 8620 §1.8.
///
/// ```text
/// id                 "singleton"
/// state              "live", "standby", "continuation", "contentsAway" or "returning"
/// since              UTCDate|null  when that began; null for "live"
/// reduced            Boolean       whether the owner has less than always; what a page should tell
/// mayReadEarlier     Boolean       folders, and lists of mail from before `since`, can be read
/// mayReadContents    Boolean       mail that is listed can be opened: bodies, attachments
/// mayChange          Boolean       flags, folders and where mail lies can be changed
/// maySubmit          Boolean       mail can be written, kept as a draft, and sent by EmailSubmission/set
/// receivedMailboxId  Id|null       the one mailbox that is open, where new mail comes; null where all are
/// ```
///
/// Answered from memory, also when all storage is away. What fails beyond this is said by the answer that fails.
final class ServiceGet implements Method {
    private static final String ID = "singleton";
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of(
            "id", "state", "since", "reduced", "mayReadEarlier", "mayReadContents", "mayChange", "maySubmit",
                    "receivedMailboxId"));

    @Override
    public String name() {
        return "Service/get";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        GetForm form = GetForm.read(call, PROPERTIES);
        call.arguments().end();
        Service now = call.account().service();
        var list = new ArrayList<ObjectNode>();
        var notFound = new ArrayList<String>();
        for (String id : form.ids() == null ? List.of(ID) : form.ids()) {
            if (id.equals(ID)) list.add(json(now).retain(form.properties()));
            else notFound.add(id);
        }
        return new Answer.Done(GetForm.response(call, state(now), list, notFound));
    }

    /// Returns the state string of the type: another one for each turn.
    static String state(Service service) {
        String word = word(service.state());
        return service.since() == null ? word : word + "-" + service.since().toEpochMilli();
    }

    private static String word(Service.State state) {
        return switch (state) {
            case LIVE -> "live";
            case STANDBY -> "standby";
            case CONTINUATION -> "continuation";
            case CONTENTS_AWAY -> "contentsAway";
            case RETURNING -> "returning";
        };
    }

    /// What can be done while an account is served so.
    private record May(boolean readEarlier, boolean readContents, boolean change, boolean submit) {
        static final May ALL = new May(true, true, true, true);

        static May in(Service.State state) {
            return switch (state) {
                case LIVE, STANDBY, RETURNING -> ALL;
                case CONTINUATION -> new May(false, true, false, false);
                case CONTENTS_AWAY -> new May(true, false, true, false);
            };
        }
    }

    private static ObjectNode json(Service service) {
        May may = May.in(service.state());
        ObjectNode out = Json.object().put("id", ID).put("state", word(service.state()));
        if (service.since() == null) out.putNull("since");
        else out.put("since", service.since().truncatedTo(ChronoUnit.SECONDS).toString());
        out.put("reduced", service.reduced());
        out.put("mayReadEarlier", may.readEarlier());
        out.put("mayReadContents", may.readContents());
        out.put("mayChange", may.change());
        out.put("maySubmit", may.submit());
        if (may.readEarlier()) out.putNull("receivedMailboxId");
        else out.put("receivedMailboxId", FaceRows.RECEIVED.toString());
        return out;
    }
}
