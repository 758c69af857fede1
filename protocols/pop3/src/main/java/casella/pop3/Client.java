package casella.pop3;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.directory.Authenticator;
import casella.directory.Authenticator.Verdict;
import casella.directory.NotYetWords;
import casella.store.Account;
import casella.wire.Connection;
import casella.wire.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The client at the other end, as commands see it, and what it may do.
final class Client {
    static final Reply TLS_FIRST = Reply.error("Passwords need TLS");
    static final Reply NO_SUCH_MESSAGE = Reply.error("No such message");
    private static final int RESPONSE_BYTES_MAX = 8_192;

    private final Pop3 server;
    private final Connection connection;
    private boolean tlsAsked;
    private Authenticator.Grant grant = Authenticator.Grant.LASTING;
    private @Nullable AccountId entered;

    Client(Pop3 server, Connection connection) {
        this.server = server;
        this.connection = connection;
    }

    boolean canStartTls() {
        return server.tls() != null && !connection.secure();
    }

    /// Says whether a password may come over this connection as it is.
    boolean mayLogIn() {
        return connection.secure() || (server.config().plainLoginOnLoopback() && connection.loopback());
    }

    void askTls() {
        tlsAsked = true;
    }

    /// Says whether STLS was answered OK, once.
    boolean tlsAsked() {
        boolean asked = tlsAsked;
        tlsAsked = false;
        return asked;
    }

    /// Sends an empty challenge and returns the client's line.
    String ask() throws IOException {
        connection.write("+ \r\n");
        connection.flush();
        return switch (connection.readLine(RESPONSE_BYTES_MAX)) {
            case Line.Whole(byte[] bytes) -> new String(bytes, StandardCharsets.ISO_8859_1);
            case Line.Flawed flawed -> new String(flawed.bytes(), StandardCharsets.ISO_8859_1);
            case Line.TooLong _ -> throw new Arguments.Syntax("Line too long");
            case Line.Ended _ -> throw new Session.ClientLeft();
        };
    }

    /// Lets the client in if the password is right. It is overwritten.
    Turn logIn(String login, byte[] password) {
        // Whatever comes of it, USER is to be said again. RFC 1939 §7 `PASS`.
        var again = new State.Authorization(null);
        if (!mayLogIn()) return new Turn(again, TLS_FIRST);
        Verdict verdict;
        try {
            var origin = new Authenticator.Origin(connection.peer().getAddress(), "pop3");
            verdict = server.authenticator().verify(login, password, origin);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
        return switch (verdict) {
            case Verdict.Granted(var owner, var given) -> {
                grant = given;
                yield enter(owner.id());
            }
            case Verdict.Denied _ -> new Turn(again, Reply.error(Reply.Code.AUTH, "Wrong name or password"));
            case Verdict.AccountDisabled _ -> new Turn(again, Reply.error(Reply.Code.AUTH, "This account is disabled"));
            case Verdict.NotYet told -> // RFC 3206 §4
                new Turn(again, Reply.error(Reply.Code.SYS_TEMP, NotYetWords.both(told)));
            case Verdict.TryLater(_, String why, _) -> new Turn(again, Reply.error(Reply.Code.SYS_TEMP, why));
        };
    }

    private Turn enter(AccountId id) {
        var again = new State.Authorization(null);
        if (!server.enter(id)) {
            return new Turn(again, Reply.error(Reply.Code.SYS_TEMP, "Too many connections of this account"));
        }
        entered = id;
        try {
            Account account = server.accounts().open(id);
            Snapshot inbox = Snapshot.of(account);
            Log.event(Event.POP3_LOGGED_IN, "connection", connection.id(), "account", id);
            return new Turn(new State.Transaction(account, inbox), Reply.ok(inbox.count() + " messages"));
        } catch (RuntimeException e) {
            leave();
            throw e;
        }
    }

    /// Says whether the log-in still holds.
    boolean grantStands() {
        return grant.stands();
    }

    void failed(Fault fault, String label) {
        Log.event(Event.POP3_FAULT, fault, "connection", connection.id(), "cmd", label);
    }

    void leave() {
        AccountId id = entered;
        if (id != null) server.left(id);
        entered = null;
    }
}
