package casella.jmap;

import casella.base.MailboxId;
import casella.base.Modseq;
import casella.store.Mailbox;
import casella.store.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Mailbox/query. RFC 8621 §2.3.
final class MailboxQuery implements Method {
    static final List<String> SORTS = List.of("sortOrder", "name", "parentId");

    private record Read(List<Mailbox> mailboxes, Modseq modseq) {}

    @Override
    public String name() {
        return "Mailbox/query";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        QueryForm form = QueryForm.read(call, SORTS);
        boolean asTree = call.arguments().truth("sortAsTree", false);
        boolean filterAsTree = call.arguments().truth("filterAsTree", false);
        call.arguments().end();
        Read read = call.account().read(view -> new Read(view.mailboxes(), view.modseq()));
        var tree = new MailboxTree(read.mailboxes());
        Claim<Mailbox> filter = Filters.read(form.filter(), condition -> condition(call, tree, condition));
        Comparator<Mailbox> order = order(tree, form.sort());
        List<Mailbox> sorted = asTree ? depthFirst(tree, order) : tree.all().stream().sorted(order).toList();
        var ids = new ArrayList<String>();
        for (Mailbox mailbox : sorted) {
            boolean matches = filter.about(mailbox) == Claim.Truth.YES;
            for (Mailbox at = tree.parent(mailbox); matches && filterAsTree && at != null; at = tree.parent(at)) {
                matches = filter.about(at) == Claim.Truth.YES;
            }
            if (matches) ids.add(mailbox.id().toString());
        }
        return new Answer.Done(form.answer(call, read.modseq().toString(), ids));
    }

    private static Claim<Mailbox> condition(Call call, MailboxTree tree, Arguments in) {
        var all = new ArrayList<Predicate<Mailbox>>();
        if (in.has("parentId")) {
            String text = in.text("parentId");
            MailboxId id = text == null ? null : call.mailboxId(text);
            all.add(mailbox -> {
                Mailbox parent = tree.parent(mailbox);
                return text == null ? parent == null : parent != null && parent.id().equals(id);
            });
        }
        String name = in.text("name");
        if (name != null) {
            String part = fold(name);
            all.add(mailbox -> fold(tree.name(mailbox)).contains(part));
        }
        if (in.has("role")) {
            String word = in.text("role");
            all.add(mailbox -> {
                Role role = mailbox.role();
                return word == null ? role == null : role != null && role.word().equals(word);
            });
        }
        Boolean any = in.truth("hasAnyRole");
        if (any != null) all.add(mailbox -> any == (mailbox.role() != null));
        Boolean subscribed = in.truth("isSubscribed");
        if (subscribed != null) all.add(mailbox -> subscribed == mailbox.subscribed());
        return mailbox -> Claim.Truth.of(all.stream().allMatch(one -> one.test(mailbox)));
    }

    private static Comparator<Mailbox> order(MailboxTree tree, List<QueryForm.Sort> sorts) {
        Comparator<Mailbox> order = null;
        for (QueryForm.Sort sort : sorts) {
            Comparator<Mailbox> one =
                    switch (sort.property()) {
                        case "sortOrder" -> Comparator.comparingInt(Mailbox::sortOrder);
                        case "name" -> Comparator.comparing(mailbox -> fold(tree.name(mailbox)));
                        default -> Comparator.comparingInt(mailbox -> parentNumber(tree, mailbox));
                    };
            if (!sort.ascending()) one = one.reversed();
            order = order == null ? one : order.thenComparing(one);
        }
        Comparator<Mailbox> last = Comparator.comparing(Mailbox::id);
        return order == null ? last : order.thenComparing(last);
    }

    private static int parentNumber(MailboxTree tree, Mailbox mailbox) {
        Mailbox parent = tree.parent(mailbox);
        return parent == null ? 0 : parent.id().number();
    }

    /// RFC 8621 §2.3: children after their parent, siblings in order.
    private static List<Mailbox> depthFirst(MailboxTree tree, Comparator<Mailbox> order) {
        Map<@Nullable MailboxId, List<Mailbox>> children = new HashMap<>();
        for (Mailbox mailbox : tree.all().stream().sorted(order).toList()) {
            Mailbox parent = tree.parent(mailbox);
            children.computeIfAbsent(parent == null ? null : parent.id(), _ -> new ArrayList<>()).add(mailbox);
        }
        var out = new ArrayList<Mailbox>();
        var open = new ArrayList<>(children.getOrDefault(null, List.of()).reversed());
        while (!open.isEmpty()) {
            Mailbox next = open.removeLast();
            out.add(next);
            open.addAll(children.getOrDefault(next.id(), List.of()).reversed());
        }
        return out;
    }

    private static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
