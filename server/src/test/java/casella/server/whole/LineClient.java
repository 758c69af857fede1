package casella.server.whole;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A plain client of SMTP, LMTP and IMAP for tests: what it sends and reads are bytes.
final class LineClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    LineClient(int port) throws IOException {
        this(InetAddress.getLoopbackAddress().getHostAddress(), port);
    }

    LineClient(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /// Opens LMTP and says hello.
    static LineClient lmtp(int port) throws IOException {
        var client = new LineClient(port);
        client.reply();
        client.send("LHLO test.example");
        client.reply();
        return client;
    }

    /// Opens IMAP and logs in with the demo's password.
    static LineClient imap(int port, String address) throws IOException {
        var client = new LineClient(port);
        client.line();
        client.command("l", "LOGIN " + address + " casella");
        return client;
    }

    void send(String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    String line() throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            int c = in.read();
            if (c < 0) throw new EOFException("connection closed");
            if (c == '\n') return line.toString(StandardCharsets.ISO_8859_1);
            if (c != '\r') line.write(c);
        }
    }

    /// Reads one SMTP reply and returns its last line.
    String reply() throws IOException {
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') line = line();
        return line;
    }

    /// Delivers over LMTP or SMTP and returns the last reply.
    String deliver(String sender, String recipient, byte[] mail) throws IOException {
        send("MAIL FROM:<" + sender + ">");
        String from = reply();
        if (!from.startsWith("250")) return from;
        send("RCPT TO:<" + recipient + ">");
        String to = reply();
        if (!to.startsWith("250")) {
            send("RSET");
            reply();
            return to;
        }
        send("DATA");
        String data = reply();
        if (!data.startsWith("354")) return data;
        boolean start = true;
        for (byte b : mail) {
            if (start && b == '.') out.write('.');
            out.write(b);
            start = b == '\n';
        }
        send((start ? "" : "\r\n") + ".");
        return reply();
    }

    /// Sends an IMAP command and returns the lines before and with its tagged answer.
    List<String> command(String tag, String text) throws IOException {
        send(tag + " " + text);
        var lines = new ArrayList<String>();
        do lines.add(line());
        while (!lines.getLast().startsWith(tag + " "));
        return lines;
    }

    /// Returns the exact bytes of every message of a mailbox by UID.
    SortedMap<Long, byte[]> bodies(String mailbox) throws IOException {
        command("b1", "EXAMINE " + mailbox);
        var bodies = new TreeMap<Long, byte[]>();
        send("b2 UID FETCH 1:* (UID BODY.PEEK[])");
        for (String line = line(); !line.startsWith("b2 "); line = line()) {
            if (!line.endsWith("}")) continue;
            int length = Integer.parseInt(line.substring(line.lastIndexOf('{') + 1, line.length() - 1));
            byte[] body = in.readNBytes(length);
            String rest = line() + line;
            String uid = rest.replaceAll("(?s).*UID (\\d+).*", "$1");
            bodies.put(Long.parseLong(uid), body);
        }
        return bodies;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
