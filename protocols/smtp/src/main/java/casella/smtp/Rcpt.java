package casella.smtp;

import casella.delivery.Admission;
import casella.delivery.DeliveryOutcome;
import casella.smtp.Command.Turn;

/// RCPT: names one recipient. RFC 5321 §4.1.1.3.
record Rcpt(Path recipient) implements Command.WhenMailing {
    private static final String USAGE = "RCPT TO:<recipient>";

    /// `"RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters]`
    static Rcpt parse(Arguments in) {
        in.word("TO:", USAGE);
        Path recipient = in.path("5.1.3");
        if (recipient.isNull()) throw new Refusal(501, "5.1.3", "Not an address: it is empty");
        for (String keyword : in.parameters().keySet()) {
            throw new Refusal(555, "5.5.4", "Unknown parameter " + keyword);
        }
        return new Rcpt(recipient);
    }

    @Override
    public Turn run(State.Mailing state, Session session) {
        if (!state.mail().utf8() && !recipient.ascii()) { // RFC 6531 §3.5
            return new Turn(state, new Reply.Refused(553, "5.6.7", "Say SMTPUTF8 to use this address"));
        }
        if (state.recipients().size() >= session.config().recipientsMax()) { // RFC 5321 §4.5.3.1.10
            return new Turn(state, new Reply.Later(452, "4.5.3", "Too many recipients, send to the rest later"));
        }
        return switch (session.delivery().admit(address(session), state.mail().bytes())) {
            case Admission.Admitted(var admitted) ->
                new Turn(state.with(admitted), new Reply.Done(250, "2.1.5", "Recipient taken"));
            case Admission.NotOurs _ -> new Turn(state, notOurs(session.door()));
            case DeliveryOutcome.NoSuchRecipient _ -> new Turn(state, Replies.NO_SUCH_RECIPIENT);
            case DeliveryOutcome.Disabled _ -> notTaken(state, session, Replies.DISABLED);
            case DeliveryOutcome.OverQuota _ -> notTaken(state, session, Replies.OVER_QUOTA);
            case DeliveryOutcome.TryLater(var fault) -> notTaken(state, session, Replies.of(fault));
        };
    }

    private Turn notTaken(State.Mailing state, Session session, Reply reply) {
        session.notTaken(state, address(session), reply.code(), reply.sentence(), "");
        return new Turn(state, reply);
    }

    /// Returns whom it is for: postmaster without a domain is the postmaster of this host, else of the domain the host is
    /// in. RFC 5321 §4.1.1.3, §4.5.1
    private String address(Session session) {
        if (!recipient.domain().isEmpty()) return recipient.text();
        String host = session.config().hostName();
        String domain = session.directory().serves(host) ? host : host.substring(host.indexOf('.') + 1);
        return recipient.local() + "@" + domain;
    }

    private static Reply notOurs(Door door) {
        return switch (door) {
            case MX, LMTP -> new Reply.Refused(550, "5.7.1", "This domain is not served here");
            case SUBMISSION -> new Reply.Refused(550, "5.7.1", "Relaying to other servers is not available yet");
        };
    }
}
