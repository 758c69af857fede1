package casella.jmap;

import casella.base.Modseq;
import casella.store.DocumentKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// EmailSubmission/get: what was sent and what became of it. RFC 8621 §7.1.
final class EmailSubmissionGet implements Method {
    static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of(
            "id",
            "identityId",
            "emailId",
            "threadId",
            "envelope",
            "sendAt",
            "undoStatus",
            "deliveryStatus",
            "dsnBlobIds",
            "mdnBlobIds"));

    private record Read(Modseq modseq, Map<String, byte[]> documents) {}

    @Override
    public String name() {
        return "EmailSubmission/get";
    }

    @Override
    public Capability capability() {
        return Capability.SUBMISSION;
    }

    @Override
    public Answer run(Call call) {
        GetForm form = GetForm.read(call, PROPERTIES);
        call.arguments().end();
        List<String> ids = form.ids();
        Read read = call.account().read(view -> {
            if (ids == null) return new Read(view.modseq(), view.documents(DocumentKind.SUBMISSION));
            var found = new LinkedHashMap<String, byte[]>();
            for (String id : ids) {
                String plain = call.created().resolve(id);
                byte[] document = plain == null ? null : view.document(DocumentKind.SUBMISSION, plain);
                if (document != null) found.put(id, document);
            }
            return new Read(view.modseq(), found);
        });
        if (ids == null && read.documents().size() > call.config().objectsInGetMax()) {
            throw Refusal.of(
                    MethodError.Type.REQUEST_TOO_LARGE, "maxObjectsInGet is " + call.config().objectsInGetMax());
        }
        var list = new ArrayList<ObjectNode>();
        Submission.all(read.documents()).values().forEach(one -> list.add(one.retain(form.properties())));
        var notFound = new ArrayList<String>(ids == null ? List.of() : ids);
        notFound.removeAll(read.documents().keySet());
        return new Answer.Done(GetForm.response(call, read.modseq().toString(), list, notFound));
    }
}
