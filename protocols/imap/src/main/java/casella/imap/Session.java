package casella.imap;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.store.Marking;
import casella.wire.Connection;
import casella.wire.Hangup;
import casella.wire.TlsContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/// One client connection, on one virtual thread, one command at a time. RFC 9051 §5.5.
///
/// Standing rules: read, parse, run, tell what is new, write the tagged reply, flush. Never write to the client inside
/// [casella.store.Account#read]; commit before telling; after each wait the mailbox may be gone.
final class Session {
    private static final int TAG_CHARS_MAX = 128;

    private final Imap server;
    private final Connection connection;
    private final Client client;
    private final long opened = System.nanoTime();
    private State state = new State.NotAuthenticated();
    private int badCommands;

    Session(Imap server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.client = new Client(server, connection);
    }

    /// Serves commands until logout or until the client goes away.
    void serve() throws IOException {
        try {
            var greeting = new Code.Capabilities(Capability.of(state, client));
            client.out().ok(greeting, "Casella ready");
            while (!(state instanceof State.LoggedOut)) {
                if (!connection.buffered()) connection.flush();
                connection.idle(patience());
                answer();
            }
            connection.flush();
        } catch (MailboxGone gone) {
            connection.farewell("* BYE The selected mailbox is gone\r\n");
        } catch (ClientLeft left) {
            return;
        } catch (Hangup hangup) {
            if (hangup.canStillSpeak()) connection.farewell("* BYE " + farewell(hangup) + "\r\n");
            throw hangup;
        } finally {
            client.leave();
        }
    }

    private static String farewell(Hangup hangup) {
        return switch (hangup.reason()) {
            case STOPPING -> "[UNAVAILABLE] The server is stopping";
            case IDLE, STALLED -> "Nothing came for too long";
            case DONE, CLIENT_LEFT, LOST, NOT_READING, TLS_FAILED, FAILED -> "Good-bye";
        };
    }

