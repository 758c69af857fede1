package casella.dns;

import casella.base.Deadline;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// One question to one server and the bytes it answers with: by UDP, and by TCP where they did not fit. RFC 1035 §4.2.
///
/// The sockets are the JDK's, so a virtual thread that waits lets its carrier go. Each question has a port and a number of its
/// own (RFC 5452 "Measures for Making DNS More Resilient against Forged Answers").
final class Exchange {
    /// What passes without being cut on the way. RFC 6891, DNS Flag Day 2020.
    private static final int UDP_BYTES_MAX = 1_232;
    private static final int BUFFER_BYTES = 4_096;
    /// Packets that answer another question; then somebody is guessing.
    private static final int FOREIGN_MAX = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final InetSocketAddress server;
    private final byte[] query;
    private final Record question;

    /// @param options whether to use EDNS: longer answers, why something failed. RFC 6891
    Exchange(InetSocketAddress server, Name name, int type, boolean options) {
        this.server = server;
        this.question = Record.newRecord(name, type, DClass.IN);
        var message = new Message(RANDOM.nextInt(1 << 16));
        message.getHeader().setFlag(Flags.RD);
        // Asks to be told whether the answer was proven. RFC 6840.
        message.getHeader().setFlag(Flags.AD);
        message.addRecord(question, Section.QUESTION);
        if (options) message.addRecord(new OPTRecord(UDP_BYTES_MAX, 0, 0), Section.ADDITIONAL);
        this.query = message.toWire();
    }

    /// @throws SocketTimeoutException if nothing comes within `time`
    byte[] run(Duration time) throws IOException {
        Deadline deadline = Deadline.in(time);
        byte[] answer = datagram(deadline);
        return new Header(answer).getFlag(Flags.TC) ? stream(deadline) : answer;
    }

    private byte[] datagram(Deadline deadline) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(server); // so that packets of others are not seen, and a closed port is
            socket.send(new DatagramPacket(query, query.length));
            var packet = new DatagramPacket(new byte[BUFFER_BYTES], BUFFER_BYTES);
            for (int foreign = 0; foreign < FOREIGN_MAX; foreign++) {
                socket.setSoTimeout(millis(deadline));
                packet.setLength(BUFFER_BYTES);
                socket.receive(packet);
                byte[] answer = new byte[packet.getLength()];
                System.arraycopy(packet.getData(), packet.getOffset(), answer, 0, answer.length);
                if (answers(answer)) return answer;
            }
        }
        throw new IOException("Answers to other questions");
    }

    private byte[] stream(Deadline deadline) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(server, millis(deadline));
            byte[] framed = new byte[query.length + 2];
            framed[0] = (byte) (query.length >>> 8);
            framed[1] = (byte) query.length;
            System.arraycopy(query, 0, framed, 2, query.length);
            socket.getOutputStream().write(framed);
            var in = new DataInputStream(new Until(socket, deadline));
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            if (!answers(answer)) throw new IOException("Answer to another question");
            return answer;
        }
    }

    /// Reads from a socket for as long as the deadline allows, however little comes each time.
    private static final class Until extends InputStream {
        private final Socket socket;
        private final Deadline deadline;
        private final InputStream in;

        Until(Socket socket, Deadline deadline) throws IOException {
            this.socket = socket;
            this.deadline = deadline;
            this.in = socket.getInputStream();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            socket.setSoTimeout(millis(deadline));
            return in.read(into, offset, length);
        }
    }

    private static int millis(Deadline deadline) throws SocketTimeoutException {
        long left = deadline.remainingNanos() / 1_000_000;
        if (left <= 0) throw new SocketTimeoutException("deadline");
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    /// Says whether this is an answer to our question: its number, and the question itself where it is repeated.
    private boolean answers(byte[] wire) {
        if (wire.length < Header.LENGTH || wire[0] != query[0] || wire[1] != query[1]) return false;
        try {
            var header = new Header(wire);
            if (!header.getFlag(Flags.QR) || header.getOpcode() != 0) return false;
            if (header.getCount(Section.QUESTION) == 0) return header.getRcode() != 0;
            // Up to where records begin the two are the same bytes, but for the case of letters.
            int from = Header.LENGTH;
            int until = from + question.getName().length() + 4;
            if (wire.length < until) return false;
            for (int i = from; i < until; i++) if (lower(wire[i]) != lower(query[i])) return false;
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
