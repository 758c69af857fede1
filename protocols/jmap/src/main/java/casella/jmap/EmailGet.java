package casella.jmap;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.message.Range;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Email;
import casella.store.Placement;
import casella.store.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
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
        Set<String> ours = call.uses(Capability.SERVICE) ? Set.of(EmailVoice.PROPERTY) : Set.of();
        EmailProperties wanted = EmailProperties.read(call.arguments(), false, ours);
        call.arguments().end();
        Account account = call.account();
        String state = account.read(View::modseq).toString();
        if (ids == null) ids = all(call, account);
        Optional<EmailVoice> voice = voice(call, account, wanted, ids.size());
        var json = new EmailJson(wanted);
        var list = new ArrayList<ObjectNode>();
        var notFound = new ArrayList<String>();
        var contents = new Contents(account, json, System::nanoTime);
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
                if (one.summary() != null) contents.put(out, one.email(), one.summary());
                voice.ifPresent(judge ->
                        out.put(EmailVoice.PROPERTY, judge.word(one.email(), one.summary())));
                list.add(out);
            }
        }
        contents.end();
        return new Answer.Done(GetForm.response(call, state, list, notFound));
    }

    /// Each costs a reading of bytes at the worst, so few are asked for at once.
    private static Optional<EmailVoice> voice(Call call, Account account, EmailProperties wanted, int count) {
        if (!wanted.wants(EmailVoice.PROPERTY)) return Optional.empty();
        if (count > EmailVoice.EMAILS_MAX) {
            throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "voice of at most " + EmailVoice.EMAILS_MAX);
        }
        return Optional.of(EmailVoice.of(call, account));
    }

    /// What the emails of one call have in them.
    ///
    /// The bytes of one may not be had now, or be lost, while the others' are read. RFC 8620 §5.1 knows no
    /// error of one record, and `notFound` is for "records that do not exist": this one does, and a client
    /// would drop it. So it is answered with all that its rows say, its body values cut at 0 bytes, which
    /// `isTruncated` tells (RFC 8621 §4.1.4); header fields that only the mail has are left out, for null
    /// would say that there are none (RFC 8621 §4.1.2). When emails that cannot be had have taken their time,
    /// the others are answered like them, unread. Where no email's bytes can be had there is nothing to be
    /// saved: the method fails (RFC 8620 §3.6.2), and is asked again.
    static final class Contents {
        /// How long readings that fail may take, all together, where more than one does. Others may take any
        /// time: they are what is asked for.
        private static final Duration PATIENCE = Duration.ofSeconds(10);

        private final Account account;
        private final EmailJson json;
        private final LongSupplier nanos;
        private long bytes;
        private boolean had;
        private @Nullable Fault lacking;
        private int failed;
        private long spent;

        /// @param nanos the time that passes
        Contents(Account account, EmailJson json, LongSupplier nanos) {
            this.account = account;
            this.json = json;
            this.nanos = nanos;
        }

        void put(ObjectNode out, Email email, Summary summary) {
            List<Range> ranges = json.ranges(summary);
            for (Range range : ranges) bytes += range.length();
            if (bytes > BYTES_MAX) {
                throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "Bodies of more than 64 MiB");
            }
            String base = email.id().toString();
            if (failed > 1 && spent >= PATIENCE.toNanos()) {
                end();
                json.content(out, summary, null, base);
                return;
            }
            long began = nanos.getAsLong();
            try {
                ObjectNode content = Json.object();
                json.content(content, summary, MailBytes.read(account, email, ranges), base);
                out.setAll(content);
                had |= !ranges.isEmpty();
            } catch (Fault why) {
                failed++;
                spent += nanos.getAsLong() - began;
                if (lacking == null) lacking = why;
                json.content(out, summary, null, base);
            }
        }

        /// @throws Fault if no bytes could be had
        void end() {
            if (lacking != null && !had) throw lacking;
        }
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
