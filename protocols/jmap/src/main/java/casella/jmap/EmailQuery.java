package casella.jmap;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Email/query. RFC 8621 §4.4.
///
/// A mailbox by receipt, which is what a list asks for, is read from the store's index as far as
/// the page needs it. Everything else looks at each email of the mailbox, or of the account, and
/// remembers the result for the next page.
final class EmailQuery implements Method {
    private static final int INDEX_PAGE = 500;
    /// Emails looked at in one hop: fewer where more is read of each.
    private static final int PLAIN_PAGE = 300;
    private static final int SUMMARY_PAGE = 150;
    private static final int THREAD_PAGE = 50;
    /// Beyond this position the whole list is made, and remembered, rather than read from the top
    /// for each page.
    private static final int INDEX_POSITION_MAX = 2_000;

    @Override
    public String name() {
        return "Email/query";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        QueryForm form = QueryForm.read(call, Capability.SORTS);
        boolean collapse = call.arguments().truth("collapseThreads", false);
        call.arguments().end();
        EmailFilter filter = EmailFilter.read(call, form.filter());
        var order = new EmailOrder(form.sort());
        Account account = call.account();
        MailboxId mailbox = filter.mailbox();
        if (filter.onlyMailbox() && mailbox != null && order.byReceipt() && nearTop(form)) {
            return new Answer.Done(new Index(call, account, form, mailbox, order.ascending(), collapse).answer());
        }
        Modseq now = account.read(View::modseq);
        String query = Json.array().add(form.filter()).add(call.object().get("sort")).add(collapse).toString();
        var key = new QueryMemory.Key(call.caller().account(), now, query);
        List<String> ids = call.house().queries().get(key);
        if (ids == null) {
            ids = search(call, account, filter, order, collapse);
            call.house().queries().put(key, ids);
        }
        return new Answer.Done(form.answer(call, now.toString(), ids));
    }

    private static boolean nearTop(QueryForm form) {
        return form.anchor() == null && form.position() >= 0 && form.position() + form.limit() <= INDEX_POSITION_MAX;
    }

    /// One page of a mailbox by receipt.
    private static final class Index {
        private final Call call;
        private final Account account;
        private final QueryForm form;
        private final MailboxId mailbox;
        private final boolean ascending;
        private final boolean collapse;
        private final Set<ThreadId> threads = new HashSet<>();
        private final LinkedHashSet<String> ids = new LinkedHashSet<>();
        private View.@Nullable ByReceived last;
        private @Nullable Mailbox found;
        private @Nullable Modseq state;

        Index(
                Call call,
                Account account,
                QueryForm form,
                MailboxId mailbox,
                boolean ascending,
                boolean collapse) {
            this.call = call;
            this.account = account;
            this.form = form;
            this.mailbox = mailbox;
            this.ascending = ascending;
            this.collapse = collapse;
        }

        tools.jackson.databind.node.ObjectNode answer() {
            long wanted = form.position() + form.limit();
            for (boolean more = true; more; ) {
                Page page = account.read(view -> page(view, wanted));
                state = page.state();
                found = page.found();
                last = page.last();
                ids.addAll(page.ids());
                threads.addAll(page.threads());
                more = page.more();
            }
            List<String> all = new ArrayList<>(ids);
            int from = (int) Math.min(form.position(), all.size());
            int until = (int) Math.min(wanted, all.size());
            Long total = form.calculateTotal() ? total() : null;
            String queryState = state == null ? "0" : state.toString();
            return form.answer(call, queryState, from, all.subList(from, until), total);
        }

        /// @param ids more of what is asked for
        /// @param threads of these
        /// @param more whether there is more to read
        private record Page(
                Modseq state,
                @Nullable Mailbox found,
                View.@Nullable ByReceived last,
                LinkedHashSet<String> ids,
                Set<ThreadId> threads,
                boolean more) {}

