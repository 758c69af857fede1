package casella.pop3;

import java.io.IOException;
import java.util.Locale;

/// Every command we speak; the states it is allowed in are its type. RFC 1939 §9.
sealed interface Command {
    sealed interface InAnyState extends Command permits Capa, Quit {
        Turn run(State state, Client client) throws IOException;
    }

    sealed interface BeforeLogin extends Command permits Auth, Pass, Stls, User {
        Turn run(State.Authorization state, Client client) throws IOException;
    }

    sealed interface WithInbox extends Command
            permits Dele, ListSizes, Noop, Retr, Rset, Stat, Uidl {
        Turn run(State.Transaction state) throws IOException;
    }

    /// Returns the command as metrics and logs name it.
    default String label() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// @throws Arguments.Syntax if the line is no command of ours
    static Command parse(Arguments in) {
        String name = in.word();
        return switch (name) {
            case "AUTH" -> Auth.parse(in);
            case "CAPA" -> in.nothing(new Capa());
            case "DELE" -> new Dele(in.onlyNumber());
            case "LIST" -> new ListSizes(in.optionalNumber());
            case "NOOP" -> in.nothing(new Noop());
            case "PASS" -> new Pass(in.rest());
            case "QUIT" -> in.nothing(new Quit());
            case "RETR" -> new Retr(in.onlyNumber(), Retr.WHOLE);
            case "RSET" -> in.nothing(new Rset());
            case "STAT" -> in.nothing(new Stat());
            case "STLS" -> in.nothing(new Stls());
            case "TOP" -> Retr.parseTop(in);
            case "UIDL" -> new Uidl(in.optionalNumber());
            case "USER" -> new User(in.restText());
            default -> throw new Arguments.Syntax("Unknown command");
        };
    }
}
