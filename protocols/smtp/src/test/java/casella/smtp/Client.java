package casella.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.TestCertificate;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// One connection that reads its replies.
final class Client implements AutoCloseable {
    Socket socket;
    BufferedReader in;

    Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    /// Goes on over TLS of one version.
    void startTls(String protocol) throws IOException {
        var secured = (SSLSocket) TestCertificate.context().getSocketFactory()
                .createSocket(socket, "localhost", socket.getPort(), true);
        secured.setEnabledProtocols(new String[] {protocol});
        secured.startHandshake();
        socket = secured;
        in = new BufferedReader(new InputStreamReader(secured.getInputStream(), ISO_8859_1));
    }

    SSLSession session() {
        return ((SSLSocket) socket).getSession();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    String reply() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') line = in.readLine();
        return line == null ? "<closed>" : line;
    }

    String say(String line) throws IOException {
        send((line + "\r\n").getBytes(ISO_8859_1));
        return reply();
    }

    /// Sends a message with its dots doubled.
    String message(byte[] content) throws IOException {
        assertThat(say("DATA")).startsWith("354");
        var out = new ByteArrayOutputStream();
        boolean start = true;
        for (byte b : content) {
            if (start && b == '.') out.write('.');
            out.write(b);
            start = b == '\n';
        }
        out.writeBytes(".\r\n".getBytes(ISO_8859_1));
        send(out.toByteArray());
        return reply();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// Returns one that has named `recipients` for a message.
    static Client to(int port, String... recipients) throws IOException {
        var client = new Client(port);
        assertThat(client.reply()).startsWith("220");
        assertThat(client.say("EHLO a")).startsWith("250");
        assertThat(client.say("MAIL FROM:<x@other.example>")).startsWith("250");
        for (String recipient : recipients) assertThat(client.say("RCPT TO:<" + recipient + ">")).startsWith("250");
        return client;
    }
}