        /// Reads one page of the index. Changes nothing here: a reading may be made again.
        private Page page(View view, long wanted) {
            Modseq at = state == null ? view.modseq() : state;
            Mailbox box = state == null ? view.mailbox(mailbox) : found;
            View.ByReceived end = last;
            var more = new LinkedHashSet<String>();
            var seen = new HashSet<ThreadId>();
            if (box == null || ids.size() >= wanted) return new Page(at, box, end, more, seen, false);
            List<View.ByReceived> rows = view.byReceived(mailbox, !ascending, last, INDEX_PAGE);
            boolean deleted = box.deleted() > 0;
            for (View.ByReceived row : rows) {
                end = row;
                if (deleted && !shown(view, row.uid())) continue;
                if (collapse) {
                    ThreadId thread = call.house().counts().thread(view, row.email());
                    if (thread == null || threads.contains(thread) || !seen.add(thread)) continue;
                }
                String id = row.email().toString();
                if (!ids.contains(id)) more.add(id);
                if (ids.size() + more.size() >= wanted) return new Page(at, box, end, more, seen, false);
            }
            return new Page(at, box, end, more, seen, rows.size() == INDEX_PAGE);
        }

        private boolean shown(View view, Uid uid) {
            Placement placement = view.placement(mailbox, uid);
            return placement != null && !placement.keywords().has(casella.store.Keywords.DELETED);
        }

        private long total() {
            if (found == null) return 0;
            MailboxCounts.Counts counts = call.house().counts().of(account, found);
            return collapse ? counts.totalThreads() : counts.totalEmails();
        }
    }

    /// Looks at every email that may match and returns the ids of those that do, in order.
    static List<String> search(
            Call call, Account account, EmailFilter filter, EmailOrder order, boolean collapse) {
        var results = new ArrayList<EmailOrder.Result>();
        var threads = new Candidate.Threads();
        int size = filter.threads() || order.needsThreads()
                ? THREAD_PAGE
                : filter.summaries() || order.needsSummaries() ? SUMMARY_PAGE : PLAIN_PAGE;
        var source = new Source(filter.mailbox(), Uid.FIRST, null, false);
        while (!source.ended()) {
            EmailFilter.checkTime(call);
            Source from = source;
            Looked looked = account.read(view -> looked(view, from, size, threads, filter, order));
            source = looked.next();
            results.addAll(looked.results());
            List<Candidate> open = looked.open();
            for (Candidate one : open) {
                EmailFilter.checkTime(call);
                one.open(account, EmailFilter::open);
                if (filter.matches().about(one) == Claim.Truth.YES) results.add(order.result(one));
                one.close();
            }
        }
        results.sort(order.comparator());
        var ids = new LinkedHashSet<String>();
        var seen = new HashSet<ThreadId>();
        for (EmailOrder.Result result : results) {
            if (!collapse || seen.add(result.thread())) ids.add(result.id().toString());
        }
        return new ArrayList<>(ids);
    }

    /// What a page of candidates came to.
    ///
    /// @param open whose contents must be read to know
    private record Looked(List<EmailOrder.Result> results, List<Candidate> open, Source next) {}

    /// Looks at a page of candidates. Changes nothing outside: a reading may be made again.
    private static Looked looked(
            View view, Source from, int size, Candidate.Threads threads, EmailFilter filter, EmailOrder order) {
        var results = new ArrayList<EmailOrder.Result>();
        var open = new ArrayList<Candidate>();
        Source.Stretch page = from.page(view, size);
        for (ArrivalId id : page.ids()) {
            Candidate one = Candidate.of(view, threads, id);
            if (one == null) continue;
            switch (filter.matches().about(one)) {
                case NO -> {}
                case YES -> results.add(order.result(one));
                case UNKNOWN -> {
                    order.result(one); // reads what it needs while the view is there to read from
                    one.summary();
                    open.add(one);
                }
            }
        }
        return new Looked(results, open, page.next());
    }

    /// Where candidates come from: one mailbox in UID order, or the whole account.
    private record Source(@Nullable MailboxId mailbox, Uid uid, @Nullable ArrivalId after, boolean ended) {
        private record Stretch(List<ArrivalId> ids, Source next) {}

        Stretch page(View view, int count) {
            if (mailbox == null) {
                List<ArrivalId> page = view.emails(after, count);
                ArrivalId last = page.isEmpty() ? after : page.getLast();
                return new Stretch(page, new Source(null, uid, last, page.size() < count));
            }
            List<Placement> page = view.placements(mailbox, uid, count);
            boolean end = page.size() < count || page.getLast().uid().equals(Uid.LAST);
            Uid next = end ? uid : Uid.of(page.getLast().uid().value() + 1);
            return new Stretch(page.stream().map(Placement::email).toList(), new Source(mailbox, next, null, end));
        }
    }
}
