package casella.jmap;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.delivery.Admission;
import casella.delivery.Content;
import casella.delivery.DeliveryOutcome;
import casella.delivery.Envelope;
import casella.delivery.Recipient;
import casella.delivery.Trace;
import casella.directory.Identity;
import casella.jmap.EmailWish.Wrong;
import casella.jmap.SetAnswer.Made;
import casella.message.Address;
import casella.message.Headers;
import casella.message.Range;
import casella.message.Summary;
import casella.message.envelope.MailOptions;
import casella.store.Account;
import casella.store.DocumentKind;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One email being sent: who may send it, to whom it goes, and what became of it. RFC 8621 §7.5.
///
/// All recipients are checked before any gets it; it is then delivered to each and answered when
/// each is decided.
final class Submission {
    private static final int RECIPIENTS_MAX = 100;
    private static final Set<String> PROPERTIES = Set.of("identityId", "emailId", "envelope", "undoStatus");
    private static final Set<String> BLIND = Set.of("Bcc", "Resent-Bcc");

    private final Call call;
    private final Account account;
    private final ObjectNode record;

    private Submission(Call call, Account account, ObjectNode record) {
        this.call = call;
        this.account = account;
        this.record = record;
    }

    /// Sends an email and keeps a record of it.
    static Made create(Call call, Account account, ObjectNode record) {
        try {
            return new Submission(call, account, record).send();
        } catch (Wrong wrong) {
            return new Made.Refused(wrong.error());
        }
    }

    private Made send() throws Wrong {
        for (String property : record.propertyNames()) {
            if (!PROPERTIES.contains(property)) throw new Wrong(property, "cannot be set");
        }
        Identity identity = identity();
        EmailGet.Found found = email();
        Summary summary = found.summary();
        if (summary == null) throw new Wrong("emailId", "no such email");
        checkFrom(summary.envelope());
        JsonNode given = record.get("envelope");
        boolean derived = given == null || given.isNull();
        String sender = derived ? sender(summary.envelope(), identity) : mailFrom(given);
        if (!maySend(sender)) throw new Wrong(SetError.of(SetError.Type.FORBIDDEN_MAIL_FROM));
        List<String> addresses = derived ? recipients(summary.envelope()) : rcptTo(given);
        if (addresses.isEmpty()) throw new Wrong(SetError.of(SetError.Type.NO_RECIPIENTS));
        if (addresses.size() > RECIPIENTS_MAX) {
            throw new Wrong(SetError.tooMany(SetError.Type.TOO_MANY_RECIPIENTS, RECIPIENTS_MAX));
        }
        byte[] mail = withoutBlind(MailBytes.whole(account, found.email()), summary.root().header());
        List<Recipient> admitted = admit(addresses, mail.length);
        Instant now = call.parts().clock().now();
        String id = "s" + call.house().names().next();
        var trace = new Trace(
                call.parts().hostName(), InetAddress.getLoopbackAddress(), call.parts().hostName(), "JMAP",
                        id, now, true);
        var envelope = new Envelope(sender, admitted, MailOptions.NONE, call.caller().account(), trace);
        List<DeliveryOutcome> outcomes = call.parts().delivery().deliver(envelope, Content.of(mail));
        SetError failed = allFailed(outcomes);
        if (failed != null) throw new Wrong(failed);
        ObjectNode kept = json(id, IdentityGet.id(identity), found, sender, addresses, now, status(admitted,
                outcomes));
        keep(id, kept);
        return new Made.Done(Json.object()
                .put("id", id)
                .put("threadId", found.email().thread().toString())
                .put("sendAt", Arguments.Dates.write(now))
                .put("undoStatus", "final"));
    }

    private Identity identity() throws Wrong {
        JsonNode id = record.get("identityId");
        for (Identity one : call.parts().directory().identities(call.caller().account())) {
            if (id != null && id.isString() && IdentityGet.id(one).equals(id.stringValue())) return one;
        }
        throw new Wrong("identityId", "no such identity");
    }

    private EmailGet.Found email() throws Wrong {
        JsonNode text = record.get("emailId");
        var id = text == null || !text.isString() ? null : call.emailId(text.stringValue());
        EmailGet.Found found = id == null ? null : account.read(view -> EmailGet.found(view, id, true));
        if (found == null) throw new Wrong("emailId", "no such email");
        return found;
    }

    /// Nobody sends in another's name. RFC 8621 §7.5 `forbiddenFrom`.
    private void checkFrom(casella.message.Envelope envelope) throws Wrong {
        List<Address.Mailbox> from = Address.flat(envelope.from());
        if (from.isEmpty()) throw new Wrong(SetError.invalidEmail(List.of("from"), "From is missing"));
        for (Address.Mailbox one : from) {
            if (!maySend(one.email())) throw new Wrong(SetError.of(SetError.Type.FORBIDDEN_FROM));
        }
        for (Address.Mailbox one : Address.flat(envelope.sender())) {
            if (!maySend(one.email())) throw new Wrong(SetError.of(SetError.Type.FORBIDDEN_FROM));
        }
    }

