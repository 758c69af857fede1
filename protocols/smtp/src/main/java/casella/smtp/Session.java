package casella.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Notices;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.delivery.Delivery;
import casella.delivery.Recipient;
import casella.delivery.SendingAllowance;
import casella.directory.Authenticator;
import casella.directory.Directory;
import casella.directory.sasl.Mechanisms;
import casella.smtp.Command.Turn;
import casella.wire.CloseReason;
import casella.wire.Connection;
import casella.wire.Hangup;
import casella.wire.Line;
import casella.wire.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One client, on one virtual thread, one command at a time: read a line, parse, run, reply. RFC 5321 §4.3.
///
/// Replies are not flushed here: the connection sends them before it waits for the client, so replies to pipelined
/// commands leave together (RFC 2920 §3.2).
final class Session {
    /// RFC 4954 §4: at least 12288 octets for AUTH.
    static final int AUTH_LINE_BYTES_MAX = 12_288;

    private static final int LOG_INS_MAX = 5;
    /// Commands that bring mail, by their labels.
    private static final Set<String> MAILING = Set.of("mail", "rcpt", "data", "bdat");

    private static final Admittance.Visit NOBODYS = Admittance.OPEN.visit(InetAddress.getLoopbackAddress());

    private final Connection connection;
    private final SmtpService service;
    private State state = new State.Fresh();
    private int errors;
    private int commandsWithoutMail;
    private int logInsFailed;
    private int transmissions;
    private Admittance.Visit visit = NOBODYS;
    private Authenticator.Grant grant = Authenticator.Grant.LASTING;

    Session(Connection connection, SmtpService service) {
        this.connection = connection;
        this.service = service;
    }

    void serve() throws IOException {
        connection.idle(config().idleTimeout());
        if (door() == Door.MX && !trusted()) {
            visit = service.admittance().visit(connection.peer().getAddress());
        }
        if (visit.come() instanceof Admittance.Answer.Bye bye) {
            say(bye(bye));
            return;
        }
        String name = door() == Door.LMTP ? " LMTP Casella" : " ESMTP Casella";
        say(new Reply.Told(220, List.of(config().hostName() + name)));
        try {
            while (!(state instanceof State.Over)) turn();
        } catch (Hangup e) {
            if (e.canStillSpeak()) {
                connection.farewell(switch (e.reason()) {
                    case STOPPING -> "421 4.3.2 " + config().hostName() + " Stopping, come back soon\r\n";
                    default -> "421 4.4.2 " + config().hostName() + " Waited too long\r\n";
                });
            }
            brokenOff(e.canStillSpeak() ? 421 : 0, e.canStillSpeak() && e.reason() == CloseReason.STOPPING
                    ? "The server stopped" : "The connection broke off");
            throw e;
        } catch (RuntimeException | Error e) {
            brokenOff(421, "Something went wrong here");
            // A mistake of ours: the listener logs it, and the client is not left without an answer.
            connection.farewell("421 4.3.0 " + config().hostName()
                    + " Something went wrong here, try again later\r\n");
            throw e;
        } finally {
            follow(new State.Over());
        }
    }

    private void turn() throws IOException {
        Line line = connection.readLine(AUTH_LINE_BYTES_MAX);
        if (line instanceof Line.Ended) {
            state = new State.Over();
            return;
        }
        String label = "unreadable";
        Turn turn;
        try {
            Command command = Command.parse(text(line), door());
            label = command.label();
            turn = run(command);
        } catch (Refusal refusal) {
            boolean lost = refusal.lost() || lost(line);
            turn = new Turn(lost ? new State.Over() : state, refusal.reply());
        } catch (Fault fault) {
            turn = new Turn(state, Replies.of(fault));
        }
        follow(turn.next());
        say(explained(turn.reply()));
        count(label, turn.reply());
    }

    /// Says whether nobody knows where the next command begins: behind an unreadable BDAT come octets (RFC 3030 §2).
    private static boolean lost(Line line) {
        return switch (line) {
            case Line.Flawed(var bytes, var lfAlone, _) -> lfAlone || begins(bytes, "BDAT");
            case Line.TooLong(var start, var ended) -> !ended || begins(start, "BDAT");
            case Line.Whole(var bytes) -> begins(bytes, "BDAT");
            case Line.Ended _ -> false;
        };
    }

    /// Goes on to `next`. Chunks of a message that is over give their memory back.
    private void follow(State next) {
        boolean same = next instanceof State.Chunking to && state instanceof State.Chunking from
                && to.chunks() == from.chunks();
        if (state instanceof State.Chunking(_, var chunks) && !same) chunks.close();
        state = next;
    }

    /// A message under way ends here, if it was not refused already.
    void brokenOff(int code, String reason) {
        boolean refused = state instanceof State.Chunking(_, var chunks) && chunks.refused() != null;
        State.Mailing message = State.message(state);
        if (message != null && !refused) notTaken(message, code, reason, "");
    }

