package casella.imap;

import casella.base.Admission;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.directory.Authenticator;
import casella.directory.Authenticator.Verdict;
import casella.directory.NotYetWords;
import casella.wire.Connection;
import casella.wire.Line;
import casella.wire.Woken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// The client at the other end, as commands see it: where answers go, what it may do, and news for it.
final class Client {
    static final Reply TLS_FIRST = Reply.no(Code.Word.PRIVACYREQUIRED, "Passwords need TLS");

    private static final Reply DENIED = Reply.no(Code.Word.AUTHENTICATIONFAILED, "Wrong name or password");
    private static final int RESPONSE_BYTES_MAX = 8_192;
    private static final int INLINE_BYTES = 64 << 10;
    private static final Duration CPU_TIME = Duration.ofSeconds(30);

    private final Imap server;
    private final Connection connection;
    private Output out;
    private String tag = "*";
    private boolean tlsAsked;
    private Authenticator.Grant grant = Authenticator.Grant.LASTING;
    private @Nullable Presence presence;
    private @Nullable Notice notice;
    private String app = "";

    Client(Imap server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.out = new Output(connection.output(), Dialect.REV1);
    }

    ImapConfig config() {
        return server.config();
    }

    /// Does work on `bytes` bytes of a message: large ones on the processors' own threads, not on a carrier.
    <T> T onCpu(int bytes, Callable<T> work) {
        if (bytes > INLINE_BYTES) return server.cpu().call(CPU_TIME, work);
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    Instant now() {
        return server.clock().now();
    }

    /// Returns the tag of the running command.
    String tag() {
        return tag;
    }

    void tag(String now) {
        tag = now;
    }

    /// Returns where untagged answers go, in the dialect of the running command.
    Output out() {
        return out;
    }

    void speak(Dialect dialect) {
        if (out.dialect() != dialect) out = new Output(connection.output(), dialect);
    }

    Connection connection() {
        return connection;
    }

    boolean canStartTls() {
        return server.tls() != null && !connection.secure();
    }

    /// Says whether a password may come over this connection as it is.
    boolean mayLogIn() {
        return connection.secure() || (config().plainLoginOnLoopback() && connection.loopback());
    }

    void askTls() {
        tlsAsked = true;
    }

    /// Says whether STARTTLS was answered OK, once.
    boolean tlsAsked() {
        boolean asked = tlsAsked;
        tlsAsked = false;
        return asked;
    }

    /// Sends `+ prompt` and returns the client's next line.
    String ask(String prompt) throws IOException {
        connection.write("+ " + prompt + "\r\n");
        connection.flush();
        return nextLine();
    }

    /// Returns the client's next line, its bytes as characters.
    ///
    /// @throws Arguments.Syntax if it is too long
    String nextLine() throws IOException {
        return switch (connection.readLine(RESPONSE_BYTES_MAX)) {
            case Line.Whole(byte[] bytes) -> new String(bytes, StandardCharsets.ISO_8859_1);
            case Line.Flawed flawed -> new String(flawed.bytes(), StandardCharsets.ISO_8859_1);
            case Line.TooLong _ -> throw new Arguments.Syntax("line too long");
            case Line.Ended _ -> throw new Session.ClientLeft();
        };
    }

    /// Says good-bye; throwing the answer ends the session.
    Session.ClientLeft goodBye(String text) {
        connection.farewell("* BYE " + text + "\r\n");
        return new Session.ClientLeft();
    }

    /// Notes a fault while telling news, which are then still to be told.
    void failed(Fault fault, String label) {
        Log.event(Event.IMAP_FAULT, fault, "connection", connection.id(), "cmd", label);
        missedNews();
    }

    /// Waits for the client, for news of its account, or for `time` to pass.
    Woken await(Duration time) throws IOException {
        connection.flush();
        return connection.await(time);
    }

    /// Lets the client in if the password is right. It is overwritten.
    Turn logIn(State.NotAuthenticated state, String login, byte[] password) throws IOException {
        if (!mayLogIn()) return new Turn(state, TLS_FIRST);
        Verdict verdict;
        try {
            var origin = new Authenticator.Origin(connection.peer().getAddress(), "imap");
            verdict = server.authenticator().verify(login, password, origin);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
        return switch (verdict) {
            case Verdict.Granted(var owner, var given) -> {
                grant = given;
                yield enter(state, owner);
            }
            case Verdict.Denied _ -> new Turn(state, DENIED);
            case Verdict.AccountDisabled _ ->
                    new Turn(state, Reply.no(Code.Word.CONTACTADMIN, "This account is disabled"));
            case Verdict.NotYet told -> // RFC 5530 §3
                new Turn(state, Reply.no(Code.Word.UNAVAILABLE, NotYetWords.both(told)));
            case Verdict.TryLater(_, String why, var cause) ->
                switch (cause) {
                    case FAILURES -> new Turn(state, Reply.no(Code.Word.LIMIT, why));
                    case AWAY -> new Turn(state, Reply.no(Code.Word.UNAVAILABLE, why)); // RFC 5530 §3
                };
        };
    }

    private Turn enter(State.NotAuthenticated state, casella.directory.Account owner) {
        Presence entered = server.enter(owner.id(), connection);
        if (entered == null) return new Turn(state, Reply.no(Code.Word.LIMIT,
                "Too many connections of this account"));
        presence = entered;
        notice = new Notice(entered.account(), owner, server.notices());
        tellApp();
        Log.event(Event.IMAP_LOGGED_IN, "connection", connection.id(), "account", owner.id());
        var next = new State.Authenticated(entered.account(), State.Enabled.NOTHING);
        return new Turn(next, Reply.ok(new Code.Capabilities(Capability.of(next, this)), "Welcome"));
    }

    /// The client says which program it is: before the log-in or after.
    void says(String name) {
        app = name;
        tellApp();
    }

    private void tellApp() {
        Presence here = presence;
        Notice there = notice;
        if (app.isEmpty() || here == null || there == null) return;
        there.app(app);
        server.apps().used(here.account().id(), Admission.Door.IMAP, app);
    }

    /// Says whether the log-in still holds.
    boolean grantStands() {
        return grant.stands();
    }

    /// Says whether something changed in the account since this was last asked.
    boolean news() {
        Presence here = presence;
        return here != null && here.news();
    }

    /// Tells the owner, once each, that the account has less than always, and that all is back.
    void tellService() throws IOException {
        Notice here = notice;
        if (here != null) here.tell(out);
    }

    /// Returns what the operators say to this owner; empty for nothing, or before the log-in.
    String saying() {
        Notice here = notice;
        return here == null ? "" : here.saying();
    }

    /// Makes the next [#news()] true: what was asked for failed half way.
    void missedNews() {
        Presence here = presence;
        if (here != null) here.missed();
    }

    void leave() {
        Presence here = presence;
        if (here != null) here.close();
        presence = null;
    }
}
