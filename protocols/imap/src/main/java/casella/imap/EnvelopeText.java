package casella.imap;

import casella.message.Address;
import casella.message.Envelope;
import java.io.IOException;
import java.util.List;

/// Writes ENVELOPE. RFC 9051 §7.5.2.
final class EnvelopeText {
    private EnvelopeText() {}

    static void write(Envelope envelope, Output out) throws IOException {
        out.text("(").string(envelope.dateText());
        out.text(" ").string(envelope.subjectText());
        addresses(envelope.from(), out);
        addresses(envelope.senderOrFrom(), out);
        addresses(envelope.replyToOrFrom(), out);
        addresses(envelope.to(), out);
        addresses(envelope.cc(), out);
        addresses(envelope.bcc(), out);
        out.text(" ").string(envelope.inReplyToText());
        out.text(" ").string(envelope.messageIdText());
        out.text(")");
    }

    private static void addresses(List<Address> addresses, Output out) throws IOException {
        if (addresses.isEmpty()) {
            out.text(" NIL");
            return;
        }
        out.text(" (");
        for (Address address : addresses) {
            switch (address) {
                case Address.Mailbox mailbox -> one(mailbox, out);
                case Address.Group group -> {
                    out.text("(NIL NIL ").string(group.nameText()).text(" NIL)");
                    for (Address.Mailbox member : group.members()) one(member, out);
                    out.text("(NIL NIL NIL NIL)");
                }
            }
        }
        out.text(")");
    }

    /// A host of NIL would open a group, so a mailbox without a domain has an empty one.
    private static void one(Address.Mailbox mailbox, Output out) throws IOException {
        out.text("(").string(mailbox.nameText());
        out.text(" NIL ").string(mailbox.local());
        out.text(" ").string(mailbox.domain()).text(")");
    }
}