    /// Tells that the message under way is not taken, for any of its recipients.
    void notTaken(State.Mailing mailing, int code, String reason, String message) {
        for (Recipient recipient : mailing.recipients()) {
            notTaken(mailing, recipient.address(), code, reason, message);
        }
    }

    /// Tells that the message under way is not taken for one recipient.
    void notTaken(State.Mailing mailing, String recipient, int code, String reason, String message) {
        String remote = door() == Door.SUBMISSION ? "" : connection.peer().getAddress().getHostAddress();
        service.notTaken().notTaken(mailing.mail().sender().text(), recipient, remote, code, reason, message);
    }

    /// Behind what cannot be done now because of the state of the system (RFC 3463 §3.4) stands what the operators say.
    private Reply explained(Reply reply) {
        return switch (reply) {
            case Reply.Later(int code, String enhanced, String text) when enhanced.startsWith("4.3.") ->
                new Reply.Later(code, enhanced, text + told());
            case Reply.Each(var replies) -> new Reply.Each(replies.stream().map(this::explained).toList());
            case Reply.Later _, Reply.Done _, Reply.Told _, Reply.GoOn _, Reply.Refused _, Reply.Said _ ->
                    reply;
        };
    }

    /// In English, which who sends may read; what he sends to is of some brand, so the worst there is.
    private String told() {
        return directory().brands().stream()
                .flatMap(brand -> service.notices().of(new Notices.Listener(brand.name(), null, "smtp", ""))
                        .stream())
                .findFirst()
                .map(notice -> ": " + notice.ascii("en"))
                .orElse("");
    }

    /// Returns the line as text.
    ///
    /// @throws Refusal if it is none
    private String text(Line line) {
        return switch (line) {
            case Line.Whole(var bytes) -> decode(bytes);
            case Line.Flawed(_, var lfAlone, _) -> throw new Refusal(lfAlone ? Replies.LF_ALONE
                    : Replies.CR_ALONE);
            case Line.TooLong _ -> throw new Refusal(Replies.LINE_TOO_LONG);
            case Line.Ended _ -> throw new IllegalStateException("the end is no line");
        };
    }

