package casella.smtp;

import java.io.IOException;
import java.util.Locale;

/// What a client may say. RFC 5321 §4.1.
sealed interface Command {
    /// Whatever was said before.
    sealed interface InAnyState extends Command permits Hello, Rset, Noop, Help, Vrfy, Expn, Quit, Bdat, Foreign, Unknown {
        Turn run(State state, Session session) throws IOException;
    }

    /// After EHLO, with no message under way.
    sealed interface WhenIdle extends Command permits Mail, StartTls, Auth {
        Turn run(State.Idle state, Session session) throws IOException;
    }

    /// After MAIL.
    sealed interface WhenMailing extends Command permits Rcpt, Data {
        Turn run(State.Mailing state, Session session) throws IOException;
    }

    /// What a command comes to.
    record Turn(State next, Reply reply) {}

    /// Reads a line.
    ///
    /// @throws Refusal with the reply, if it cannot be understood
    static Command parse(String line, Door door) {
        var in = new Arguments(line);
        return switch (in.verb()) {
            case "EHLO", "HELO", "LHLO" -> Hello.parse(in, door);
            case "MAIL" -> Mail.parse(in);
            case "RCPT" -> Rcpt.parse(in);
            case "DATA" -> Data.parse(in);
            case "BDAT" -> Bdat.parse(in);
            case "RSET" -> Rset.parse(in);
            case "NOOP" -> new Noop();
            case "QUIT" -> Quit.parse(in);
            case "HELP" -> new Help();
            case "VRFY" -> Vrfy.parse(in);
            case "EXPN" -> new Expn();
            case "STARTTLS" -> StartTls.parse(in);
            case "AUTH" -> Auth.parse(in);
            case "GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT" -> new Foreign();
            default -> new Unknown();
        };
    }

    /// Returns the command's name for logs and metrics.
    default String label() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
