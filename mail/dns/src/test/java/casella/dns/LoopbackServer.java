package casella.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.Message;

/// A name server on the loopback, by UDP and TCP on one port, that answers what the test says.
final class LoopbackServer implements AutoCloseable {
    /// Answers a question with messages as they go over the wire, in this order; none for silence.
    interface Replies {
        List<byte[]> to(Message question, boolean tcp) throws IOException;
    }

    final List<Message> asked = new CopyOnWriteArrayList<>();
    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private final Replies replies;

    LoopbackServer(Replies replies) throws IOException {
        this.replies = replies;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        this.streams = new ServerSocket(0, 50, loopback);
        this.datagrams = new DatagramSocket(streams.getLocalPort(), loopback);
        Thread.ofVirtual().start(this::serveDatagrams);
        Thread.ofVirtual().start(this::serveStreams);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) streams.getLocalSocketAddress();
    }

    private void serveDatagrams() {
        var packet = new DatagramPacket(new byte[4_096], 4_096);
        while (!datagrams.isClosed()) {
            try {
                packet.setLength(4_096);
                datagrams.receive(packet);
                byte[] question = new byte[packet.getLength()];
                System.arraycopy(packet.getData(), 0, question, 0, question.length);
                for (byte[] answer : answers(question, false)) {
                    datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!datagrams.isClosed()) throw new UncheckedIOException(e);
            }
        }
    }

    private void serveStreams() {
        while (!streams.isClosed()) {
            try (Socket socket = streams.accept()) {
                var in = new DataInputStream(socket.getInputStream());
                byte[] question = in.readNBytes(in.readUnsignedShort());
                for (byte[] answer : answers(question, true)) {
                    socket.getOutputStream().write(answer.length >>> 8);
                    socket.getOutputStream().write(answer.length);
                    socket.getOutputStream().write(answer);
                }
            } catch (IOException e) {
                if (!streams.isClosed()) throw new UncheckedIOException(e);
            }
        }
    }

    private List<byte[]> answers(byte[] question, boolean tcp) throws IOException {
        var message = new Message(question);
        asked.add(message);
        return replies.to(message, tcp);
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        streams.close();
    }
}
