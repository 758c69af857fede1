package casella.server;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A client of SMTP, LMTP, IMAP and POP3 that gives every answer so long and no longer: what does not come in time fails
/// the test.
final class PromptClient implements AutoCloseable {
    static final Duration REPLY = Duration.ofSeconds(30);

    private final Socket socket;
    private final BufferedReader in;

    PromptClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) REPLY.toMillis());
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /// Opens IMAP, logs in with the demo's password and returns when that is done.
    static PromptClient imap(int port, String address) throws IOException {
        var client = new PromptClient(port);
        String answer = client.ask("l LOGIN " + address + " casella");
        if (!answer.startsWith("l OK")) throw new IOException("log-in refused: " + answer);
        return client;
    }

    String line() throws IOException {
        String line = in.readLine();
        if (line == null) throw new EOFException("connection closed");
        return line;
    }

    void send(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends an IMAP command and returns its tagged answer, or the continuation.
    String ask(String line) throws IOException {
        return all(line).getLast();
    }

    /// Sends an IMAP command and returns everything up to its tagged answer, or the continuation.
    List<String> all(String line) throws IOException {
        send(line);
        String tag = line.split(" ")[0] + " ";
        var lines = new ArrayList<String>();
        do lines.add(line());
        while (!lines.getLast().startsWith(tag) && !lines.getLast().startsWith("+"));
        return lines;
    }

    String untilStarts(String start) throws IOException {
        String line = line();
        while (!line.startsWith(start)) line = line();
        return line;
    }

    /// Reads one SMTP reply and returns its last line.
    String reply() throws IOException {
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') line = line();
        return line;
    }

    /// Sends an SMTP command and returns the last line of its reply.
    String order(String line) throws IOException {
        send(line);
        return reply();
    }

    /// Delivers a small mail with this subject and returns the reply that decided.
    static String deliver(int port, String hello, String recipient, String subject) throws IOException {
        try (var client = new PromptClient(port)) {
            client.reply();
            client.order(hello + " test.example");
            client.order("MAIL FROM:<x@test.example>");
            String rcpt = client.order("RCPT TO:<" + recipient + ">");
            if (!rcpt.startsWith("250")) return rcpt;
            String data = client.order("DATA");
            if (!data.startsWith("354")) return data;
            return client.order("Subject: " + subject + "\r\n\r\ntesto\r\n.");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
