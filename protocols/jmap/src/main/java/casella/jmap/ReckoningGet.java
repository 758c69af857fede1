package casella.jmap;

import casella.base.OwnRecord.Reckoned;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Reckoning/get: what became of all mail that was ever accepted for the account: one object. An extension of ours, RFC 8620 §1.8.
///
/// ```text
/// id           "singleton"
/// at           UTCDate      when it was counted
/// accepted     UnsignedInt  filed + deleted + pending + lost + unreachable
/// filed        UnsignedInt  in the mailbox
/// deleted      UnsignedInt  were filed, and deleted since
/// pending      UnsignedInt  wait to be filed
/// lost         UnsignedInt  no copy is anywhere
/// unreachable  UnsignedInt  only where nothing answers now
/// meanwhile    Id[{mails, first, last}]  of an Absence: what came while its owner could not get at the mailbox
/// statement    String|null  the same, signed by this server: a JSON Web Signature as JSON (docs/formats/proof.md)
/// ```
///
/// Asks the store: it may take seconds, and while journal or vaults are away it is `serverUnavailable`. Counted a moment ago, it is not
/// counted again.
final class ReckoningGet implements Method {
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of(
            "id", "at", "accepted", "filed", "deleted", "pending", "lost", "unreachable", "meanwhile", "statement"));

    @Override
    public String name() {
        return "Reckoning/get";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        return OwnList.answer(call, PROPERTIES,
                () -> Map.of("singleton", json(call.house().parts().own().reckoned(call.caller().account()))));
    }

    private static ObjectNode json(Reckoned one) {
        ObjectNode out = Json.object().put("id", "singleton").put("at", OwnList.text(one.at()))
                .put("accepted", one.accepted()).put("filed", one.filed()).put("deleted", one.deleted())
                .put("pending", one.pending()).put("lost", one.lost()).put("unreachable", one.unreachable());
        ObjectNode meanwhile = out.putObject("meanwhile");
        one.meanwhile().forEach((id, came) -> meanwhile.putObject(id).put("mails", came.mails())
                .put("first", OwnList.text(came.first())).put("last", OwnList.text(came.last())));
        return out.put("statement", one.statement().isEmpty() ? null : one.statement());
    }
}
