package casella.imap;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client that sends commands and gives back the answers, literals in place, one char a byte.
final class TestClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private int number;

    TestClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        answer();
    }

    static TestClient loggedIn(int port) throws IOException {
        var client = new TestClient(port);
        client.ok("LOGIN anna@posta.example casella");
        return client;
    }

    /// Sends a command and returns its answers, the tagged one last.
    List<String> send(String command) throws IOException {
        String tag = "t" + ++number;
        socket.getOutputStream().write((tag + " " + command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        var answers = new ArrayList<String>();
        do answers.add(answer()); while (!answers.getLast().startsWith(tag + " "));
        return answers;
    }

    /// Sends a command that must succeed and returns its untagged answers.
    List<String> ok(String command) throws IOException {
        List<String> answers = send(command);
        if (!answers.getLast().matches("t\\d+ OK .*")) throw new AssertionError(command + ": " + answers.getLast());
        return answers.subList(0, answers.size() - 1);
    }

    private String answer() throws IOException {
        var answer = new StringBuilder();
        while (true) {
            String line = line();
            answer.append(line);
            LiteralHead head = LiteralHead.endOf(line);
            if (head == null) return answer.toString();
            byte[] literal = in.readNBytes((int) head.size());
            answer.append("\r\n").append(new String(literal, StandardCharsets.ISO_8859_1));
        }
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) throw new EOFException("the server closed");
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
