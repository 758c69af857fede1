package casella.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.message.envelope.Body;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Ret;
import casella.queue.QueuedMessage;
import casella.queue.RemoteItem;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One conversation with another server, on one virtual thread: greeting, TLS, then messages. RFC 5321 §3.3.
///
/// Each step has a time of its own (RFC 5321 §4.5.3.2), and [#overdue] says when all of it has taken too long: a socket's
/// writes know no time, so whoever watches closes it then.
final class SmtpClient implements AutoCloseable {
    /// How long a conversation waits.
    ///
    /// @param connect for the connection; RFC 5321 leaves it to us
    /// @param step for an answer. RFC 5321 §4.5.3.2.1 to §4.5.3.2.5
    /// @param end for the answer to the end of a message. RFC 5321 §4.5.3.2.6
    /// @param message for one message in all, from MAIL to the last answer
    record Times(Duration connect, Duration step, Duration end, Duration message) {
        static final Times USUAL = new Times(
                Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofMinutes(10),
                        Duration.ofMinutes(30));
    }

    /// Who logs in, where a server asks for it. RFC 4954, RFC 4616
    record LogIn(String user, String password) {
        @Override
        public String toString() {
            return "LogIn[" + user + "]";
        }
    }

    private static final int LINE_BYTES_MAX = 4_096;
    private static final int LINES_MAX = 128;
    private static final int OUT_BYTES = 64 << 10;
    /// Commands sent before an answer is read, so that neither side waits for the other with full buffers. RFC 2920 §3.1
    private static final int PIPELINED_MAX = 50;

    private final String host;
    private final String ourName;
    private final Times times;
    private volatile Socket socket;
    private InputStream in;
    private OutputStream out;
    private Extensions extensions = Extensions.NONE;
    private boolean secure;
    private volatile boolean usable = true;
    private volatile long overdueNanos;

