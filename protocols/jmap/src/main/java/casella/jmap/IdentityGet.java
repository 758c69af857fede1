package casella.jmap;

import casella.base.Sha256;
import casella.directory.Identity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Identity/get: the addresses an owner may send from, as the directory has them. RFC 8621 §6.1.
final class IdentityGet implements Method {
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of(
            "id", "name", "email", "replyTo", "bcc", "textSignature", "htmlSignature", "mayDelete"));

    @Override
    public String name() {
        return "Identity/get";
    }

    @Override
    public Capability capability() {
        return Capability.SUBMISSION;
    }

    @Override
    public Answer run(Call call) {
        GetForm form = GetForm.read(call, PROPERTIES);
        call.arguments().end();
        List<Identity> all = call.parts().directory().identities(call.caller().account());
        var list = new ArrayList<ObjectNode>();
        var notFound = new ArrayList<String>();
        if (form.ids() == null) {
            for (Identity one : all) list.add(json(one, form));
        } else {
            for (String id : form.ids()) {
                all.stream().filter(one -> id(one).equals(id)).findFirst().ifPresentOrElse(
                        one -> list.add(json(one, form)), () -> notFound.add(id));
            }
        }
        return new Answer.Done(GetForm.response(call, state(all), list, notFound));
    }

    /// The directory's ids have characters that no id here may have. RFC 8620 §1.2.
    static String id(Identity identity) {
        return "i" + hash(identity.id()).substring(0, 20);
    }

    static String state(List<Identity> all) {
        return hash(all.toString()).substring(0, 16);
    }

    private static String hash(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static ObjectNode json(Identity identity, GetForm form) {
        ObjectNode all = Json.object()
                .put("id", id(identity))
                .put("name", identity.name())
                .put("email", identity.address())
                .putNull("replyTo")
                .putNull("bcc")
                .put("textSignature", "")
                .put("htmlSignature", "")
                .put("mayDelete", false);
        return all.retain(form.properties());
    }
}
