package casella.jmap;

import casella.jmap.EmailWish.Wrong;
import casella.jmap.SetAnswer.Made;
import casella.store.Account;
import casella.store.View;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Email/import: uploaded mails become emails, byte for byte. RFC 8621 §4.8.
final class EmailImport implements Method {
    private static final Set<String> PROPERTIES = Set.of("blobId", "mailboxIds", "keywords", "receivedAt");

    @Override
    public String name() {
        return "Email/import";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        call.accountId();
        String ifInState = call.arguments().text("ifInState");
        Map<String, ObjectNode> emails = SetForm.records(call.arguments(), "emails");
        call.arguments().end();
        if (emails.size() > call.config().objectsInSetMax()) {
            throw Refusal.of(
                    MethodError.Type.REQUEST_TOO_LARGE, "maxObjectsInSet is " + call.config().objectsInSetMax());
        }
        Account account = call.account();
        String before = account.read(View::modseq).toString();
        new SetForm(ifInState, Map.of(), Map.of(), List.of()).check(before);
        var answer = new SetAnswer();
        emails.forEach((id, record) -> answer.create(call, id, () -> bring(call, account, record)));
        ObjectNode out = answer.json(call, before, account.read(View::modseq).toString());
        out.remove(List.of("updated", "destroyed", "notUpdated", "notDestroyed"));
        return new Answer.Done(out);
    }

    private static Made bring(Call call, Account account, ObjectNode record) {
        try {
            for (String property : record.propertyNames()) {
                if (!PROPERTIES.contains(property)) throw new Wrong(property, "cannot be set");
            }
            EmailWish wish = EmailWish.read(call, record);
            JsonNode blobId = record.get("blobId");
            if (blobId == null || !blobId.isString()) throw new Wrong("blobId", "must be given");
            byte[] mail = Blobs.of(call).read(blobId.stringValue()).orElse(null);
            if (mail == null) throw new Wrong(SetError.blobNotFound(List.of(blobId.stringValue())));
            if (mail.length == 0) throw new Wrong(SetError.of(SetError.Type.INVALID_EMAIL, "Empty"));
            if (mail.length > call.config().mailBytesMax()) throw new Wrong(SetError.of(SetError.Type.TOO_LARGE));
            return EmailKeep.keep(call, account, mail, wish);
        } catch (Wrong wrong) {
            return new Made.Refused(wrong.error());
        }
    }
}
