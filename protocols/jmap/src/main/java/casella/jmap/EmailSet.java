package casella.jmap;

import casella.base.ArrivalId;
import casella.jmap.EmailWish.Wrong;
import casella.jmap.SetAnswer.Made;
import casella.store.Account;
import casella.store.View;
import tools.jackson.databind.node.ObjectNode;

/// Email/set: drafts are made, keywords and mailboxes changed, emails ended. RFC 8621 §4.6.
final class EmailSet implements Method {
    @Override
    public String name() {
        return "Email/set";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        SetForm form = SetForm.read(call);
        call.arguments().end();
        return new Answer.Done(run(call, form));
    }

    /// Does what `form` says; also for the implicit call of `EmailSubmission/set`.
    static ObjectNode run(Call call, SetForm form) {
        Account account = call.account();
        String before = account.read(View::modseq).toString();
        form.check(before);
        var answer = new SetAnswer();
        form.create().forEach((id, record) -> answer.create(call, id, () -> create(call, account, record)));
        form.update().forEach((id, patch) -> {
            answer.update(resolved(call, id), () -> EmailUpdate.run(call, account, id, patch));
        });
        for (String id : form.destroy()) {
            answer.destroy(resolved(call, id), () -> {
                ArrivalId email = call.emailId(id);
                boolean done = email != null && account.destroyEmail(email);
                return done ? null : SetError.of(SetError.Type.NOT_FOUND);
            });
        }
        return answer.json(call, before, account.read(View::modseq).toString());
    }

    /// The answer names records by their ids, whatever they were called.
    private static String resolved(Call call, String id) {
        String plain = call.created().resolve(id);
        return plain == null ? id : plain;
    }

    private static Made create(Call call, Account account, ObjectNode record) {
        try {
            EmailWish wish = EmailWish.read(call, record);
            byte[] mail = EmailDraft.write(call, record, call.house().names());
            return EmailKeep.keep(call, account, mail, wish);
        } catch (Wrong wrong) {
            return new Made.Refused(wrong.error());
        }
    }
}
