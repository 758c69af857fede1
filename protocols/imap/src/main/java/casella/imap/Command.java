package casella.imap;

import java.io.IOException;
import java.util.Locale;

/// Every command we speak; the states it is allowed in are its type. RFC 9051 §6.
sealed interface Command {
    /// RFC 9051 §6.1; ID: RFC 2971 §3.
    sealed interface InAnyState extends Command permits Capability, Id, Logout, Noop {
        Turn run(State state, Client client) throws IOException;
    }

    /// RFC 9051 §6.2.
    sealed interface BeforeLogin extends Command permits Authenticate, Login, StartTls {
        Turn run(State.NotAuthenticated state, Client client) throws IOException;
    }

    /// RFC 9051 §6.3.
    sealed interface WithAccount extends Command
            permits Append,
                    Create,
                    Delete,
                    Enable,
                    Idle,
                    ListMailboxes,
                    Lsub,
                    Namespace,
                    Rename,
                    Select,
                    Status,
                    Subscribe {
        Turn run(State.WithAccount state, Client client) throws IOException;
    }

    /// RFC 9051 §6.4.
    sealed interface WithMailbox extends Command
            permits Check, Close, Copy, Expunge, Fetch, Search, Store {
        Turn run(State.Selected state, Client client) throws IOException;

        /// Says whether the client may be told of expunges in answer to this command. RFC 9051 §7.5.1.
        default boolean tellsExpunges() {
            return true;
        }
    }

    /// Returns the command as metrics and logs name it: `uid-fetch` is `fetch` too.
    default String label() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// Reads what follows the tag.
    static Command parse(Arguments in) {
        String name = in.word();
        boolean uid = name.equals("UID");
        if (uid) {
            in.space();
            name = in.word();
        }
        return switch (name) {
            case "COPY" -> Copy.parse(in, uid, false);
            case "MOVE" -> Copy.parse(in, uid, true);
            case "EXPUNGE" -> Expunge.parse(in, uid);
            case "FETCH" -> Fetch.parse(in, uid);
            case "SEARCH" -> Search.parse(in, uid);
            case "STORE" -> Store.parse(in, uid);
            default -> {
                if (uid) throw new Arguments.Syntax("unknown command");
                yield parse(name, in);
            }
        };
    }

    private static Command parse(String name, Arguments in) {
        return switch (name) {
            case "APPEND" -> Append.parse(in);
            case "AUTHENTICATE" -> Authenticate.parse(in);
            case "CAPABILITY" -> Capability.parse(in);
            case "CHECK" -> Check.parse(in);
            case "CLOSE" -> Close.parse(in, true);
            case "CREATE" -> Create.parse(in);
            case "DELETE" -> Delete.parse(in);
            case "ENABLE" -> Enable.parse(in);
            case "EXAMINE" -> Select.parse(in, true);
            case "ID" -> Id.parse(in);
            case "IDLE" -> Idle.parse(in);
            case "LIST" -> ListMailboxes.parse(in);
            case "LOGIN" -> Login.parse(in);
            case "LOGOUT" -> Logout.parse(in);
            case "LSUB" -> Lsub.parse(in);
            case "NAMESPACE" -> Namespace.parse(in);
            case "NOOP" -> Noop.parse(in);
            case "RENAME" -> Rename.parse(in);
            case "SELECT" -> Select.parse(in, false);
            case "STARTTLS" -> StartTls.parse(in);
            case "STATUS" -> Status.parse(in);
            case "SUBSCRIBE" -> Subscribe.parse(in, true);
            case "UNSELECT" -> Close.parse(in, false);
            case "UNSUBSCRIBE" -> Subscribe.parse(in, false);
            default -> throw new Arguments.Syntax("unknown command");
        };
    }
}
