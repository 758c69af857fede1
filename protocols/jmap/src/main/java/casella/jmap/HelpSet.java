package casella.jmap;

import casella.base.AccountId;
import casella.base.HelpDesk;
import casella.base.HelpDesk.Allowed;
import casella.base.HelpDesk.Scope;
import casella.jmap.SetAnswer.Made;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Help/set: the owner lets somebody look inside the account, or ends it. An extension of ours, RFC 8620 §1.8, §5.3.
///
/// ```text
/// create   {scope}        answers {id, code, made, until}; the code is told this once. One that nobody used before is good no more
/// update   {open: false}  ends it at once
/// destroy                 `forbidden`: what was looked at stays
/// ```
///
/// Asks the incident desk, never the store.
final class HelpSet implements Method {
    @Override
    public String name() {
        return "Help/set";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        SetForm form = SetForm.read(call);
        call.arguments().end();
        HelpDesk desk = call.house().parts().help();
        AccountId account = call.caller().account();
        String before = OwnList.state(HelpGet.all(call));
        form.check(before);
        var answer = new SetAnswer();
        form.create().forEach((id, record) -> answer.create(call, id, () -> create(desk, account, record)));
        form.update().forEach((id, patch) -> answer.update(id, () -> end(desk, account, id, patch)));
        form.destroy().forEach(id -> answer.destroy(id, () -> SetError.of(SetError.Type.FORBIDDEN, "What was looked at stays")));
        return new Answer.Done(answer.json(call, before, OwnList.state(HelpGet.all(call))));
    }

    private static Made create(HelpDesk desk, AccountId account, ObjectNode record) {
        JsonNode scope = record.get("scope");
        if (scope == null || !scope.isString() || record.size() != 1) {
            return new Made.Refused(SetError.invalid("scope", "must be there, alone"));
        }
        Scope wanted;
        try {
            wanted = Scope.of(scope.stringValue());
        } catch (IllegalArgumentException e) {
            return new Made.Refused(SetError.invalid("scope", "must be folders, messages or contents"));
        }
        try {
            Allowed allowed = desk.allow(account, wanted);
            return new Made.Done(Json.object().put("id", HelpGet.id(allowed.help())).put("code", allowed.code())
                    .put("made", OwnList.text(allowed.help().made())).put("until", OwnList.text(allowed.help().until())));
        } catch (IllegalArgumentException e) {
            return new Made.Refused(SetError.of(SetError.Type.RATE_LIMIT, String.valueOf(e.getMessage())));
        }
    }

    private static @Nullable SetError end(HelpDesk desk, AccountId account, String id, ObjectNode patch) {
        JsonNode open = patch.get("open");
        if (open == null || !open.isBoolean() || open.booleanValue() || patch.size() != 1) {
            return SetError.invalid("open", "can be made false, and nothing else");
        }
        boolean number = id.matches("h[1-9][0-9]{0,17}");
        return number && desk.end(account, Long.parseLong(id.substring(1))).isPresent() ? null
                : SetError.of(SetError.Type.NOT_FOUND);
    }
}