    private boolean maySend(String address) {
        return call.parts().directory().maySendAs(call.caller().account(), address);
    }

    /// RFC 8621 §7: Sender if there is one, else the first From.
    private static String sender(casella.message.Envelope envelope, Identity identity) {
        List<Address.Mailbox> all = Address.flat(envelope.senderOrFrom());
        return all.isEmpty() ? identity.address() : all.getFirst().email();
    }

    private static List<String> recipients(casella.message.Envelope envelope) {
        var all = new ArrayList<Address>(envelope.to());
        all.addAll(envelope.cc());
        all.addAll(envelope.bcc());
        return unique(Address.flat(all).stream().map(Address.Mailbox::email).toList());
    }

    private static String mailFrom(JsonNode envelope) throws Wrong {
        JsonNode from = envelope.get("mailFrom");
        if (from == null) throw new Wrong("envelope", "mailFrom must be given");
        return address(from);
    }

    private static List<String> rcptTo(JsonNode envelope) throws Wrong {
        JsonNode to = envelope.get("rcptTo");
        if (to == null || !to.isArray()) throw new Wrong("envelope", "rcptTo must be given");
        var out = new ArrayList<String>();
        for (JsonNode one : to) out.add(address(one));
        return unique(out);
    }

    /// No extension of SMTP is offered, so no parameter has a meaning. RFC 8621 §7.
    private static String address(JsonNode node) throws Wrong {
        JsonNode email = node.get("email");
        JsonNode parameters = node.get("parameters");
        if (email == null || !email.isString()) throw new Wrong("envelope", "must hold Address objects");
        if (parameters != null && !parameters.isNull() && !parameters.isEmpty()) {
            throw new Wrong("envelope", "no parameters are offered");
        }
        return email.stringValue();
    }

    private static List<String> unique(List<String> addresses) {
        var out = new LinkedHashMap<String, String>();
        for (String one : addresses) out.putIfAbsent(one.toLowerCase(Locale.ROOT), one);
        return List.copyOf(out.values());
    }

    /// Checks every recipient before any is served.
    private List<Recipient> admit(List<String> addresses, int bytes) throws Wrong {
        var admitted = new ArrayList<Recipient>();
        var invalid = new ArrayList<String>();
        var remote = new ArrayList<String>();
        var full = new ArrayList<String>();
        for (String address : addresses) {
            if (!wellFormed(address) || call.parts().delivery().isWayBack(address)) {
                invalid.add(address);
                continue;
            }
            switch (call.parts().delivery().admit(address, bytes, call.caller().account())) {
                case Admission.Admitted(Recipient recipient) -> admitted.add(recipient);
                case Admission.NotOurs _ -> remote.add(address);
                case DeliveryOutcome.NoSuchRecipient _ -> invalid.add(address);
                case DeliveryOutcome.Disabled _ -> invalid.add(address);
                case DeliveryOutcome.OverQuota _ -> full.add(address);
                case DeliveryOutcome.TryLater(Fault fault) -> throw new Wrong(Faults.setError(fault));
            }
        }
        if (!invalid.isEmpty()) throw new Wrong(SetError.invalidRecipients(invalid,
                "Nobody has that address"));
        if (!full.isEmpty()) throw new Wrong(SetError.invalidRecipients(full, "That mailbox is full"));
        if (!remote.isEmpty()) {
            throw new Wrong(SetError.of(
                    SetError.Type.FORBIDDEN_TO_SEND, "Not an address of this server: " + String.join(", ",
                            remote)));
        }
        allowed(admitted);
        return admitted;
    }

    /// What owners may send to other servers is counted as for mail programs. RFC 8620 §5.3 `rateLimit`.
    private void allowed(List<Recipient> admitted) throws Wrong {
        int elsewhere = (int) admitted.stream().filter(Recipient.Remote.class::isInstance).count();
        if (elsewhere == 0) return;
        var exceeded = call.parts().sending().take(call.caller().account(), elsewhere, true);
        if (exceeded.isPresent()) throw new Wrong(SetError.of(SetError.Type.RATE_LIMIT,
                exceeded.get().sentence()));
    }

    private static boolean wellFormed(String address) {
        int at = address.lastIndexOf('@');
        if (at <= 0 || at == address.length() - 1 || address.length() > 254) return false;
        return address.chars().allMatch(c -> c > ' ' && c != 0x7F && "<>,;".indexOf(c) < 0);
    }

