package casella.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Event;
import casella.base.Log;
import casella.base.Redacted;
import casella.directory.Account;
import casella.directory.Authenticator.Origin;
import casella.directory.Authenticator.Verdict;
import casella.directory.NotYetWords;
import casella.directory.sasl.Mechanisms;
import casella.directory.sasl.SaslExchange;
import casella.directory.sasl.SaslExchange.Step;
import casella.smtp.Command.Turn;
import casella.wire.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// AUTH: logs in, by PLAIN (RFC 4616), LOGIN, or one of the [Mechanisms]. RFC 4954 §4.
///
/// @param mechanism in upper case
/// @param initial   the initial response in base 64, `=` for an empty one; empty if there is none
record Auth(String mechanism, String initial) implements Command.WhenIdle {
    private static final int PASSWORD_BYTES_MAX = 1024;
    private static final Reply.Refused DENIED = new Reply.Refused(535, "5.7.8", "Wrong name or password");
    private static final Reply.Refused NOT_BASE64 = new Reply.Refused(501, "5.5.2", "Not base 64");

    static Auth parse(Arguments in) {
        String mechanism = in.next().toUpperCase(Locale.ROOT);
        if (mechanism.isEmpty()) throw new Refusal(501, "5.5.4", "AUTH needs a mechanism");
        String initial = in.next();
        in.end("AUTH with a mechanism and a response");
        return new Auth(mechanism, initial);
    }

    @Override
    public Turn run(State.Idle state, Session session) throws IOException {
        if (session.door() != Door.SUBMISSION) {
            return new Turn(state, new Reply.Refused(502, "5.5.1", "Nobody logs in here"));
        }
        if (state.client().account() != null) {
            return new Turn(state, new Reply.Refused(503, "5.5.1", "Logged in already"));
        }
        if (!session.offersAuth()) {
            return new Turn(state, new Reply.Refused(538, "5.7.11", "Say STARTTLS first"));
        }
        try {
            return switch (mechanism) {
                case "PLAIN" -> plain(state, session);
                case "LOGIN" -> login(state, session);
                default -> converse(state, session);
            };
        } catch (Refusal refusal) {
            return new Turn(state, refusal.reply());
        }
    }

    /// `[authzid] NUL authcid NUL passwd`, RFC 4616 §2.
    private Turn plain(State.Idle state, Session session) throws IOException {
        byte[] message = initial.isEmpty() ? session.ask(new byte[0]) : decode(initial);
        try {
            int first = indexOf(message, 0);
            int second = first < 0 ? -1 : indexOf(message, first + 1);
            if (second < 0 || indexOf(message, second + 1) >= 0) {
                return new Turn(state, new Reply.Refused(501, "5.5.2", "PLAIN is [name] NUL name NUL password"));
            }
            String as = new String(message, 0, first, UTF_8);
            String name = new String(message, first + 1, second - first - 1, UTF_8);
            // Nobody acts for another here.
            if (!as.isEmpty() && !as.equalsIgnoreCase(name)) return denied(state, session, name, "other-identity");
            return verify(state, session, name, Arrays.copyOfRange(message, second + 1, message.length));
        } finally {
            Arrays.fill(message, (byte) 0);
        }
    }

    /// Two questions, `Username:` and `Password:`; an initial response answers the first. Never standardised, asked for
    /// by many clients.
    private Turn login(State.Idle state, Session session) throws IOException {
        byte[] name = initial.isEmpty() ? session.ask("Username:".getBytes(UTF_8)) : decode(initial);
        byte[] password = session.ask("Password:".getBytes(UTF_8));
        return verify(state, session, new String(name, UTF_8), password);
    }

    private static Turn verify(State.Idle state, Session session, String name, byte[] password) {
        try {
            if (name.isEmpty() || password.length == 0 || password.length > PASSWORD_BYTES_MAX) {
                return denied(state, session, name, "empty-or-too-long");
            }
            Verdict verdict = session.mechanisms().authenticator().verify(name, password, origin(session));
            return answer(state, session, verdict, name);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static Origin origin(Session session) {
        return new Origin(session.connection().peer().getAddress(), "smtp");
    }

    /// Returns the mechanisms offered on this connection, best first.
    static String offered(Session session) {
        Connection connection = session.connection();
        var names = new ArrayList<>(
                session.mechanisms().offered(connection.channelBindings(), connection.secure()));
        names.addAll(List.of("PLAIN", "LOGIN"));
        return String.join(" ", names);
    }

    private Turn converse(State.Idle state, Session session) throws IOException {
        Connection connection = session.connection();
        Optional<SaslExchange> begun = session.mechanisms()
                .begin(mechanism, origin(session), connection.channelBindings(), connection.secure());
        if (begun.isEmpty()) {
            return new Turn(state, new Reply.Refused(504, "5.5.4", "This mechanism is not offered here"));
        }
        SaslExchange exchange = begun.get();
        byte[] response = initial.isEmpty() ? session.ask(new byte[0]) : decode(initial);
        for (int round = 0; round < SaslExchange.ROUNDS_MAX; round++) {
            switch (exchange.next(response)) {
                case Step.Challenge(var message) -> response = session.ask(message);
                case Step.Finished(var verdict, var login, var told) -> {
                    // RFC 4954 §4: what is told with success comes as a challenge, and has an empty answer.
                    boolean tells = verdict instanceof Verdict.Granted && told.length > 0;
                    if (tells && session.ask(told).length > 0) {
                        return new Turn(state, new Reply.Refused(501, "5.5.2", "Nothing was to be said"));
                    }
                    return answer(state, session, verdict, login);
                }
            }
        }
        throw new IllegalStateException("an exchange without an end");
    }

    private static Turn answer(State.Idle state, Session session, Verdict verdict, String name) {
        return switch (verdict) {
            case Verdict.Granted(var account, var grant) -> {
                session.rely(grant);
                yield granted(state, session, account);
            }
            case Verdict.Denied _ -> denied(state, session, name, "denied");
            case Verdict.AccountDisabled _ -> {
                log(session, name, "disabled");
                yield session.logInFailed(state, new Reply.Refused(525, "5.7.13", "This account is disabled"));
            }
            case Verdict.NotYet told -> { // RFC 4954 §6
                log(session, name, "not-yet");
                yield new Turn(state, new Reply.Later(454, "4.7.0", NotYetWords.both(told)));
            }
            case Verdict.TryLater(_, var why, _) -> {
                log(session, name, "try-later");
                yield new Turn(state, new Reply.Later(454, "4.7.0", why));
            }
        };
    }

    private static Turn granted(State.Idle state, Session session, Account account) {
        Log.event(
                Event.SMTP_LOG_IN,
                "connection", session.connection().id(),
                "account", account.id(),
                "outcome", "granted");
        return new Turn(
                new State.Idle(new State.Client(account), state.hello()), new Reply.Done(235, "2.7.0", "Welcome"));
    }

    private static Turn denied(State.Idle state, Session session, String name, String why) {
        log(session, name, why);
        return session.logInFailed(state, DENIED);
    }

    private static void log(Session session, String name, String outcome) {
        Log.event(
                Event.SMTP_LOG_IN,
                "connection", session.connection().id(),
                "name", new Redacted(name),
                "outcome", outcome);
    }

    /// @throws Refusal if `text` is not base 64
    static byte[] decode(String text) {
        try {
            return text.equals("=") ? new byte[0] : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(NOT_BASE64);
        }
    }

    private static int indexOf(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) if (bytes[i] == 0) return i;
        return -1;
    }
}
