package casella.jmap;

import casella.base.AccountId;
import casella.base.SecondAddresses;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// SecondAddress/set: the owner says where news go. An extension of ours, RFC 8620 §1.8, §5.3.
///
/// ```text
/// update   {address}        a code goes there; it is kept once the code comes back, and the one before stays until then
///          {code}           the code that came
///          {address: null}  forgets what there is
/// create, destroy           `singleton`
/// ```
///
/// Asks the incident desk and the directory, never the store.
final class SecondAddressSet implements Method {
    @Override
    public String name() {
        return "SecondAddress/set";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        SetForm form = SetForm.read(call);
        call.arguments().end();
        SecondAddresses second = call.house().parts().second();
        AccountId account = call.caller().account();
        String before = OwnList.state(SecondAddressGet.all(call));
        form.check(before);
        var answer = new SetAnswer();
        form.create().forEach((id, _) ->
                answer.create(call, id, () ->
                        new SetAnswer.Made.Refused(SetError.of(SetError.Type.SINGLETON))));
        form.update().forEach((id, patch) -> answer.update(id, () -> update(second, account, id, patch)));
        form.destroy().forEach(id -> answer.destroy(id, () -> SetError.of(SetError.Type.SINGLETON)));
        return new Answer.Done(answer.json(call, before, OwnList.state(SecondAddressGet.all(call))));
    }

    private static @Nullable SetError update(SecondAddresses second, AccountId account, String id,
            ObjectNode patch) {
        if (!id.equals(SecondAddressGet.ID)) return SetError.of(SetError.Type.NOT_FOUND);
        JsonNode address = patch.get("address");
        JsonNode code = patch.get("code");
        Set<String> names = Set.copyOf(patch.propertyNames());
        if (names.equals(Set.of("code")) && code != null && code.isString()) {
            return second.confirm(account, code.stringValue()) ? null
                    : SetError.invalid("code", "is not the one that was sent, or no longer good");
        }
        if (!names.equals(Set.of("address"))
                || address == null || !(address.isNull() || address.isString())) {
            return SetError.invalid("address",
                    "can be an address or null, or a code be given, and nothing else");
        }
        if (address.isNull()) {
            second.remove(account);
            return null;
        }
        return switch (second.begin(account, address.stringValue())) {
            case SENT -> null;
            case NO_ADDRESS -> SetError.invalid("address", "must be an e-mail address");
            case OURS -> SetError.invalid("address",
                    "must be of another provider, which works when this one does not");
            case TOO_MANY -> SetError.of(SetError.Type.RATE_LIMIT);
        };
    }
}
