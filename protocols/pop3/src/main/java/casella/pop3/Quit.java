package casella.pop3;

import casella.base.Fault;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Keywords;
import java.util.List;

/// QUIT: removes what is marked, then ends. RFC 1939 §6.
///
/// Marked messages get `\Deleted` and are expunged. When that fails the client is told -ERR: some or all of them are
/// still there.
record Quit() implements Command.InAnyState {
    private static final int PAGE = 500;

    @Override
    public Turn run(State state, Client client) {
        Reply reply =
                switch (state) {
                    case State.Transaction t -> remove(t, client);
                    case State.Authorization _, State.Ended _ -> Reply.ok("Good-bye");
                };
        return new Turn(new State.Ended(), reply);
    }

    private static Reply remove(State.Transaction state, Client client) {
        List<Uid> marked = state.inbox().deleted();
        Account account = state.account();
        try {
            for (int from = 0; from < marked.size(); from += PAGE) {
                List<Uid> page = marked.subList(from, Math.min(marked.size(), from + PAGE));
                var edit = new Keywords.Edit.Add(Keywords.of(Keywords.DELETED));
                account.setKeywords(state.inbox().mailbox(), page, edit, null);
                account.expunge(state.inbox().mailbox(), page);
            }
        } catch (Fault fault) {
            client.failed(fault, "quit");
            return Session.replyTo(fault);
        }
        return Reply.ok(marked.isEmpty() ? "Good-bye" : marked.size() + " removed, good-bye");
    }
}
