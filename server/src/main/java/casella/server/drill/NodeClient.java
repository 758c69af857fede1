package casella.server.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client of a server under drill, by its ports, as owners and other servers come. It connects again when it has to.
public final class NodeClient implements AutoCloseable {
    /// The password of every owner there.
    public static final String PASSWORD = "casella";
    private static final int TIME_MILLIS = 10_000;
    private static final Pattern UID = Pattern.compile("UID (\\d+)");
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");
    private static final Pattern UID_VALIDITY = Pattern.compile("UIDVALIDITY (\\d+)");

    private final Ports ports;
    private final String door;
    private final String address;
    private Socket socket = new Socket();
    private BufferedReader in = new BufferedReader(InputStreamReader.nullReader());

    /// @param door `imap` or `lmtp`
    /// @param address of the owner who reads; whom mail is for where nobody says otherwise
    public NodeClient(Ports ports, String door, String address) {
        this.ports = ports;
        this.door = door;
        this.address = address;
    }

    /// What is in the inbox.
    ///
    /// @param subjects by UID
    public record Inbox(long uidValidity, Map<Long, String> subjects) {
        public Inbox {
            subjects = Map.copyOf(subjects);
        }
    }

    private void connect() throws IOException {
        if (socket.isConnected() && !socket.isClosed()) return;
        socket = new Socket();
        var at = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.port(door));
        socket.connect(at, TIME_MILLIS);
        socket.setSoTimeout(TIME_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        line();
        if (door.equals("imap")) command("LOGIN " + address + " " + PASSWORD);
        else reply("LHLO drill.example");
    }

    private String line() throws IOException {
        String line = in.readLine();
        if (line == null) throw new IOException("the connection ended");
        return line;
    }

    private void send(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private List<String> command(String text) throws IOException {
        send("d " + text);
        var lines = new ArrayList<String>();
        do lines.add(line());
        while (!lines.getLast().startsWith("d "));
        if (!lines.getLast().startsWith("d OK")) throw new IOException(lines.getLast());
        return lines;
    }

    private String reply(String text) throws IOException {
        send(text);
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') line = line();
        return line;
    }

    /// Reads the inbox.
    ///
    /// @throws IOException if the server does not serve it now; the next call connects again
    public Inbox inbox() throws IOException {
        try {
            connect();
            Matcher validity = UID_VALIDITY.matcher(String.join("\n", command("SELECT INBOX")));
            if (!validity.find()) throw new IOException("no UIDVALIDITY");
            var subjects = new HashMap<Long, String>();
            long uid = 0;
            for (String line : command("UID FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")) {
                Matcher number = UID.matcher(line);
                if (line.startsWith("* ") && number.find()) uid = Long.parseLong(number.group(1));
                if (line.startsWith("Subject: ")) subjects.put(uid, line.substring("Subject: ".length()));
            }
            return new Inbox(Long.parseLong(validity.group(1)), subjects);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Reads the text of a mail of the inbox, which was opened by [#inbox()].
    ///
    /// @return as it was sent, without the last line's end; empty if there is no such mail
    /// @throws IOException if the server does not serve it now; the next call connects again
    public String text(long uid) throws IOException {
        try {
            connect();
            Iterator<String> lines = command("UID FETCH " + uid + " (BODY.PEEK[TEXT])").iterator();
            var text = new StringJoiner("\n");
            while (lines.hasNext()) {
                Matcher literal = LITERAL.matcher(lines.next());
                if (!literal.find()) continue;
                long left = Long.parseLong(literal.group(1));
                while (left > 0 && lines.hasNext()) {
                    String line = lines.next();
                    text.add(line);
                    left -= line.length() + 2L;
                }
            }
            return text.toString();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Delivers a small mail; returns whether it was answered as kept.
    ///
    /// @throws IOException if there was no answer: it may have been kept or not
    boolean deliver(String subject) throws IOException {
        return deliver(address, subject, "A drill.");
    }

    /// As above, to anybody.
    ///
    /// @param text lines, none of which begins with a dot
    public boolean deliver(String to, String subject, String text) throws IOException {
        try {
            connect();
            String mail = "From: <noreply@drill.example>\r\nSubject: " + subject + "\r\n\r\n"
                    + text.replace("\n", "\r\n") + "\r\n.";
            for (String order : List.of("MAIL FROM:<noreply@drill.example>", "RCPT TO:<" + to + ">", "DATA")) {
                String answer = reply(order);
                if (answer.startsWith("2") || answer.startsWith("3")) continue;
                reply("RSET");
                return false;
            }
            return reply(mail).startsWith("250");
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
