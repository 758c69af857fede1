package casella.smtp;

import casella.base.Fault;
import casella.delivery.DeliveryOutcome;
import java.util.List;

/// The one place where faults and outcomes become replies. RFC 5321 §4.2.3, RFC 3463 §3.
final class Replies {
    static final Reply.Refused LF_ALONE = new Reply.Refused(500, "5.5.2", "Lines must end with CRLF");
    static final Reply.Refused CR_ALONE = new Reply.Refused(500, "5.5.2", "A carriage return must end a line");
    static final Reply.Refused LINE_TOO_LONG = new Reply.Refused(500, "5.5.2", "Line too long");
    static final Reply.Refused NOT_UTF8 = new Reply.Refused(500, "5.5.2", "Commands must be UTF-8");
    static final Reply.Refused UNKNOWN = new Reply.Refused(500, "5.5.1", "Unknown command");
    static final Reply.Refused HELLO_FIRST = new Reply.Refused(503, "5.5.1", "Say EHLO first");
    static final Reply.Refused HELLO_FIRST_LMTP = new Reply.Refused(503, "5.5.1", "Say LHLO first");
    static final Reply.Refused MAIL_FIRST = new Reply.Refused(503, "5.5.1", "MAIL first");
    static final Reply.Refused MAIL_OPEN = new Reply.Refused(503, "5.5.1", "Not while a message is being sent");
    static final Reply.Refused CHUNKS_OPEN =
            new Reply.Refused(503, "5.5.1", "BDAT has begun this message, go on with it or say RSET");

    static final Reply.Refused NO_SUCH_RECIPIENT = new Reply.Refused(550, "5.1.1", "No such recipient here");
    static final Reply.Refused DISABLED = new Reply.Refused(550, "5.2.1", "This recipient takes no mail now");
    static final Reply.Later OVER_QUOTA = new Reply.Later(452, "4.2.2", "The recipient's mailbox is full");
    static final Reply.Refused TOO_LARGE = new Reply.Refused(552, "5.3.4", "Message too large");
    static final Reply.Later NO_ROOM = new Reply.Later(452, "4.3.1", "Too much mail at once, try again later");
    static final Reply.Refused BARE_LINE_END =
            new Reply.Refused(554, "5.6.0", "A bare CR or LF is in the message; lines must end with CRLF");
    static final Reply.Refused LOOP = new Reply.Refused(554, "5.4.6", "The message has gone in circles");

    private Replies() {}

    /// docs/ has this table for all protocols; style.md names it.
    static Reply of(Fault fault) {
        return switch (fault) {
            case Fault.Unavailable _ -> new Reply.Later(451, "4.3.0", "Try again later");
            // What is damaged here is no reason to give the message back: it is kept by its sender until mended.
            case Fault.Corrupt _ -> new Reply.Later(451, "4.3.0", "Try again later");
            case Fault.Exhausted _ -> NO_ROOM;
        };
    }

    /// Returns the reply to a message for one recipient.
    static Reply of(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DeliveryOutcome.Kept(var arrival) -> new Reply.Done(250, "2.0.0", "Kept as " + arrival);
            case DeliveryOutcome.Queued(var arrival) -> new Reply.Done(250, "2.0.0", "Kept as " + arrival);
            case DeliveryOutcome.OverQuota _ -> OVER_QUOTA;
            case DeliveryOutcome.NoSuchRecipient _ -> NO_SUCH_RECIPIENT;
            case DeliveryOutcome.Disabled _ -> DISABLED;
            case DeliveryOutcome.Refused(var why) -> new Reply.Refused(why.code(), why.enhanced(), why.text());
            case DeliveryOutcome.TryLater(var fault) -> of(fault);
        };
    }

    /// Returns the one reply to a message for several recipients: kept for all, or to be sent again to all
    /// (docs/decisions/0026).
    ///
    /// @param id what to call it in our logs
    static Reply of(List<DeliveryOutcome> outcomes, String id) {
        if (outcomes.size() == 1) return of(outcomes.getFirst());
        DeliveryOutcome worst = outcomes.getFirst();
        boolean some = false;
        for (DeliveryOutcome outcome : outcomes) {
            if (weight(outcome) > weight(worst)) worst = outcome;
            some |= outcome.accepted();
        }
        if (worst.accepted()) return new Reply.Done(250, "2.0.0", "Kept as " + id);
        Reply reply = of(worst);
        // A recipient that vanished since RCPT is told of at RCPT when the message comes again.
        if (reply instanceof Reply.Refused && some) return new Reply.Later(451, "4.3.0", "Try again later");
        return reply;
    }

    private static int weight(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DeliveryOutcome.Kept _, DeliveryOutcome.Queued _ -> 0;
            case DeliveryOutcome.NoSuchRecipient _, DeliveryOutcome.Disabled _, DeliveryOutcome.Refused _ -> 1;
            case DeliveryOutcome.OverQuota _ -> 2;
            case DeliveryOutcome.TryLater _ -> 3;
        };
    }
}
