package casella.jmap;

import casella.base.Modseq;
import casella.store.DocumentKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// EmailSubmission/query. RFC 8621 §7.3.
final class EmailSubmissionQuery implements Method {
    private static final List<String> SORTS = List.of("emailId", "threadId", "sentAt");

    private record Read(Modseq modseq, Map<String, byte[]> documents) {}

    @Override
    public String name() {
        return "EmailSubmission/query";
    }

    @Override
    public Capability capability() {
        return Capability.SUBMISSION;
    }

    @Override
    public Answer run(Call call) {
        QueryForm form = QueryForm.read(call, SORTS);
        call.arguments().end();
        Claim<ObjectNode> filter = Filters.read(form.filter(), EmailSubmissionQuery::condition);
        Read read = call.account().read(view -> new Read(view.modseq(), view.documents(DocumentKind.SUBMISSION)));
        var found = new ArrayList<ObjectNode>();
        for (ObjectNode one : Submission.all(read.documents()).values()) {
            if (filter.about(one) == Claim.Truth.YES) found.add(one);
        }
        Comparator<ObjectNode> order = null;
        for (QueryForm.Sort sort : form.sort()) {
            String property = sort.property().equals("sentAt") ? "sendAt" : sort.property();
            Comparator<ObjectNode> one = Comparator.comparing(record -> text(record, property));
            if (!sort.ascending()) one = one.reversed();
            order = order == null ? one : order.thenComparing(one);
        }
        Comparator<ObjectNode> last = Comparator.comparing(record -> text(record, "id"));
        found.sort(order == null ? last.reversed() : order.thenComparing(last));
        List<String> ids = found.stream().map(one -> text(one, "id")).toList();
        return new Answer.Done(form.answer(call, read.modseq().toString(), ids));
    }

    private static Claim<ObjectNode> condition(Arguments in) {
        var all = new ArrayList<Claim<ObjectNode>>();
        for (String property : List.of("identityId", "emailId", "threadId")) {
            List<String> ids = in.ids(property + "s");
            if (ids != null) all.add(one -> Claim.Truth.of(ids.contains(text(one, property))));
        }
        String undo = in.text("undoStatus");
        if (undo != null) all.add(one -> Claim.Truth.of(undo.equals(text(one, "undoStatus"))));
        Instant before = in.instant("before");
        if (before != null) all.add(one -> Claim.Truth.of(at(one).isBefore(before)));
        Instant after = in.instant("after");
        if (after != null) all.add(one -> Claim.Truth.of(!at(one).isBefore(after)));
        return Claim.all(all);
    }

    private static Instant at(ObjectNode record) {
        return Instant.parse(text(record, "sendAt"));
    }

    private static String text(ObjectNode record, String property) {
        return record.path(property).asString("");
    }
}
