package casella.jmap;

import casella.base.ArrivalId;
import casella.message.Range;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Email;
import casella.store.Placement;
import casella.store.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Email/get. RFC 8621 §4.2.
///
/// What a list shows comes from rows and summaries, a page of emails a hop to the engine; only
/// header fields, parts' header fields and body values open the mail, and then only the stretches
/// they need.
final class EmailGet implements Method {
    static final int EMAILS_PER_HOP = 300;

    /// Bytes of mail that one call reads for its answer.
    private static final long BYTES_MAX = 64L << 20;

    /// One email as the engine has it.
    ///
    /// @param summary null if nobody asked for what is in it
    record Found(Email email, List<Placement> shown, @Nullable Summary summary) {}

    @Override
    public String name() {
        return "Email/get";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        call.accountId();
        List<String> ids = GetForm.ids(call, "ids");
        EmailProperties wanted = EmailProperties.read(call.arguments(), false);
        call.arguments().end();
        Account account = call.account();
        String state = account.read(View::modseq).toString();
        if (ids == null) ids = all(call, account);
        var json = new EmailJson(wanted);
        var list = new ArrayList<ObjectNode>();
        var notFound = new ArrayList<String>();
        long bytes = 0;
        for (int from = 0; from < ids.size(); from += EMAILS_PER_HOP) {
            List<String> page = ids.subList(from, Math.min(ids.size(), from + EMAILS_PER_HOP));
            List<@Nullable ArrivalId> arrivals = new ArrayList<>();
            for (String text : page) arrivals.add(call.emailId(text));
            List<@Nullable Found> found = read(account, arrivals, wanted.needsSummary());
            for (int i = 0; i < page.size(); i++) {
                Found one = found.get(i);
                if (one == null) {
                    notFound.add(page.get(i));
                    continue;
                }
                ObjectNode out = Json.object();
                json.metadata(out, one.email(), one.shown());
                if (one.summary() != null) {
                    List<Range> ranges = json.ranges(one.summary());
                    for (Range range : ranges) bytes += range.length();
                    if (bytes > BYTES_MAX) {
                        throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "Bodies of more than 64 MiB");
                    }
                    MailBytes mail = MailBytes.read(account, one.email(), ranges);
                    json.content(out, one.summary(), mail, one.email().id().toString());
                }
                list.add(out);
            }
        }
        return new Answer.Done(GetForm.response(call, state, list, notFound));
    }

    /// Reads emails, one hop; null where there is none that JMAP shows.
    static List<@Nullable Found> read(Account account, List<@Nullable ArrivalId> ids, boolean summaries) {
        return account.read(view -> {
            List<@Nullable Found> out = new ArrayList<>(ids.size());
            for (ArrivalId id : ids) out.add(id == null ? null : found(view, id, summaries));
            return out;
        });
    }

    static @Nullable Found found(View view, ArrivalId id, boolean summaries) {
        Email email = view.email(id);
        if (email == null) return null;
        List<Placement> shown = view.shownPlacements(email);
        if (shown.isEmpty()) return null;
        return new Found(email, shown, summaries ? view.summary(id) : null);
    }

    private static List<String> all(Call call, Account account) {
        int most = call.config().objectsInGetMax();
        List<ArrivalId> ids = account.read(view -> view.emails(null, Math.min(most + 1, View.PAGE_MAX)));
        if (ids.size() >= Math.min(most + 1, View.PAGE_MAX)) {
            throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "maxObjectsInGet is " + most);
        }
        return ids.stream().map(ArrivalId::toString).toList();
    }
}
