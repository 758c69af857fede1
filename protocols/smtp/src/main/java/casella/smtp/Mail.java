package casella.smtp;

import casella.directory.Account;
import casella.smtp.Command.Turn;
import java.util.Map;

/// MAIL: begins a message and names its sender. RFC 5321 §4.1.1.2.
///
/// @param sender where failures are told; `<>` for none
/// @param bytes  size as announced, 0 if it was not. RFC 1870 §6
/// @param utf8   addresses and header may be UTF-8. RFC 6531 §3.4
record Mail(Path sender, long bytes, boolean utf8) implements Command.WhenIdle {
    private static final String USAGE = "MAIL FROM:<sender>";

    /// `"MAIL FROM:" Reverse-path [SP Mail-parameters]`
    static Mail parse(Arguments in) {
        in.word("FROM:", USAGE);
        Path sender = in.path("5.1.7");
        if (sender.domain().isEmpty() && !sender.isNull()) {
            throw new Refusal(501, "5.1.7", "Not an address: it has no domain");
        }
        long bytes = 0;
        boolean utf8 = false;
        for (Map.Entry<String, String> parameter : in.parameters().entrySet()) {
            String value = parameter.getValue();
            switch (parameter.getKey()) {
                case "SIZE" -> bytes = size(value);
                case "BODY" -> body(value);
                case "SMTPUTF8" -> {
                    if (!value.isEmpty()) throw new Refusal(501, "5.5.4", "SMTPUTF8 takes no value");
                    utf8 = true;
                }
                case "AUTH" -> {} // RFC 4954 §5: who the sender's server believes; nothing here depends on it
                default -> throw new Refusal(555, "5.5.4", "Unknown parameter " + parameter.getKey());
            }
        }
        return new Mail(sender, bytes, utf8);
    }

    /// RFC 1870 §4: up to 20 digits.
    private static long size(String value) {
        if (!value.matches("[0-9]{1,20}")) throw new Refusal(501, "5.5.4", "SIZE must be a number");
        return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
    }

    /// RFC 6152 §2. Lines of any bytes but CR and LF are taken whatever was said here.
    private static void body(String value) {
        if (!value.equalsIgnoreCase("7BIT") && !value.equalsIgnoreCase("8BITMIME")) {
            throw new Refusal(555, "5.5.4", "BODY must be 7BIT or 8BITMIME");
        }
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
        if (!utf8 && !sender.ascii()) { // RFC 6531 §3.5
            return new Turn(state, new Reply.Refused(553, "5.6.7", "Say SMTPUTF8 to use this address"));
        }
        if (bytes > session.config().messageBytesMax()) return new Turn(state, Replies.TOO_LARGE);
        return new Turn(State.mailing(state, this), new Reply.Done(250, "2.1.0", "Sender taken"));
    }
}
