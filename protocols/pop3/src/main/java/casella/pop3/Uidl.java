package casella.pop3;

import org.jspecify.annotations.Nullable;

/// UIDL: the unique id of one message, or of each: [Snapshot#uniqueId]. RFC 1939 §7.
record Uidl(@Nullable Integer number) implements Command.WithInbox {
    @Override
    public Turn run(State.Transaction state) {
        Snapshot inbox = state.inbox();
        if (number != null) {
            if (!inbox.has(number)) return new Turn(state, Client.NO_SUCH_MESSAGE);
            return new Turn(state, Reply.ok(number + " " + inbox.uniqueId(number)));
        }
        Answer.Writer lines = out -> {
            for (int n = 1; n <= inbox.count(); n++) {
                if (inbox.has(n)) out.write(n + " " + inbox.uniqueId(n) + "\r\n");
            }
        };
        return new Turn(state, new Answer.Lines(Reply.ok("Unique ids follow"), lines));
    }
}