    private SmtpClient(Socket socket, String host, String ourName, Times times) throws IOException {
        this.socket = socket;
        this.host = host;
        this.ourName = ourName;
        this.times = times;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), OUT_BYTES);
        this.overdueNanos = System.nanoTime() + times.message().toNanos();
    }

    /// Opens a conversation: connected, greeted, secured as far as `policy` asks, and logged in.
    ///
    /// @param host the server's name
    /// @throws Broken if that cannot be had, with what it means for mail
    static SmtpClient open(
            InetSocketAddress address, String host, String ourName, TlsPolicy policy, @Nullable LogIn logIn,
                    Times times)
            throws Broken {
        try {
            return opened(address, host, ourName, policy, logIn, times);
        } catch (TlsMissed e) {
            if (!(policy instanceof TlsPolicy.Opportunistic)) throw new Broken("4.7.5", host, e);
            // Better unprotected than not at all, where nobody asks for more.
            try {
                return opened(address, host, ourName, new TlsPolicy.None(), logIn, times);
            } catch (TlsMissed never) {
                throw new Broken("4.7.5", "TLS failed", never);
            }
        }
    }

    /// TLS was begun and did not come about.
    private static final class TlsMissed extends IOException {
        private static final long serialVersionUID = 1L;

        TlsMissed(IOException cause) {
            super("TLS did not come about", cause);
        }
    }

    private static SmtpClient opened(
            InetSocketAddress address, String host, String ourName, TlsPolicy policy, @Nullable LogIn logIn,
                    Times times)
            throws Broken, TlsMissed {
        Socket socket = new Socket();
        SmtpClient client = null;
        try {
            socket.connect(address, (int) times.connect().toMillis());
            socket.setSoTimeout((int) times.step().toMillis());
            socket.setTcpNoDelay(true);
            client = new SmtpClient(socket, host, ourName, times);
            client.begin(policy, logIn);
            return client;
        } catch (Broken | TlsMissed e) {
            close(socket, client);
            throw e;
        } catch (IOException e) {
            close(socket, client);
            throw new Broken("4.4.1", "No connection to " + host, e);
        }
    }

    private static void close(Socket socket, @Nullable SmtpClient client) {
        if (client != null) client.close();
        try {
            socket.close();
        } catch (IOException e) {
            return; // what cannot be closed is not open
        }
    }

    private void begin(TlsPolicy policy, @Nullable LogIn logIn) throws IOException {
        boolean first = policy instanceof TlsPolicy.Verified(var tlsFirst, _) && tlsFirst;
        if (first) secured(policy);
        ServerReply greeting = reply();
        if (!greeting.good()) throw new Broken(greeting.status(), host + " greeted with " + greeting.text());
        hello();
        if (!secure && !(policy instanceof TlsPolicy.None)) startTls(policy);
        if (logIn != null) logIn(logIn);
    }

    private void hello() throws IOException {
        ServerReply ehlo = ask("EHLO " + ourName);
        if (ehlo.good()) {
            extensions = Extensions.of(ehlo.lines());
            return;
        }
        // RFC 5321 §3.2: a server that does not know EHLO
        ServerReply helo = ehlo.code() / 100 == 5 ? ask("HELO " + ourName) : ehlo;
        if (!helo.good()) throw new Broken(helo.status(), host + " answered HELO with " + helo.text());
        extensions = Extensions.NONE;
    }

    private void startTls(TlsPolicy policy) throws IOException {
        if (!extensions.has("STARTTLS")) {
            if (policy instanceof TlsPolicy.Opportunistic) return;
            throw new Broken("4.7.4", host + " does not offer STARTTLS");
        }
        ServerReply reply = ask("STARTTLS");
        if (!reply.good()) {
            if (policy instanceof TlsPolicy.Opportunistic) return;
            throw new Broken("4.7.4", host + " answered STARTTLS with " + reply.text());
        }
        // What is here before TLS was put there by somebody else. RFC 3207 §6
        if (in.available() > 0) throw new Broken("4.7.5", host + " spoke before TLS began");
        secured(policy);
        hello(); // what was said before is forgotten: RFC 3207 §4.2
    }

    private void secured(TlsPolicy policy) throws IOException {
        try {
            socket = Tls.begin(socket, host, policy);
        } catch (Broken e) {
            throw e;
        } catch (IOException e) {
            throw new TlsMissed(e);
        }
        socket.setSoTimeout((int) times.step().toMillis());
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream(), OUT_BYTES);
        secure = true;
    }

    private void logIn(LogIn logIn) throws IOException {
        boolean here = socket.getInetAddress().isLoopbackAddress();
        if (!secure && !here) throw new Broken("4.7.4", "No password is sent without TLS");
        byte[] plain = ("\0" + logIn.user() + "\0" + logIn.password()).getBytes(UTF_8);
        say("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
        ServerReply reply = reply();
        if (!reply.good()) throw new Broken("4.7.0", host + " answered AUTH with " + reply.text());
    }

    /// Returns the server's name.
    String host() {
        return host;
    }

    boolean secure() {
        return secure;
    }

    /// Says whether it passes on what a sender wants to be told. RFC 3461 §3
    boolean reports() {
        return extensions.has("DSN");
    }

    /// Says whether another message may go over it.
    boolean usable() {
        return usable;
    }

    /// Says whether one message has taken longer than any may.
    boolean overdue() {
        return System.nanoTime() - overdueNanos > 0;
    }

    // A message.

    /// Sends a message to recipients at this server and returns what became of each, in their order.
    ///
    /// Never throws: a conversation that breaks is [Fate.Later] for those without an answer, and not usable any more. After
    /// the end of the message was sent without an answer nobody knows whether it was taken: it is sent again (RFC 1047
    /// "Duplicate Messages and SMTP").
    Map<RemoteItem, Fate> send(QueuedMessage message, List<RemoteItem> to) {
        overdueNanos = System.nanoTime() + times.message().toNanos();
        var fates = new LinkedHashMap<RemoteItem, Fate>();
        Needs needs = Needs.of(message.content());
        Fate unfit = unfit(message, to, needs);
        if (unfit != null) {
            for (RemoteItem one : to) fates.put(one, unfit);
            return fates;
        }
        try {
            transfer(message, to, needs, fates);
        } catch (IOException e) {
            usable = false;
            String status = e instanceof Broken broken ? broken.status() : "4.4.2";
            String why = e instanceof Broken broken ? String.valueOf(broken.getMessage())
                    : new Broken(status, "The connection to " + host + " broke", e).getMessage();
            var later = new Fate.Later(status, String.valueOf(why), host);
            for (RemoteItem one : to) fates.putIfAbsent(one, later);
        }
        return fates;
    }

    /// Returns why the server cannot take the message; null if it can.
    private @Nullable Fate unfit(QueuedMessage message, List<RemoteItem> to, Needs needs) {
        if (message.content().length > extensions.size()) {
            return new Fate.Refused("5.3.4", "The server takes " + extensions.size() + " bytes at most",
                    host);
        }
        boolean ascii = ascii(message.sender()) && to.stream().allMatch(one -> ascii(one.address()));
        if ((!ascii || needs.utf8Header()) && !extensions.has("SMTPUTF8")) { // RFC 6531 §3.2
            return new Fate.Refused("5.6.7", "The server takes no addresses or headers beyond ASCII", host);
        }
        if (needs.binary() && message.options().body() == Body.BINARY_MIME && !binary()) { // RFC 3030 §3
            return new Fate.Refused("5.6.1", "The server takes no binary messages", host);
        }
        // A server that drops NULs would see the end of data in CR LF NUL dot CR LF; one that is told the length does not look.
        if (needs.nul() && !extensions.has("CHUNKING")) {
            return new Fate.Refused("5.6.0", "The message holds a NUL, which cannot be sent there", host);
        }
        if (needs.eightBit() && !extensions.has("8BITMIME")) { // RFC 6152 §3
            return new Fate.Refused("5.6.3", "The server takes no 8-bit messages", host);
        }
        return null;
    }

    private boolean binary() {
        return extensions.has("CHUNKING") && extensions.has("BINARYMIME");
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private void transfer(QueuedMessage message, List<RemoteItem> to, Needs needs, Map<RemoteItem,
            Fate> fates)
            throws IOException {
        boolean binary = needs.binary() && message.options().body() == Body.BINARY_MIME;
        say(mail(message, to, needs, binary));
        int waiting = 1;
        boolean pipelining = extensions.has("PIPELINING");
        var answered = new ArrayList<ServerReply>();
        for (RemoteItem one : to) {
            if (!pipelining || waiting == PIPELINED_MAX) waiting = read(waiting, answered);
            // Whoever was refused at MAIL is not named for nothing, where that is known.
            if (!pipelining && !answered.getFirst().good()) break;
            say(rcpt(one));
            waiting++;
        }
        read(waiting, answered);
        ServerReply mail = answered.getFirst();
        if (!mail.good()) {
            for (RemoteItem one : to) fates.put(one, mail.fate(host));
            reset();
            return;
        }
        var taken = new ArrayList<RemoteItem>();
        for (int i = 0; i < to.size(); i++) {
            ServerReply reply = answered.get(i + 1);
            if (reply.good()) taken.add(to.get(i));
            else fates.put(to.get(i), reply.fate(host));
        }
        if (taken.isEmpty()) {
            reset();
            return;
        }
        ServerReply end = binary || extensions.has("CHUNKING") ? chunk(message.content(), needs, binary)
                : data(message.content());
        for (RemoteItem one : taken) {
            fates.put(one, end.good() ? new Fate.Taken(end.status(), end.text(), host) : end.fate(host));
        }
    }

    /// Reads the answers to `waiting` commands; returns how many are still to come: none.
    private int read(int waiting, List<ServerReply> answered) throws IOException {
        out.flush();
        for (int i = 0; i < waiting; i++) answered.add(reply());
        return 0;
    }

    private String mail(QueuedMessage message, List<RemoteItem> to, Needs needs, boolean binary) {
        MailOptions options = message.options();
        var line = new StringBuilder("MAIL FROM:<").append(message.sender()).append('>');
        if (extensions.has("SIZE")) line.append(" SIZE=").append(message.content().length);
        if (binary) line.append(" BODY=BINARYMIME");
        else if (needs.eightBit()) line.append(" BODY=8BITMIME");
        boolean utf8 = needs.utf8Header() || !ascii(message.sender()) || to.stream().anyMatch(one ->
                !ascii(one.address()));
        if (utf8) line.append(" SMTPUTF8");
        if (reports()) {
            if (options.ret() != Ret.UNSAID) line.append(" RET=").append(options.ret().word());
            if (!options.envid().isEmpty()) line.append(" ENVID=").append(options.envid());
        }
        if (options.mtPriority() != 0 && extensions.has("MT-PRIORITY")) {
            line.append(" MT-PRIORITY=").append(options.mtPriority());
        }
        return line.toString();
    }

    private String rcpt(RemoteItem one) {
        var line = new StringBuilder("RCPT TO:<").append(one.address()).append('>');
        if (!reports()) return line.toString();
        String notify = one.dsn().word();
        if (!notify.isEmpty()) line.append(" NOTIFY=").append(notify);
        if (!one.dsn().original().isEmpty()) line.append(" ORCPT=").append(one.dsn().original());
        return line.toString();
    }

    /// RFC 5321 §4.1.1.4
    private ServerReply data(byte[] content) throws IOException {
        ServerReply go = ask("DATA");
        if (go.code() != 354) {
            if (go.good()) throw new Broken("4.5.0", host + " answered DATA with " + go.text());
            reset();
            return go;
        }
        writeDotted(content);
        out.write(new byte[] {'.', '\r', '\n'});
        return end();
    }

    /// RFC 3030 §2
    private ServerReply chunk(byte[] content, Needs needs, boolean binary) throws IOException {
        byte[] sent = binary || !needs.binary() ? content : inLines(content);
        out.write(("BDAT " + sent.length + " LAST\r\n").getBytes(UTF_8));
        out.write(sent);
        return end();
    }

    private ServerReply end() throws IOException {
        out.flush();
        socket.setSoTimeout((int) times.end().toMillis());
        ServerReply end = reply();
        socket.setSoTimeout((int) times.step().toMillis());
        return end;
    }

    /// Writes content with dots doubled, every line ended by CR LF, and a line end behind it. RFC 5321 §4.5.2.
    ///
    /// A CR or LF that stands alone becomes a line end: whoever takes one for the other would see another message in this
    /// one, or its end (RFC 5321 §2.3.8).
    private void writeDotted(byte[] content) throws IOException {
        int from = 0;
        boolean lineStart = true;
        for (int i = 0; i < content.length; i++) {
            byte b = content[i];
            if (lineStart && b == '.') {
                out.write(content, from, i - from);
                out.write('.');
                from = i;
            }
            lineStart = false;
            if (b != '\r' && b != '\n') continue;
            out.write(content, from, i - from);
            out.write('\r');
            out.write('\n');
            if (b == '\r' && i + 1 < content.length && content[i + 1] == '\n') i++;
            from = i + 1;
            lineStart = true;
        }
        out.write(content, from, content.length - from);
        if (!lineStart) out.write(new byte[] {'\r', '\n'});
    }

    private static byte[] inLines(byte[] content) {
        var out = new ByteArrayOutputStream(content.length + 100);
        for (int i = 0; i < content.length; i++) {
            byte b = content[i];
            if (b != '\r' && b != '\n') {
                out.write(b);
                continue;
            }
            out.write('\r');
            out.write('\n');
            if (b == '\r' && i + 1 < content.length && content[i + 1] == '\n') i++;
        }
        return out.toByteArray();
    }

    private void reset() throws IOException {
        ServerReply reply = ask("RSET");
        if (!reply.good()) usable = false;
    }

    // Lines.

    private void say(String command) throws IOException {
        if (command.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw new Broken("5.1.3", "An address holds a control character");
        }
        out.write(command.getBytes(UTF_8));
        out.write('\r');
        out.write('\n');
    }

    private ServerReply ask(String command) throws IOException {
        say(command);
        return reply();
    }

    private ServerReply reply() throws IOException {
        out.flush();
        var lines = new ArrayList<String>();
        while (lines.size() < LINES_MAX) {
            String line = line();
            if (!line.matches("[2-5]\\d\\d([ -].*)?")) throw new Broken("4.5.0", host
                    + " does not speak SMTP");
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() > 3 && line.charAt(3) == '-') continue;
            int code = Integer.parseInt(line.substring(0, 3));
            // RFC 5321 §3.8: the server goes away
            if (code == 421) usable = false;
            return new ServerReply(code, lines);
        }
        throw new Broken("4.5.0", host + " answers without end");
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c == '\n') return line.toString();
            // One byte now and then is within the time of each step.
            if (overdue()) throw new Broken("4.4.2", host + " took too long");
            if (c < 0) throw new Broken("4.4.2", host + " closed the connection");
            if (line.length() == LINE_BYTES_MAX) throw new Broken("4.5.0", host
                    + " answers with too long a line");
            if (c != '\r') line.append(c >= ' ' && c < 0x7F ? (char) c : '?');
        }
    }

    /// Says good-bye where there is somebody to say it to, and closes the connection. Waits for nobody.
    @Override
    public void close() {
        try {
            if (usable) {
                say("QUIT");
                out.flush();
            }
        } catch (IOException e) {
            usable = false;
        } finally {
            abort();
        }
    }

    /// Closes the connection, whatever goes on over it. From any thread.
    void abort() {
        usable = false;
        try {
            socket.close();
        } catch (IOException e) {
            return; // what cannot be closed is not open
        }
    }
}
