package casella.server.staff;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.HelpDesk.Help;
import casella.base.HelpDesk.Scope;
import casella.base.MailboxId;
import casella.directory.Registrar;
import casella.incident.help.HelpWords;
import casella.incident.help.Helps;
import casella.incident.voice.Voice;
import casella.message.Address;
import casella.message.Envelope;
import casella.message.Part;
import casella.message.SearchText;
import casella.message.Summary;
import casella.server.control.HelpOrder;
import casella.server.control.Json;
import casella.server.control.LocalOperations;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Body;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.View;
import java.io.Reader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Looks inside a mailbox for whoever its owner allows it, as far as the owner said; changes nothing in it. Hands on all other orders.
///
/// A look is written down where the owner reads it before anything is read; one that then finds nothing is there all the same.
public final class HelpOrders implements Operations {
    private static final int MESSAGES_MAX = 50;
    private static final int TEXT_CHARS_MAX = 64 << 10;
    private static final int SKIPPED_MAX = 10_000;
    private static final Pattern MAILBOX = Pattern.compile("m[1-9][0-9]{0,8}");

    private final Operations operations;
    private final Sources sources;

    /// What a look needs.
    ///
    /// @param voice tells the owner that it began
    public record Sources(Registrar registrar, Accounts accounts, Helps helps, Voice voice, Clock clock) {}