    /// RFC 8621 §7.5: no recipient learns of a blind one.
    static byte[] withoutBlind(byte[] mail, Range header) {
        byte[] shown = Headers.filtered(mail, header, BLIND, true);
        byte[] out = new byte[shown.length + mail.length - header.end()];
        System.arraycopy(shown, 0, out, 0, shown.length);
        System.arraycopy(mail, header.end(), out, shown.length, mail.length - header.end());
        return out;
    }

    /// Returns why nothing was sent; null when somebody got it.
    private static @Nullable SetError allFailed(List<DeliveryOutcome> outcomes) {
        SetError error = null;
        for (DeliveryOutcome outcome : outcomes) {
            switch (outcome) {
                case DeliveryOutcome.Kept _, DeliveryOutcome.Queued _ -> {
                    return null;
                }
                case DeliveryOutcome.TryLater(Fault fault) -> error = Faults.setError(fault);
                case DeliveryOutcome.Refused(var why) -> error = SetError.of(SetError.Type.FORBIDDEN_TO_SEND,
                        why.text());
                case DeliveryOutcome.OverQuota _, DeliveryOutcome.NoSuchRecipient _,
                        DeliveryOutcome.Disabled _ -> {
                    if (error == null) error = SetError.of(SetError.Type.FORBIDDEN_TO_SEND,
                            "No recipient took it");
                }
            }
        }
        return error;
    }

    /// RFC 8621 §7: "queued" is in a local mail queue.
    private static String delivered(DeliveryOutcome outcome) {
        if (outcome instanceof DeliveryOutcome.Queued) return "queued";
        return outcome.accepted() ? "yes" : "no";
    }

    /// DeliveryStatus by recipient. RFC 8621 §7.
    private static ObjectNode status(List<Recipient> recipients, List<DeliveryOutcome> outcomes) {
        ObjectNode out = Json.object();
        for (int i = 0; i < recipients.size(); i++) {
            String reply = switch (outcomes.get(i)) {
                case DeliveryOutcome.Kept _, DeliveryOutcome.Queued _ -> "250 2.1.5 Kept";
                case DeliveryOutcome.OverQuota _ -> "552 5.2.2 Mailbox full";
                case DeliveryOutcome.NoSuchRecipient _ -> "550 5.1.1 No such mailbox";
                case DeliveryOutcome.Disabled _ -> "550 5.2.1 Mailbox disabled";
                case DeliveryOutcome.Refused(var why) -> why.code() + " " + why.enhanced() + " " + why.text();
                case DeliveryOutcome.TryLater _ -> "451 4.3.0 Try again later";
            };
            out.putObject(recipients.get(i).address())
                    .put("smtpReply", reply)
                    .put("delivered", delivered(outcomes.get(i)))
                    .put("displayed", "unknown");
        }
        return out;
    }

    private static ObjectNode json(
            String id,
            String identity,
            EmailGet.Found found,
            String sender,
            List<String> addresses,
            Instant at,
            ObjectNode status) {
        ObjectNode out = Json.object().put("id", id).put("identityId", identity);
        out.put("emailId", found.email().id().toString());
        out.put("threadId", found.email().thread().toString());
        ObjectNode envelope = out.putObject("envelope");
        envelope.putObject("mailFrom").put("email", sender).putNull("parameters");
        var to = envelope.putArray("rcptTo");
        for (String address : addresses) to.addObject().put("email", address).putNull("parameters");
        out.put("sendAt", Arguments.Dates.write(at)).put("undoStatus", "final");
        out.set("deliveryStatus", status);
        out.set("dsnBlobIds", Json.array());
        out.set("mdnBlobIds", Json.array());
        return out;
    }

    /// The mail is with its recipients: a record that cannot be kept is no reason to say
    /// otherwise.
    private void keep(String id, ObjectNode kept) {
        try {
            account.putDocument(DocumentKind.SUBMISSION, id, Json.write(kept));
        } catch (Fault fault) {
            Log.event(Event.JMAP_CALL_FAILED, fault, "method", "EmailSubmission/set", "account",
                    account.id());
        }
    }

    /// Returns the records of an account by id.
    static Map<String, ObjectNode> all(Map<String, byte[]> documents) {
        var out = new LinkedHashMap<String, ObjectNode>();
        documents.forEach((id, bytes) -> out.put(id, read(bytes)));
        return out;
    }

    static ObjectNode read(byte[] document) {
        try {
            return (ObjectNode) Json.read(document);
        } catch (Json.NotJson | ClassCastException e) {
            throw new Fault.Corrupt("A submission's record cannot be read", Map.of("bytes", document.length),
                    e);
        }
    }
}
