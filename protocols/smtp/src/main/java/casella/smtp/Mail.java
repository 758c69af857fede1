package casella.smtp;

import casella.directory.Account;
import casella.message.envelope.Body;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Ret;
import casella.message.envelope.Xtext;
import casella.smtp.Command.Turn;
import java.util.Map;

/// MAIL: begins a message and names its sender. RFC 5321 §4.1.1.2.
///
/// @param sender  where failures are told; `<>` for none
/// @param bytes   size as announced, 0 if it was not. RFC 1870 §6
/// @param options how the message is to be carried
record Mail(Path sender, long bytes, MailOptions options) implements Command.WhenIdle {
    private static final String USAGE = "MAIL FROM:<sender>";

    /// `"MAIL FROM:" Reverse-path [SP Mail-parameters]`
    static Mail parse(Arguments in) {
        in.word("FROM:", USAGE);
        Path sender = in.path("5.1.7");
        if (sender.domain().isEmpty() && !sender.isNull()) {
            throw new Refusal(501, "5.1.7", "Not an address: it has no domain");
        }
        long bytes = 0;
        var body = Body.SEVEN_BIT;
        boolean utf8 = false;
        var ret = Ret.UNSAID;
        String envid = "";
        int priority = 0;
        for (Map.Entry<String, String> parameter : in.parameters().entrySet()) {
            String value = parameter.getValue();
            switch (parameter.getKey()) {
                case "SIZE" -> bytes = size(value);
                case "BODY" -> body = body(value);
                case "SMTPUTF8" -> {
                    if (!value.isEmpty()) throw new Refusal(501, "5.5.4", "SMTPUTF8 takes no value");
                    utf8 = true;
                }
                case "RET" -> ret = ret(value);
                case "ENVID" -> envid = envid(value);
                case "MT-PRIORITY" -> priority = priority(value);
                case "AUTH" -> {} // RFC 4954 §5: who the sender's server believes; nothing here depends on it
                default -> throw new Refusal(555, "5.5.4", "Unknown parameter " + parameter.getKey());
            }
        }
        return new Mail(sender, bytes, new MailOptions(body, utf8, ret, envid, priority));
    }

    /// RFC 1870 §4: up to 20 digits.
    private static long size(String value) {
        if (!value.matches("[0-9]{1,20}")) throw new Refusal(501, "5.5.4", "SIZE must be a number");
        return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
    }

    /// RFC 6152 §2, RFC 3030 §3. Lines of any bytes but CR and LF are taken whatever was said here.
    private static Body body(String value) {
        return Body.parse(value).orElseThrow(
                () -> new Refusal(555, "5.5.4", "BODY must be 7BIT, 8BITMIME or BINARYMIME"));
    }

    /// RFC 3461 §4.3
    private static Ret ret(String value) {
        return Ret.parse(value).orElseThrow(() -> new Refusal(501, "5.5.4", "RET must be FULL or HDRS"));
    }

    /// RFC 3461 §4.4: printable ASCII, and blanks, as xtext.
    private static String envid(String value) {
        boolean fits = !value.isEmpty() && value.length() <= MailOptions.ENVID_CHARS_MAX
                && Xtext.decode(value).filter(Mail::printable).isPresent();
        if (!fits) throw new Refusal(501, "5.5.4", "ENVID must be xtext of at most 100 characters");
        return value;
    }

    /// Says whether `text` can stand in a report. RFC 3461 §4.2, §4.4
    static boolean printable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }

    /// RFC 6710
    private static int priority(String value) {
        if (!value.matches("-?[1-9]|0")) throw new Refusal(501, "5.5.2", "MT-PRIORITY must be -9 to 9");
        return Integer.parseInt(value);
    }

    private Mail withPriority(int priority) {
        return new Mail(sender, bytes, new MailOptions(
                options.body(), options.utf8(), options.ret(), options.envid(), priority));
    }

    @Override
    public Turn run(State.Idle state, Session session) {
        Account account = state.client().account();
        if (session.door() == Door.SUBMISSION) {
            if (account == null) return new Turn(state, new Reply.Refused(530, "5.7.0", "Log in first"));
            // RFC 6409 §6.1. The empty sender is for receipts and automatic answers.
            if (!sender.isNull() && !session.directory().maySendAs(account.id(), sender.text())) {
                return new Turn(state, new Reply.Refused(553, "5.7.1", "This is not one of your addresses"));
            }
        }
        if (!options.utf8() && !sender.ascii()) { // RFC 6531 §3.5
            return new Turn(state, new Reply.Refused(553, "5.6.7", "Say SMTPUTF8 to use this address"));
        }
        if (bytes > session.config().messageBytesMax()) return new Turn(state, Replies.TOO_LARGE);
        int priority = granted(session);
        Reply taken = priority == options.mtPriority()
                ? new Reply.Done(250, "2.1.0", "Sender taken")
                : new Reply.Done(250, "2.3.6", priority + " is the new priority assigned to the message");
        return session.unless(session.visit().mail(sender.text()), state,
                new Turn(State.mailing(state, withPriority(priority)), taken));
    }

    /// Who is not trusted has no say, and a user of ours can only give way. RFC 6710
    private int granted(Session session) {
        if (session.trusted()) return options.mtPriority();
        return session.door() == Door.SUBMISSION ? Math.min(0, options.mtPriority()) : 0;
    }
}
