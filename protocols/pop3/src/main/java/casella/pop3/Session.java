package casella.pop3;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.store.Marking;
import casella.wire.Connection;
import casella.wire.Hangup;
import casella.wire.Line;
import casella.wire.TlsContext;
import java.io.IOException;
import java.time.Duration;

/// One client connection, on one virtual thread, one command at a time, answers in the order of the commands.
///
/// A client that goes away without QUIT removes nothing. RFC 1939 §6.
final class Session {
    /// RFC 2449 §4 has 255 octets; AUTH with its response may be longer.
    private static final int LINE_BYTES_MAX = 8_192;

    private final Pop3 server;
    private final Connection connection;
    private final Client client;
    private final long opened = System.nanoTime();
    private State state = new State.Authorization(null);
    private int refused;

    Session(Pop3 server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.client = new Client(server, connection);
    }

    void serve() throws IOException {
        try {
            connection.write("+OK Casella ready\r\n");
            while (!(state instanceof State.Ended)) {
                if (!connection.buffered()) connection.flush();
                connection.idle(patience());
                answer();
            }
            connection.flush();
        } catch (ClientLeft left) {
            return;
        } catch (Hangup hangup) {
            if (hangup.canStillSpeak()) connection.farewell("-ERR [SYS/TEMP] Good-bye\r\n");
            throw hangup;
        } finally {
            client.leave();
        }
    }

    /// Until login the whole time counts, after that each silence.
    private Duration patience() {
        if (state instanceof State.Transaction) return server.config().idleTimeout();
        Duration left = server.config().loginTimeout().minusNanos(System.nanoTime() - opened);
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    private void answer() throws IOException {
        switch (connection.readLine(LINE_BYTES_MAX)) {
            case Line.Whole(byte[] bytes) -> answer(bytes);
            case Line.Flawed flawed -> answer(flawed.bytes());
            case Line.TooLong(_, boolean ended) -> {
                refuse(Reply.error("Line too long"));
                if (!ended) state = new State.Ended();
            }
            case Line.Ended _ -> throw new ClientLeft();
        }
        if (client.tlsAsked()) startTls();
    }

    private void answer(byte[] line) throws IOException {
        Command command;
        try {
            command = Command.parse(new Arguments(line));
        } catch (Arguments.Syntax e) {
            refuse(Reply.error(e.getMessage()));
            return;
        }
        long start = System.nanoTime();
        Turn turn = attempt(command);
        state = turn.next();
        turn.answer().send(connection);
        if (!turn.answer().reply().ok()) count();
        record(command, turn.answer().reply(), Duration.ofNanos(System.nanoTime() - start));
    }

    private Turn attempt(Command command) throws IOException {
        // Nothing marked is removed: this is not QUIT. RFC 1939 §6.
        if (!client.grantStands()) {
            return new Turn(new State.Ended(), Reply.error(Reply.Code.AUTH, "Log in again"));
        }
        try {
            return switch (command) {
                case Command.InAnyState c -> c.run(state, client);
                case Command.BeforeLogin c when state instanceof State.Authorization s -> c.run(s, client);
                case Command.BeforeLogin _ -> new Turn(state, Reply.error("Logged in already"));
                case Command.WithInbox c when state instanceof State.Transaction s -> c.run(s);
                case Command.WithInbox _ -> new Turn(state, Reply.error("Log in first"));
            };
        } catch (Arguments.Syntax e) {
            return new Turn(state, Reply.error(e.getMessage()));
        } catch (Fault fault) {
            client.failed(fault, command.label());
            return new Turn(state, replyTo(fault));
        }
    }

    private void refuse(Reply reply) throws IOException {
        connection.write(reply.line() + "\r\n");
        count();
    }

    /// A client that only gets refusals is let go.
    private void count() {
        if (++refused >= server.config().badCommandsMax()) state = new State.Ended();
    }

    private void startTls() throws IOException {
        TlsContext tls = server.tls();
        if (tls == null) throw new IllegalStateException("TLS was answered OK and is not there");
        connection.flush();
        connection.startTls(tls.get());
    }

    private void record(Command command, Reply reply, Duration taken) {
        String outcome = reply.ok() ? "ok" : "error";
        server.metrics().add(Metric.POP3_COMMANDS, 1, command.label(), outcome);
        Log.event(
                Event.POP3_COMMAND,
                "connection", connection.id(),
                "cmd", command.label(),
                "outcome", outcome,
                "ms", taken.toMillis());
    }

    /// The one place where POP3 turns faults into words. RFC 3206 §4.
    static Reply replyTo(Fault fault) {
        return switch (fault) {
            case Fault.Unavailable away -> Reply.error(Reply.Code.SYS_TEMP, Marking.told(away));
            case Fault.Corrupt _ -> Reply.error(Reply.Code.SYS_PERM, "Stored data is damaged");
            case Fault.Exhausted _ -> Reply.error(Reply.Code.SYS_TEMP, "Limit reached");
        };
    }

    /// The client closed between or within commands.
    static final class ClientLeft extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClientLeft() {
            super("client left", null, false, false);
        }
    }
}