    private String decode(byte[] bytes) {
        if (bytes.length > config().lineBytesMax() && !auth(bytes)) throw new Refusal(Replies.LINE_TOO_LONG);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new Refusal(Replies.NOT_UTF8);
        }
    }

    private static boolean auth(byte[] line) {
        return begins(line, "AUTH ");
    }

    private static boolean begins(byte[] line, String word) {
        return line.length >= word.length()
                && new String(line, 0, word.length(), UTF_8).equalsIgnoreCase(word);
    }

    private Turn run(Command command) throws IOException {
        if (!grant.stands()) {
            var again = new Reply.Later(421, "4.7.0", config().hostName() + " Log in again");
            return new Turn(new State.Over(), again);
        }
        return switch (command) {
            case Command.InAnyState c -> c.run(state, this);
            case Command.WhenIdle c when state instanceof State.Idle idle -> c.run(idle, this);
            case Command.WhenIdle _ when State.message(state) != null -> new Turn(state, Replies.MAIL_OPEN);
            case Command.WhenMailing c when state instanceof State.Mailing mailing -> c.run(mailing, this);
            case Command.WhenMailing _ when state instanceof State.Idle -> new Turn(state,
                    Replies.MAIL_FIRST);
            case Command.WhenMailing _ when state instanceof State.Chunking -> new Turn(state,
                    Replies.CHUNKS_OPEN);
            case Command.WhenIdle _, Command.WhenMailing _ -> new Turn(state, helloFirst());
        };
    }

    Reply helloFirst() {
        return door() == Door.LMTP ? Replies.HELLO_FIRST_LMTP : Replies.HELLO_FIRST;
    }

    /// Writes a reply.
    void say(Reply reply) throws IOException {
        var out = new StringBuilder(80);
        reply.writeTo(out);
        if (!out.isEmpty()) connection.write(out.toString());
    }

    /// Asks with a challenge and returns the decoded answer. RFC 4954 §4
    ///
    /// @throws Refusal if the client cancels or its answer is no base 64
    byte[] ask(byte[] challenge) throws IOException {
        say(new Reply.GoOn(334, Base64.getEncoder().encodeToString(challenge)));
        return switch (connection.readLine(AUTH_LINE_BYTES_MAX)) {
            case Line.Whole(var bytes) -> {
                String answer = new String(bytes, UTF_8);
                if (answer.equals("*")) throw new Refusal(501, "5.7.0", "Log-in cancelled");
                yield Auth.decode(answer);
            }
            case Line.Flawed _ -> throw new Refusal(Replies.LF_ALONE);
            case Line.TooLong _ -> throw new Refusal(500, "5.5.6", "Line too long"); // RFC 4954 §6
            case Line.Ended _ -> throw new Refusal(501, "5.7.0", "Log-in cancelled");
        };
    }

    private void count(String label, Reply reply) throws IOException {
        metrics().add(Metric.SMTP_COMMANDS, 1, door().label(), label, reply.outcome());
        Log.event(
                Event.SMTP_COMMAND, "connection", connection.id(), "cmd", label, "code", reply.code());
        boolean mail = MAILING.contains(label) && reply.code() < 400;
        if (!mail && !onItsWay(label)) commandsWithoutMail++;
        if (mistake(label, reply)) errors++;
        if (state instanceof State.Over) return;
        if (errors >= config().errorsMax()) cutOff("errors", "Too many mistakes");
        else if (commandsWithoutMail > config().commandsWithoutMailMax()) cutOff("commands",
                "Too many commands");
        else if (logInsFailed >= LOG_INS_MAX) cutOff("log-ins", "Too many failed log-ins");
    }

    /// A mail server that speaks LMTP may ask for any number of recipients that are gone.
    private boolean mistake(String label, Reply reply) {
        boolean forgiven = door() == Door.LMTP && MAILING.contains(label) && !label.equals("mail");
        return reply.code() >= 500 && !forgiven && !onItsWay(label);
    }

    /// Chunks behind one that was refused were sent before the client knew. RFC 3030 §2
    private boolean onItsWay(String label) {
        return label.equals("bdat") && state instanceof State.Chunking;
    }

    private void cutOff(String why, String text) throws IOException {
        Log.event(Event.SMTP_CUT_OFF, "connection", connection.id(), "why", why);
        say(new Reply.Later(421, "4.7.0", config().hostName() + " " + text));
        brokenOff(421, text);
        follow(new State.Over());
    }

    /// Returns the client's visit: what is held against strangers.
    Admittance.Visit visit() {
        return visit;
    }

    /// Returns the turn that `answer` makes of `otherwise`.
    Turn unless(Admittance.Answer answer, State stays, Turn otherwise) {
        return switch (answer) {
            case Admittance.Answer.Fine _ -> otherwise;
            case Admittance.Answer.No(int code, String enhanced, String text) -> new Turn(stays,
                    code < 500 ? new Reply.Later(code, enhanced, text)
                            : new Reply.Refused(code, enhanced, text));
            case Admittance.Answer.Bye bye -> {
                brokenOff(421, bye.text());
                yield new Turn(new State.Over(), bye(bye));
            }
        };
    }

    private Reply bye(Admittance.Answer.Bye bye) {
        return new Reply.Later(421, bye.enhanced(), config().hostName() + " " + bye.text());
    }

    /// Forgives a mistake: who brings mail is no scanner.
    void messageKept() {
        commandsWithoutMail = 0;
        errors = Math.max(0, errors - 1);
    }

    /// Ends the session when `grant` does.
    void rely(Authenticator.Grant grant) {
        this.grant = grant;
    }

    Turn logInFailed(State.Idle idle, Reply reply) {
        logInsFailed++;
        return new Turn(idle, reply);
    }

    /// Returns a new name for a message of this session.
    String nextTransmission() {
        return connection.id() + "-" + ++transmissions;
    }

    /// Returns the transmission type for `Received`. RFC 3848, RFC 6531 §4.3
    String with(State.Mailing mailing) {
        String base = door() == Door.LMTP ? "LMTP" : mailing.hello().extended() ? "ESMTP" : "SMTP";
        if (mailing.mail().options().utf8()) base = door() == Door.LMTP ? "UTF8LMTP" : "UTF8SMTP";
        if (base.equals("SMTP")) return base;
        return base + (connection.secure() ? "S" : "") + (mailing.client().account() != null ? "A" : "");
    }

    /// Says whether STARTTLS makes sense now.
    boolean canStartTls() {
        return tls() != null && !connection.secure();
    }

    /// Says whether this client may say how urgent its mail is: our own users may say that it is not. RFC 6710
    boolean hearsPriority() {
        return door() == Door.SUBMISSION || trusted();
    }

    /// Says whether the client is one of the mail servers that the operators trust.
    boolean trusted() {
        InetAddress peer = connection.peer().getAddress();
        return config().trustedPeers().stream().anyMatch(network -> network.has(peer));
    }

    /// Says whether a password may be sent over this connection.
    boolean offersAuth() {
        boolean safe = connection.secure() || (config().authWithoutTls() && connection.loopback());
        return door() == Door.SUBMISSION && safe;
    }

    Deadline dataDeadline() {
        return Deadline.in(config().dataTimeMax());
    }

    Connection connection() {
        return connection;
    }

    Door door() {
        return service.door();
    }

    SmtpConfig config() {
        return service.config();
    }

    @Nullable TlsContext tls() {
        return service.tls();
    }

    Delivery delivery() {
        return service.delivery();
    }

    SendingAllowance sending() {
        return service.sending();
    }

    Directory directory() {
        return service.directory();
    }

    Mechanisms mechanisms() {
        return service.mechanisms();
    }

    Room room() {
        return service.room();
    }

    Clock clock() {
        return service.clock();
    }

    Metrics metrics() {
        return service.metrics();
    }
}
