package casella.pop3;

import org.jspecify.annotations.Nullable;

/// LIST: the size of one message, or of each. RFC 1939 §5.
record ListSizes(@Nullable Integer number) implements Command.WithInbox {
    @Override
    public Turn run(State.Transaction state) {
        Snapshot inbox = state.inbox();
        if (number != null) {
            if (!inbox.has(number)) return new Turn(state, Client.NO_SUCH_MESSAGE);
            return new Turn(state, Reply.ok(number + " " + inbox.size(number)));
        }
        Answer.Writer lines = out -> {
            for (int n = 1; n <= inbox.count(); n++) if (inbox.has(n)) out.write(n + " " + inbox.size(n) + "\r\n");
        };
        return new Turn(state, new Answer.Lines(Reply.ok(inbox.left() + " messages"), lines));
    }

    @Override
    public String label() {
        return "list";
    }
}
