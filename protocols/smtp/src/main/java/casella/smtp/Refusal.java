package casella.smtp;

/// A command that cannot be understood, with the reply that says why. Thrown by parsers, caught by [Session] only.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Reply.Refused reply;

    Refusal(int code, String enhanced, String text) {
        this(new Reply.Refused(code, enhanced, text));
    }

    Refusal(Reply.Refused reply) {
        super(reply.text(), null, false, false);
        this.reply = reply;
    }

    Reply.Refused reply() {
        return reply;
    }
}
