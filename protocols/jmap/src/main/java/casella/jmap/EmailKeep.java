package casella.jmap;

import casella.jmap.SetAnswer.Made;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Email;
import casella.store.NewEmail;
import casella.store.Outcome;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// Puts a mail that a client wrote or brought into the account.
final class EmailKeep {
    /// Longer mails are looked through on the CPU bulkhead, not on the caller's carrier.
    private static final int INLINE_BYTES = 64 << 10;

    private static final Duration SUMMARY_TIME = Duration.ofSeconds(30);

    private EmailKeep() {}

    static Made keep(Call call, Account account, byte[] mail, EmailWish wish) {
        Summary summary = summary(call, mail);
        Instant received = wish.received() == null ? call.parts().clock().now() : wish.received();
        var email = new NewEmail(mail, summary, received, "", "", wish.mailboxes(), wish.keywords());
        return switch (account.add(email)) {
            case Outcome.Kept(Email kept, var _) -> new Made.Done(properties(kept));
            case Outcome.OverQuota _ -> new Made.Refused(SetError.of(SetError.Type.OVER_QUOTA));
            case Outcome.NoMailbox _ -> new Made.Refused(SetError.invalid("mailboxIds", "no such mailbox"));
        };
    }

    static Summary summary(Call call, byte[] mail) {
        if (mail.length <= INLINE_BYTES) return Summary.of(mail);
        return call.parts().cpu().call(SUMMARY_TIME, () -> Summary.of(mail));
    }

    /// What the server sets. RFC 8621 §4.6.
    private static ObjectNode properties(Email email) {
        return Json.object()
                .put("id", email.id().toString())
                .put("blobId", email.blob().toString())
                .put("threadId", email.thread().toString())
                .put("size", email.size());
    }
}
