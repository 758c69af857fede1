package casella.jmap;

import casella.base.ArrivalId;
import casella.base.ThreadId;
import casella.store.Account;
import casella.store.Email;
import casella.store.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Thread/get: the emails of a conversation, oldest first. RFC 8621 §3.1.
final class ThreadGet implements Method {
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of("id", "emailIds"));
    private static final int THREADS_PER_HOP = 50;

    @Override
    public String name() {
        return "Thread/get";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        GetForm form = GetForm.read(call, PROPERTIES);
        call.arguments().end();
        if (form.ids() == null) {
            throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "ids: all threads are too many");
        }
        Account account = call.account();
        String state = account.read(View::modseq).toString();
        var list = new ArrayList<ObjectNode>();
        var notFound = new ArrayList<String>();
        List<String> ids = form.ids();
        for (int from = 0; from < ids.size(); from += THREADS_PER_HOP) {
            List<String> page = ids.subList(from, Math.min(ids.size(), from + THREADS_PER_HOP));
            List<List<String>> found = account.read(view -> page.stream()
                    .map(text -> emails(view, call.threadId(text)))
                    .toList());
            for (int i = 0; i < page.size(); i++) {
                if (found.get(i).isEmpty()) {
                    notFound.add(page.get(i));
                    continue;
                }
                ObjectNode record = Json.object().put("id", String.valueOf(call.created().resolve(page.get(i))));
                if (form.wants("emailIds")) record.set("emailIds", Json.array(found.get(i)));
                list.add(record);
            }
        }
        return new Answer.Done(GetForm.response(call, state, list, notFound));
    }

    /// Returns the emails JMAP shows of a thread, by receipt, oldest first; empty if there is no
    /// such thread.
    static List<String> emails(View view, @Nullable ThreadId thread) {
        if (thread == null) return List.of();
        var emails = new ArrayList<Email>();
        for (ArrivalId id : view.thread(thread)) {
            Email email = view.email(id);
            if (email != null && !view.shownPlacements(email).isEmpty()) emails.add(email);
        }
        emails.sort(Comparator.comparing(Email::received).thenComparing(Email::id));
        return emails.stream().map(email -> email.id().toString()).toList();
    }
}
