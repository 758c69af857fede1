package casella.jmap;

import casella.store.Account;
import casella.store.DocumentKind;
import casella.store.View;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// EmailSubmission/set: sends emails, and then does with each what the client asked for. RFC 8621
/// §7.5.
final class EmailSubmissionSet implements Method {
    @Override
    public String name() {
        return "EmailSubmission/set";
    }

    @Override
    public Capability capability() {
        return Capability.SUBMISSION;
    }

    @Override
    public Answer run(Call call) {
        SetForm form = SetForm.read(call);
        Map<String, ObjectNode> thenUpdate = SetForm.records(call.arguments(), "onSuccessUpdateEmail");
        List<String> thenDestroy = call.arguments().ids("onSuccessDestroyEmail");
        call.arguments().end();
        if (thenDestroy == null) thenDestroy = List.of();
        Account account = call.account();
        String before = account.read(View::modseq).toString();
        form.check(before);
        var answer = new SetAnswer();
        Map<String, String> emails = new LinkedHashMap<>();
        form.create().forEach((id, record) -> {
            answer.create(call, id, () -> Submission.create(call, account, record));
            String email = answer.hasCreated(id) ? text(call, record.get("emailId")) : null;
            if (email != null) emails.put("#" + id, email);
        });
        form.update().forEach((id, patch) -> answer.update(id, () -> update(call, account, id, patch)));
        for (String id : form.destroy()) {
            answer.destroy(id, () -> {
                String plain = call.created().resolve(id);
                ObjectNode record = plain == null ? null : record(account, plain);
                if (plain == null || record == null) return SetError.of(SetError.Type.NOT_FOUND);
                emails.put(id, record.path("emailId").asString(""));
                return account.endDocument(DocumentKind.SUBMISSION, plain) ? null : SetError.of(SetError.Type.NOT_FOUND);
            });
        }
        ObjectNode done = answer.json(call, before, account.read(View::modseq).toString());
        SetForm then = then(emails, thenUpdate, thenDestroy);
        if (then == null) return new Answer.Done(done);
        return new Answer.DoneAlso(done, "Email/set", EmailSet.run(call, then));
    }

    /// Sent is sent: nothing of a submission can be changed. RFC 8621 §7.5 `cannotUnsend`.
    private static SetError update(Call call, Account account, String id, ObjectNode patch) {
        String plain = call.created().resolve(id);
        if (plain == null || record(account, plain) == null) return SetError.of(SetError.Type.NOT_FOUND);
        JsonNode undo = patch.get("undoStatus");
        return undo != null && undo.asString("").equals("canceled")
                ? SetError.of(SetError.Type.CANNOT_UNSEND)
                : SetError.of(SetError.Type.FORBIDDEN, "A submission does not change");
    }

    private static @Nullable ObjectNode record(Account account, String id) {
        byte[] document = account.read(view -> view.document(DocumentKind.SUBMISSION, id));
        return document == null ? null : Submission.read(document);
    }

    /// Returns the implicit `Email/set` for the submissions that succeeded; null if there is
    /// nothing to do.
    private static @Nullable SetForm then(
            Map<String, String> emails, Map<String, ObjectNode> thenUpdate, List<String> thenDestroy) {
        Map<String, ObjectNode> update = new LinkedHashMap<>();
        Set<String> destroy = new LinkedHashSet<>();
        thenUpdate.forEach((submission, patch) -> {
            String email = emails.get(submission);
            if (email != null) update.put(email, patch);
        });
        for (String submission : thenDestroy) {
            String email = emails.get(submission);
            if (email != null) destroy.add(email);
        }
        if (update.isEmpty() && destroy.isEmpty()) return null;
        return new SetForm(null, Map.of(), update, List.copyOf(destroy));
    }

    private static @Nullable String text(Call call, @Nullable JsonNode id) {
        return id == null || !id.isString() ? null : call.created().resolve(id.stringValue());
    }
}
