package casella.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;

/// One connection of a dialogue, as lines of readable text.
final class DialogueClient {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int QUIET_MILLIS = 400;
    private static final String CLOSED = "<closed>";

    private Socket socket;
    private InputStream in;

    DialogueClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void startTls() throws IOException {
        var secured = (SSLSocket)
                TestCertificate.context().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        secured.setSoTimeout(PATIENCE_MILLIS);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
    }

    /// Sends a line, or with `bytes` exactly what the escapes say.
    void send(String text, boolean bytes) throws IOException {
        socket.getOutputStream().write(bytes ? unescape(text) : (text + "\r\n").getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    /// Returns the next line: `<closed>` if the server closed, `<silence>` if it says nothing.
    String receive() throws IOException {
        return receive(PATIENCE_MILLIS);
    }

    private String receive(int millis) throws IOException {
        socket.setSoTimeout(millis);
        var line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) return line.size() == 0 ? CLOSED : shown(line.toByteArray(), "<closed in line>");
                line.write(b);
            }
        } catch (SocketTimeoutException e) {
            return line.size() == 0 ? "<silence>" : shown(line.toByteArray(), "<silence>");
        } catch (IOException e) {
            return CLOSED;
        }
        byte[] bytes = line.toByteArray();
        boolean crlf = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return crlf ? shown(java.util.Arrays.copyOf(bytes, bytes.length - 1), "") : shown(bytes, "<LF>");
    }

    List<String> receiveUntilQuiet() throws IOException {
        var lines = new ArrayList<String>();
        for (String line = receive(QUIET_MILLIS * 5); !line.equals("<silence>"); line = receive(QUIET_MILLIS)) {
            lines.add(line);
            if (line.equals(CLOSED)) break;
        }
        return lines;
    }

    /// Returns what already came and nobody asked for.
    String unread() throws IOException {
        if (socket.isClosed() || in.available() == 0) return "";
        return receive(QUIET_MILLIS);
    }

    void close() throws IOException {
        socket.close();
    }

    private static String shown(byte[] bytes, String end) {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            text = new String(bytes, ISO_8859_1);
        }
        boolean utf8 = text.length() != bytes.length || text.chars().allMatch(c -> c < 0x80);
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean strange = c < ' ' || c == 0x7F || (!utf8 && c >= 0x80);
            if (strange) out.append(String.format("\\x%02x", (int) c));
            else out.append(c);
        }
        return out + end;
    }

    /// `\r`, `\n`, `\t`, `\\`, `\xHH`; anything else is UTF-8.
    private static byte[] unescape(String text) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                int point = text.codePointAt(i);
                out.writeBytes(Character.toString(point).getBytes(UTF_8));
                if (Character.isSupplementaryCodePoint(point)) i++;
                continue;
            }
            char next = text.charAt(++i);
            switch (next) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '\\' -> out.write('\\');
                case 'x' -> {
                    out.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> throw new IllegalArgumentException("unknown escape \\" + next);
            }
        }
        return out.toByteArray();
    }
}
