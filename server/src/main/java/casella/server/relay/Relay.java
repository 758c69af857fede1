package casella.server.relay;

import casella.server.config.AlertsSection;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// Sends mail over a server that is not this one: what is wrong here must not keep its own news.
///
/// One connection a mail, with TLS checked against the host's name, and a log-in where there is one. RFC 5321 §3.3,
/// RFC 3207 §4, RFC 4954 §4, RFC 4616 §2. Waits up to ten seconds at each step: for threads that may.
public final class Relay {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final int LINE_BYTES_MAX = 2_048;
    private static final int LINES_MAX = 100;

    private final AlertsSection.Relay config;
    private final String password;
    private final SSLSocketFactory tls;
    private final String server;

    private Relay(AlertsSection.Relay config, String password, SSLSocketFactory tls, String server) {
        this.config = config;
        this.password = password;
        this.tls = tls;
        this.server = server;
    }

    /// @param server the name of this one, said in the greeting
    /// @throws IOException if the certificate or the password cannot be read
    public static Relay of(AlertsSection.Relay config, String server) throws IOException {
        String password = config.password().isEmpty() ? ""
                : Files.readString(config.password().get()).strip();
        return new Relay(config, password, trusting(config), server);
    }

    private static SSLSocketFactory trusting(AlertsSection.Relay config) throws IOException {
        if (config.certificate().isEmpty()) return (SSLSocketFactory) SSLSocketFactory.getDefault();
        Path file = config.certificate().get();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
            trusted.setCertificateEntry("relay", certificate);
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("alerts.relay-certificate: " + file + " holds no certificate", e);
        }
    }

    /// Sends a mail.
    ///
    /// @param from the sender, for the relay: RFC 5321 §4.1.1.2
    /// @param mail header and text, lines ended by CR LF
    /// @throws IOException if it was not taken for each of `to`
    public void send(String from, List<String> to, byte[] mail) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(config.host(), config.port()), (int) TIME.toMillis());
            plain.setSoTimeout((int) TIME.toMillis());
            boolean first = config.tls().equals("tls");
            try (Socket socket = first ? secured(plain) : plain) {
                var talk = new Talk(socket);
                talk.expect(220, "greeting");
                talk.say("EHLO " + name(server), 250);
                if (config.tls().equals("starttls")) {
                    talk.say("STARTTLS", 220);
                    // What came before was not protected, and is asked again (RFC 3207 §4.2).
                    try (Socket secured = secured(plain)) {
                        talk = new Talk(secured);
                        talk.say("EHLO " + name(server), 250);
                        mail(talk, from, to, mail);
                    }
                } else {
                    mail(talk, from, to, mail);
                }
            }
        }
    }

    /// An address or a name as EHLO takes it (RFC 5321 §4.1.1.1).
    public static String name(String server) {
        return server.matches("[A-Za-z0-9.-]+") ? server : "localhost";
    }

    private Socket secured(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, config.host(), config.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private void mail(Talk talk, String from, List<String> to, byte[] mail) throws IOException {
        if (!config.user().isEmpty()) {
            byte[] plain = ("\0" + config.user() + "\0" + password).getBytes(StandardCharsets.UTF_8);
            talk.say("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain), 235, "AUTH");
        }
        talk.say("MAIL FROM:<" + from + ">", 250);
        for (String one : to) talk.say("RCPT TO:<" + one + ">", 250, "RCPT");
        talk.say("DATA", 354);
        talk.write(dotted(mail));
        talk.say(".", 250);
        talk.write("QUIT\r\n");
    }

    /// Returns it with dots doubled, and a line end behind it. RFC 5321 §4.5.2.
    private static byte[] dotted(byte[] mail) {
        var out = new ByteArrayOutputStream(mail.length + 100);
        boolean first = true;
        for (byte one : mail) {
            if (first && one == '.') out.write('.');
            out.write(one);
            first = one == '\n';
        }
        if (!first) out.writeBytes(new byte[] {'\r', '\n'});
        return out.toByteArray();
    }

    /// One dialogue: lines there, replies back (RFC 5321 §4.2).
    private static final class Talk {
        private final InputStream in;
        private final OutputStream out;

        Talk(Socket socket) throws IOException {
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        void say(String command, int code) throws IOException {
            say(command, code, command.split(" ", 2)[0]);
        }

        /// @param called how a failure names the command; never with what it carried
        void say(String command, int code, String called) throws IOException {
            write(command + "\r\n");
            expect(code, called);
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        void expect(int code, String called) throws IOException {
            for (int i = 0; i < LINES_MAX; i++) {
                String line = line();
                boolean last = line.length() < 4 || line.charAt(3) != '-';
                if (!last) continue;
                if (line.startsWith(String.valueOf(code))) return;
                throw new IOException(called + " was answered " + line.replaceAll("[^ -~]", "?"));
            }
            throw new IOException(called + " was answered without end");
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) throw new IOException("the relay closed the connection");
                if (line.length() == LINE_BYTES_MAX) throw new IOException("a line of the relay is too long");
                if (c != '\r') line.append((char) c);
            }
            return line.toString();
        }
    }
}