    /// @param operations carries out all others
    public HelpOrders(Operations operations, Sources sources) {
        this.operations = operations;
        this.sources = sources;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof HelpOrder about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case HelpOrder.HelpBegin(String account, String code) -> begin(id(account), code);
                case HelpOrder.HelpShow(String account) -> show(id(account));
                case HelpOrder.HelpFolders(String account) -> folders(id(account), out);
                case HelpOrder.HelpMessages messages -> messages(id(messages.account()), messages, out);
                case HelpOrder.HelpMessage(String account, String email) -> message(id(account), email);
                case HelpOrder.HelpEnd(String account) -> end(id(account));
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private AccountId id(String account) {
        return LocalOperations.id(sources.registrar(), account);
    }

    private Outcome begin(AccountId account, String code) {
        Help help = sources.helps().begin(account, code, Audit.by());
        return new Outcome.Done(json(help).put("told", told(account, help)));
    }

    private Outcome show(AccountId account) {
        return new Outcome.Done(sources.helps().running(account, Audit.by()).map(HelpOrders::json)
                .orElseGet(() -> Json.object().putNull("scope").putNull("until")));
    }

    private Outcome end(AccountId account) {
        var running = sources.helps().running(account, Audit.by());
        running.ifPresent(help -> sources.helps().end(account, help.id()));
        return new Outcome.Done(Json.object().put("ended", running.isPresent()));
    }

    private static ObjectNode json(Help help) {
        return Json.object().put("scope", help.scope().word()).put("until", help.until().toString());
    }

    /// Tells the owner by a message that somebody helps, once; what cannot be told now is tried again with the next look.
    private boolean told(AccountId account, Help help) {
        if (sources.helps().told(help.id())) return true;
        Instant began = help.began() == null ? sources.clock().now() : help.began();
        var occasion = new Voice.Occasion("help-" + help.id(), began);
        Voice.Told told = sources.voice().tell(account, occasion, (language, _) ->
                new HelpWords(help, person(help.by())).in(language));
        if (told != Voice.Told.LATER) sources.helps().tell(help.id());
        return told == Voice.Told.TOLD;
    }

    /// Returns a name as the owner is told it.
    static String person(String by) {
        return by.startsWith("staff:") ? by.substring("staff:".length()) : by;
    }

    private Account looking(AccountId account, Scope what, String about) {
        told(account, sources.helps().looks(account, Audit.by(), what, about));
        return sources.accounts().open(account);
    }

    private Outcome folders(AccountId id, Output out) {
        List<Mailbox> all = looking(id, Scope.FOLDERS, "").read(View::mailboxes);
        for (Mailbox one : all) {
            out.row(Json.object().put("id", one.id().toString()).put("name", one.name())
                    .put("role", one.role() == null ? null : one.role().name().toLowerCase(Locale.ROOT))
                    .put("emails", one.count()).put("unread", one.unseen()).put("bytes", one.bytes()));
        }
        return new Outcome.Done(Json.object().put("folders", all.size()));
    }

    /// A mail in a list.
    private record Listed(Email email, boolean seen, @Nullable Summary summary) {}

    private Outcome messages(AccountId id, HelpOrder.HelpMessages order, Output out) {
        if (order.limit() < 1 || order.limit() > MESSAGES_MAX) {
            throw new IllegalArgumentException("limit: must be 1 to " + MESSAGES_MAX);
        }
        if (order.position() < 0 || order.position() > SKIPPED_MAX) {
            throw new IllegalArgumentException("position: must be 0 to " + SKIPPED_MAX);
        }
        if (!MAILBOX.matcher(order.folder()).matches()) {
            throw new IllegalArgumentException("folder: must be an id that help-folders says");
        }
        var folder = new MailboxId(Integer.parseInt(order.folder().substring(1)));
        Account account = looking(id, Scope.MESSAGES, folder.toString());
        View.@Nullable ByReceived last = null;
        for (int left = order.position(); left > 0; ) {
            View.@Nullable ByReceived after = last;
            int page = Math.min(left, View.PAGE_MAX);
            List<View.ByReceived> skipped = account.read(view -> view.byReceived(folder, true, after, page));
            if (skipped.isEmpty()) return new Outcome.Done(Json.object().put("emails", 0));
            last = skipped.getLast();
            left -= skipped.size();
        }
        View.@Nullable ByReceived after = last;
        List<Listed> page = account.read(view -> listed(view, folder, after, order.limit()));
        page.forEach(one -> out.row(row(one)));
        return new Outcome.Done(Json.object().put("emails", page.size()));
    }

    private static List<Listed> listed(
            View view, MailboxId folder, View.@Nullable ByReceived after, int limit) {
        if (view.mailbox(folder) == null) throw new IllegalArgumentException("folder: there is none with that id");
        var all = new ArrayList<Listed>();
        for (View.ByReceived one : view.byReceived(folder, true, after, limit)) {
            Email email = view.email(one.email());
            if (email == null) continue;
            all.add(new Listed(email, view.keywords(email).has(Keywords.SEEN), view.summary(one.email())));
        }
        return all;
    }

    private static ObjectNode row(Listed one) {
        Email email = one.email();
        ObjectNode out = Json.object().put("id", email.id().toString()).put("received", email.received().toString())
                .put("size", email.size()).put("seen", one.seen());
        headers(out, one.summary());
        return out;
    }

    private static void headers(ObjectNode out, @Nullable Summary summary) {
        Envelope envelope = summary == null ? null : summary.envelope();
        out.put("from", envelope == null ? "" : from(envelope.from()));
        out.put("subject", envelope == null || envelope.subject() == null ? "" : envelope.subject());
        out.put("attachments", summary != null && summary.hasAttachment());
    }

    private static String from(List<Address> from) {
        for (Address one : from) {
            if (one instanceof Address.Mailbox sender) {
                return sender.name() == null ? sender.email() : sender.name() + " <" + sender.email() + ">";
            }
        }
        return "";
    }

    private Outcome message(AccountId id, String email) {
        ArrivalId arrival = ArrivalId.parse(email);
        Account account = looking(id, Scope.CONTENTS, arrival.toString());
        Listed one = account.read(view -> {
            Email found = view.email(arrival);
            if (found == null) throw new IllegalArgumentException("email: there is none with that id");
            return new Listed(found, view.keywords(found).has(Keywords.SEEN), view.summary(arrival));
        });
        byte[] raw = switch (account.body(one.email())) {
            case Body.Present(byte[] bytes) -> bytes;
            case Body.Unavailable(Fault why) -> throw why;
        };
        Summary summary = one.summary() == null ? Summary.of(raw) : one.summary();
        ObjectNode out = row(one);
        String text = SearchText.shown(raw, summary, TEXT_CHARS_MAX).strip();
        String cut = cut(text);
        out.put("text", cut).put("truncated", cut.length() < text.length() || text.length() >= TEXT_CHARS_MAX);
        names(out.putArray("files"), summary.root());
        return new Outcome.Done(out);
    }

    /// Returns at most 64 KiB of UTF-8, no character cut.
    private static String cut(String text) {
        if (text.getBytes(UTF_8).length <= TEXT_CHARS_MAX) return text;
        int end = 0;
        for (int bytes = 0; end < text.length(); ) {
            int c = text.codePointAt(end);
            bytes += new String(Character.toChars(c)).getBytes(UTF_8).length;
            if (bytes > TEXT_CHARS_MAX) break;
            end += Character.charCount(c);
        }
        return text.substring(0, end);
    }

    private static void names(ArrayNode out, Part part) {
        if (part.isAttachment()) out.add(part.name() == null ? "" : part.name());
        for (Part child : part.children()) names(out, child);
    }
}
