package casella.smtp;

import casella.base.AccountId;
import casella.delivery.Admission;
import casella.delivery.DeliveryOutcome;
import casella.delivery.Recipient;
import casella.delivery.SendingAllowance;
import casella.message.envelope.Notify;
import casella.message.envelope.Xtext;
import casella.smtp.Command.Turn;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// RCPT: names one recipient. RFC 5321 §4.1.1.3.
///
/// @param wants what the sender is to be told of it
record Rcpt(Path recipient, Notify wants) implements Command.WhenMailing {
    private static final String USAGE = "RCPT TO:<recipient>";
    /// RFC 5321 §4.1.2
    private static final Pattern ATOM = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}");
    /// RFC 6533 §3: `utf-8-addr-xtext`.
    private static final Pattern UTF8_XTEXT = Pattern.compile("([!-*,-<>-\\[\\]-~]|\\\\x\\{[0-9A-F]{2,6}\\})+");

    /// `"RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters]`
    static Rcpt parse(Arguments in) {
        in.word("TO:", USAGE);
        Path recipient = in.path("5.1.3");
        if (recipient.isNull()) throw new Refusal(501, "5.1.3", "Not an address: it is empty");
        Notify wants = Notify.UNSAID;
        String original = "";
        for (Map.Entry<String, String> parameter : in.parameters().entrySet()) {
            switch (parameter.getKey()) {
                case "NOTIFY" -> wants = Notify.parse(parameter.getValue()).orElseThrow(() -> new Refusal(
                        501, "5.5.4", "NOTIFY must be NEVER, or some of SUCCESS, FAILURE, DELAY"));
                case "ORCPT" -> original = original(parameter.getValue());
                default -> throw new Refusal(555, "5.5.4", "Unknown parameter " + parameter.getKey());
            }
        }
        return new Rcpt(recipient, wants.of(original));
    }

    /// `addr-type ";" xtext`, printable ASCII within (RFC 3461 §4.2). An address of type `utf-8` may come as it is
    /// (RFC 6533 §3); it is kept in the form that fits everywhere.
    private static String original(String value) {
        int mark = value.indexOf(';');
        String type = mark < 0 ? "" : value.substring(0, mark);
        String address = value.substring(mark + 1);
        boolean utf8 = type.equalsIgnoreCase("utf-8");
        if (utf8) address = embedded(address);
        boolean fits = ATOM.matcher(type).matches() && !address.isEmpty()
                && type.length() + 1 + address.length() <= Notify.ORIGINAL_CHARS_MAX
                && (utf8 ? UTF8_XTEXT.matcher(address).matches()
                        : Xtext.decode(address).filter(Mail::printable).isPresent());
        if (!fits) throw new Refusal(501, "5.5.4", "ORCPT must be a type, ; and xtext, of at most 500 characters");
        return type + ";" + address;
    }

    /// RFC 6533 §3: `\\x{3B1}`.
    private static String embedded(String address) {
        var out = new StringBuilder(address.length());
        address.codePoints().forEach(c -> {
            if (c < 0x80) out.appendCodePoint(c);
            else out.append("\\x{").append(Integer.toHexString(c).toUpperCase(Locale.ROOT)).append('}');
        });
        return out.toString();
    }

    @Override
    public Turn run(State.Mailing state, Session session) {
        if (!state.mail().options().utf8() && !recipient.ascii()) { // RFC 6531 §3.5
            return new Turn(state, new Reply.Refused(553, "5.6.7", "Say SMTPUTF8 to use this address"));
        }
        if (state.recipients().size() >= session.config().recipientsMax()) { // RFC 5321 §4.5.3.1.10
            return new Turn(state, new Reply.Later(452, "4.5.3",
                    "Too many recipients, send to the rest later"));
        }
        if (!state.mail().sender().text().isEmpty() && session.delivery().isWayBack(address(session))) {
            return new Turn(state, new Reply.Refused(550, "5.7.1", "Only reports are taken for this address"));
        }
        return switch (session.delivery().admit(address(session), state.mail().bytes(), state.client().submitter())) {
            case Admission.Admitted(var admitted) -> admitted(state, session, admitted);
            case Admission.NotOurs _ -> new Turn(state, notOurs(session.door()));
            case DeliveryOutcome.NoSuchRecipient _ -> session.unless(session.visit().unknown(), state,
                    new Turn(state, Replies.NO_SUCH_RECIPIENT));
            case DeliveryOutcome.Disabled _ -> notTaken(state, session, Replies.DISABLED);
            case DeliveryOutcome.OverQuota _ -> notTaken(state, session, Replies.OVER_QUOTA);
            case DeliveryOutcome.TryLater(var fault) -> notTaken(state, session, Replies.of(fault));
        };
    }

    private Turn admitted(State.Mailing state, Session session, Recipient admitted) {
        AccountId submitter = state.client().submitter();
        if (submitter != null && admitted instanceof Recipient.Remote) {
            boolean begins = state.recipients().stream().noneMatch(Recipient.Remote.class::isInstance);
            Optional<SendingAllowance.Exceeded> exceeded = session.sending().take(submitter, 1, begins);
            if (exceeded.isPresent()) {
                return new Turn(state, new Reply.Later(450, "4.7.1", exceeded.get().sentence()));
            }
        }
        Admittance.Answer answer = session.visit().recipient(state.mail().sender().text(), address(session));
        if (!(answer instanceof Admittance.Answer.Fine)) {
            Turn turn = session.unless(answer, state, new Turn(state, Replies.NO_SUCH_RECIPIENT));
            session.notTaken(state, address(session), turn.reply().code(), turn.reply().sentence(), "");
            return turn;
        }
        return new Turn(state.with(admitted.with(wants)), new Reply.Done(250, "2.1.5", "Recipient taken"));
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
            case SUBMISSION -> new Reply.Refused(550, "5.7.1", "Nothing is sent to other servers from here");
        };
    }
}
