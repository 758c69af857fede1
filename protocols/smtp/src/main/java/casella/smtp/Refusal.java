package casella.smtp;

/// A command that cannot be understood, with the reply that says why. Thrown by parsers, caught by [Session] only.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Reply.Refused reply;
    private final boolean lost;

    Refusal(int code, String enhanced, String text) {
        this(new Reply.Refused(code, enhanced, text));
    }

    Refusal(Reply.Refused reply) {
        this(reply, false);
    }

    private Refusal(Reply.Refused reply, boolean lost) {
        super(reply.text(), null, false, false);
        this.reply = reply;
        this.lost = lost;
    }

    /// Returns a refusal after which nobody knows where the next command begins.
    static Refusal lost(Reply.Refused reply) {
        return new Refusal(reply, true);
    }

    /// Says whether the session must end.
    boolean lost() {
        return lost;
    }

    Reply.Refused reply() {
        return reply;
    }
}
