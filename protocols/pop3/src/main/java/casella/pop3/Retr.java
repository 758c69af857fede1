package casella.pop3;

import casella.base.Fault;
import casella.store.Body;
import casella.store.Email;

/// RETR and TOP: a message, or its header and first lines. RFC 1939 §5, §7.
///
/// @param number 1-based
/// @param lines of the body; [#WHOLE] for all of it
record Retr(int number, int lines) implements Command.WithInbox {
    static final int WHOLE = Integer.MAX_VALUE;

    /// `TOP msg n`. RFC 1939 §7.
    static Retr parseTop(Arguments in) {
        int number = in.number();
        return new Retr(number, in.onlyNumber());
    }

    @Override
    public Turn run(State.Transaction state) {
        Snapshot inbox = state.inbox();
        if (!inbox.has(number)) return new Turn(state, Client.NO_SUCH_MESSAGE);
        Email email = state.account().read(view -> view.email(inbox.email(number)));
        // Removed by somebody else since log-in: for this session it is marked, as RFC 1939 has no other word.
        if (email == null) return new Turn(state, Reply.error("Message is gone"));
        return switch (state.account().body(email)) {
            case Body.Present(byte[] bytes) -> new Turn(state, answer(bytes));
            case Body.Unavailable(Fault why) -> new Turn(state, Session.replyTo(why));
        };
    }

    private Answer answer(byte[] bytes) {
        if (lines == WHOLE) {
            return new Answer.Lines(Reply.ok(bytes.length + " octets"), Answer.stuffed(bytes, bytes.length));
        }
        return new Answer.Lines(Reply.ok("Top follows"), Answer.stuffed(bytes, endOfTop(bytes, lines)));
    }

    /// Returns where the header, its blank line and `lines` lines after it end.
    static int endOfTop(byte[] bytes, int lines) {
        boolean header = true;
        int left = lines;
        int lineStart = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\n') continue;
            int length = i - lineStart;
            boolean blank = length == 0 || (length == 1 && bytes[lineStart] == '\r');
            lineStart = i + 1;
            if (header) {
                header = !blank;
                if (!header && left == 0) return i + 1;
            } else if (--left == 0) {
                return i + 1;
            }
        }
        return bytes.length;
    }

    @Override
    public String label() {
        return lines == WHOLE ? "retr" : "top";
    }
}