    /// Until login the whole time counts, after that each silence.
    private Duration patience() {
        if (state instanceof State.WithAccount) return server.config().idleTimeout();
        Duration left = server.config().loginTimeout().minusNanos(System.nanoTime() - opened);
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    private void answer() throws IOException {
        boolean loggedIn = state instanceof State.WithAccount;
        try (var reader = new CommandReader(connection, server.config(), server.literals(), loggedIn)) {
            switch (reader.read()) {
                case CommandReader.Read.Whole(CommandText command) -> answer(command);
                case CommandReader.Read.Refused(String start, Reply reply) -> refuse(tagOf(start), reply);
                case CommandReader.Read.Lost(String why) -> {
                    client.out().untagged("BYE " + why);
                    state = new State.LoggedOut();
                }
                case CommandReader.Read.Ended _ -> throw new ClientLeft();
            }
        }
        if (client.tlsAsked()) startTls();
    }

    private void answer(CommandText text) throws IOException {
        client.speak(state.dialect());
        if (!client.grantStands()) throw client.goodBye("Log in again");
        String tag = "*";
        Command command;
        try {
            var in = new Arguments(text, state.dialect());
            tag = in.tag();
            if (tag.length() > TAG_CHARS_MAX) throw new Arguments.Syntax("tag too long");
            in.space();
            command = Command.parse(in);
        } catch (Arguments.Syntax e) {
            refuse(tag, Reply.bad(e.getMessage()));
            return;
        }
        client.tag(tag);
        long start = System.nanoTime();
        Turn turn = attempt(command);
        state = turn.next();
        if (turn.reply().outcome() == Reply.Outcome.BAD) badCommands++;
        client.speak(state.dialect());
        connection.write(explained(turn.reply()).line(tag) + "\r\n");
        record(command, turn.reply(), Duration.ofNanos(System.nanoTime() - start));
    }

    /// Behind what cannot be done now (RFC 5530 §3) stands what the operators say.
    private Reply explained(Reply reply) {
        String said = reply.code() == Code.Word.UNAVAILABLE ? client.saying() : "";
        return said.isEmpty() ? reply : Reply.no(Code.Word.UNAVAILABLE, reply.text() + ": " + said);
    }

    private Turn attempt(Command command) throws IOException {
        Turn turn;
        try {
            turn = run(command);
        } catch (Arguments.Syntax e) {
            return new Turn(state, Reply.bad(e.getMessage()));
        } catch (Fault fault) {
            client.failed(fault, command.label());
            turn = new Turn(state, replyTo(fault));
        }
        return tellNews(command, turn);
    }

    private Turn run(Command command) throws IOException {
        return switch (command) {
            case Command.InAnyState c -> c.run(state, client);
            case Command.BeforeLogin c when state instanceof State.NotAuthenticated s -> c.run(s, client);
            case Command.BeforeLogin _ -> new Turn(state, Reply.bad("Logged in already"));
            case Command.WithAccount c when state instanceof State.WithAccount s -> c.run(s, client);
            case Command.WithAccount _ -> new Turn(state, Reply.bad("Log in first"));
            case Command.WithMailbox c when state instanceof State.Selected s -> c.run(s, client);
            case Command.WithMailbox _ when state instanceof State.WithAccount ->
                    new Turn(state, Reply.bad("Select a mailbox first"));
            case Command.WithMailbox _ -> new Turn(state, Reply.bad("Log in first"));
        };
    }

    /// Tells what serves the account, and what changed in the selected mailbox, expunges only where allowed. RFC 9051 §5.2, §7.5.1.
    private Turn tellNews(Command command, Turn turn) throws IOException {
        if (turn.next() instanceof State.WithAccount) client.tellService();
        if (!(turn.next() instanceof State.Selected selected)) return turn;
        boolean expunges = !(command instanceof Command.WithMailbox c) || c.tellsExpunges();
        try {
            selected.selection().tell(selected, client, expunges);
            return turn.highest() ? turn.told(selected.selection()) : turn;
        } catch (Fault fault) {
            // What the command did stands; the news wait for the next one.
            client.failed(fault, command.label());
            return turn;
        }
    }

    private void refuse(String tag, Reply reply) throws IOException {
        connection.write(reply.line(tag) + "\r\n");
        if (reply.outcome() == Reply.Outcome.BAD) badCommands++;
        if (badCommands < server.config().badCommandsMax()) return;
        client.out().untagged("BYE Too many bad commands");
        state = new State.LoggedOut();
    }

    private void startTls() throws IOException {
        TlsContext tls = server.tls();
        if (tls == null) throw new IllegalStateException("TLS was answered OK and is not there");
        connection.flush();
        connection.startTls(tls.get());
    }

    private static String tagOf(String start) {
        int end = start.indexOf(' ');
        if (end < 1 || end > TAG_CHARS_MAX) return "*";
        try {
            String tag = new Arguments(CommandText.line(start), Dialect.REV1).tag();
            return tag.length() == end ? tag : "*";
        } catch (Arguments.Syntax e) {
            return "*";
        }
    }

    private void record(Command command, Reply reply, Duration taken) {
        // A client's mistake and a fault of ours are both NO.
        boolean fault = reply.code() == Code.Word.UNAVAILABLE && !(command instanceof Command.BeforeLogin);
        String outcome = fault ? "fault" : reply.outcome().name().toLowerCase(Locale.ROOT);
        server.metrics().add(Metric.IMAP_COMMANDS, 1, command.label(), outcome);
        server.metrics().time(Metric.IMAP_COMMAND_SECONDS, taken, command.label());
        Code code = reply.code();
        Log.event(
                Event.IMAP_COMMAND,
                "connection", connection.id(),
                "cmd", command.label(),
                "outcome", outcome,
                "code", code instanceof Code.Word word ? word.text() : "-",
                "ms", taken.toMillis());
    }

    /// The one place where IMAP turns faults into words. RFC 5530 §3.
    static Reply replyTo(Fault fault) {
        return switch (fault) {
            case Fault.Unavailable away -> Reply.no(Code.Word.UNAVAILABLE, Marking.told(away));
            case Fault.Corrupt _ -> Reply.no(Code.Word.CORRUPTION, "Stored data is damaged");
            case Fault.Exhausted _ -> Reply.no(Code.Word.LIMIT, "Limit reached");
        };
    }

    /// The client closed between or within commands.
    static final class ClientLeft extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClientLeft() {
            super("client left", null, false, false);
        }
    }

    /// Somebody deleted the selected mailbox: there is nothing true left to say in it.
    static final class MailboxGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MailboxGone() {
            super("mailbox gone", null, false, false);
        }
    }
}
