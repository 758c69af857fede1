package casella.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;

/// A server that says what it is told to: enough to show what a dialogue can do.
final class Parrot implements Dialogue.Stage {
    private final ServerSocket socket;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private String name = "parrot";

    Parrot() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    @Override
    public int prepare(Dialogue.Header header) {
        for (String need : header.needs()) {
            if (!need.equals("SPEECH")) throw new IllegalArgumentException("a parrot has no " + need);
        }
        for (String with : header.with()) name = with.replace("a bird named ", "");
        return socket.getLocalPort();
    }

    @Override
    public void happen(String what) throws IOException {
        if (!what.equals("cracker")) throw new IllegalArgumentException("a parrot knows no " + what);
        for (Socket client : clients) say(client, "crunch");
    }

    @Override
    public void finished() throws IOException {
        socket.close();
        for (Socket client : clients) client.close();
    }

    private void serve(Socket first) {
        clients.add(first);
        int number = numbers.incrementAndGet();
        Socket client = first;
        try {
            say(client, "hello, I am " + name + " " + number);
            for (String line = line(client); line != null; line = line(client)) {
                String[] words = line.split(" ", 2);
                String rest = words.length > 1 ? words[1] : "";
                switch (words[0]) {
                    case "say" -> say(client, rest);
                    case "bytes" -> client.getOutputStream().write(new byte[] {'a', 0, (byte) 0xFF, '\\',
                            '\n'});
                    case "backwards" -> {
                        String[] each = rest.split(" ", -1);
                        for (int i = each.length - 1; i >= 0; i--) say(client, each[i]);
                    }
                    case "shout" -> {
                        for (Socket other : clients) say(other, rest);
                    }
                    case "tls" -> client = secured(client);
                    case "bye" -> {
                        say(client, "bye");
                        client.close();
                    }
                    default -> say(client, "what?");
                }
            }
        } catch (IOException _) {
            // The client left.
        }
    }

    private static Socket secured(Socket plain) throws IOException {
        say(plain, "go on");
        var socket = (SSLSocket)
                TestCertificate.context().getSocketFactory().createSocket(plain, "localhost",
                        plain.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write((text + "\r\n").getBytes(UTF_8));
    }

    @SuppressWarnings("NullAway") // null is the end, as readers have it
    private static String line(Socket client) throws IOException {
        var out = new java.io.ByteArrayOutputStream();
        for (int b = client.getInputStream().read(); b != '\n'; b = client.getInputStream().read()) {
            if (b < 0) return null;
            if (b != '\r') out.write(b);
        }
        return out.toString(UTF_8);
    }

    static Parrot open() {
        try {
            return new Parrot();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
