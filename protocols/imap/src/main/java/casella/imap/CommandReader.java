package casella.imap;

import casella.wire.Connection;
import casella.wire.Line;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads one command off the wire: its lines and literals, within their limits. RFC 9051 §2.2.1, RFC 7888 §3, §4.
final class CommandReader implements AutoCloseable {
    /// A name and a password: all that has a literal before login.
    private static final int LITERALS_BEFORE_LOGIN_MAX = 4_096;
    private static final Pattern APPEND = Pattern.compile("[^ ]+ APPEND ");
    private static final int APPEND_HEAD_MAX = 1_100;

    /// What reading came to.
    sealed interface Read {
        /// @param command to parse
        record Whole(CommandText command) implements Read {}

        /// The command cannot be taken; the next one can be read.
        ///
        /// @param start of its text, to find the tag in
        record Refused(String start, Reply reply) implements Read {}

        /// What follows cannot be told from what is refused: the connection has to end.
        record Lost(String why) implements Read {}

        /// The client closed.
        record Ended() implements Read {}
    }

    private final Connection connection;
    private final ImapConfig config;
    private final LiteralRoom room;
    private final boolean loggedIn;
    private final StringBuilder text = new StringBuilder();
    private final List<byte[]> literals = new ArrayList<>();
    private final List<LiteralRoom.Share> shares = new ArrayList<>();
    private long literalBytes;

    CommandReader(Connection connection, ImapConfig config, LiteralRoom room, boolean loggedIn) {
        this.connection = connection;
        this.config = config;
        this.room = room;
        this.loggedIn = loggedIn;
    }

    Read read() throws IOException {
        while (true) {
            byte[] line;
            switch (connection.readLine(config.lineBytesMax() - text.length())) {
                case Line.Whole(byte[] bytes) -> line = bytes;
                case Line.Flawed flawed when flawed.crAlone() -> {
                    return new Read.Refused(start(flawed.bytes()), Reply.bad("CR inside a line"));
                }
                case Line.Flawed flawed -> line = flawed.bytes();
                case Line.TooLong(byte[] start, boolean ended) -> {
                    return ended
                            ? new Read.Refused(start(start), Reply.bad("Line too long"))
                            : new Read.Lost("Line too long");
                }
                case Line.Ended _ -> {
                    return new Read.Ended();
                }
            }
            for (byte b : line) if (b == 0) return new Read.Refused(start(line), Reply.bad("NUL inside a line"));
            String latin = new String(line, StandardCharsets.ISO_8859_1);
            text.append(latin);
            LiteralHead head = LiteralHead.endOf(latin);
            if (head == null) return new Read.Whole(new CommandText(text.toString(), List.copyOf(literals)));
            Read refused = literal(head);
            if (refused != null) return refused;
            text.append('\n');
        }
    }

    /// Returns the beginning of the command, of which `line` is the part just read.
    private String start(byte[] line) {
        if (!text.isEmpty()) return text.toString();
        return new String(line, 0, Math.min(line.length, 256), StandardCharsets.ISO_8859_1);
    }

    private @Nullable Read literal(LiteralHead head) throws IOException {
        boolean append = loggedIn && isAppend();
        long max = append ? config.messageBytesMax() : loggedIn ? config.literalBytesMax() : LITERALS_BEFORE_LOGIN_MAX;
        if (literalBytes + head.size() > max || literalBytes + head.size() < 0) {
            return refuse(head, append ? Reply.no(Code.Word.TOOBIG, "Message too large") : Reply.bad("Literal too large"));
        }
        try {
            shares.add(room.take(head.size()));
        } catch (casella.base.Fault.Exhausted full) {
            return refuse(head, Session.replyTo(full));
        }
        if (head.synchronizing()) {
            connection.write("+ OK\r\n");
            connection.flush();
        }
        literals.add(connection.readExactly((int) head.size()));
        literalBytes += head.size();
        return null;
    }

    /// RFC 7888 §4: what a client sends unasked has to be read past, or the connection closed.
    private Read refuse(LiteralHead head, Reply reply) throws IOException {
        if (head.synchronizing()) return new Read.Refused(text.toString(), reply);
        LiteralHead next = head;
        for (int count = 0; count < 10; count++) {
            if (!loggedIn || next.size() > 2L * config.messageBytesMax()) return new Read.Lost("Literal too large");
            connection.readTo(OutputStream.nullOutputStream(), next.size());
            String line;
            switch (connection.readLine(config.lineBytesMax())) {
                case Line.Whole(byte[] bytes) -> line = new String(bytes, StandardCharsets.ISO_8859_1);
                case Line.Flawed flawed -> line = new String(flawed.bytes(), StandardCharsets.ISO_8859_1);
                case Line.TooLong _ -> {
                    return new Read.Lost("Line too long");
                }
                case Line.Ended _ -> {
                    return new Read.Ended();
                }
            }
            LiteralHead following = LiteralHead.endOf(line);
            if (following == null || following.synchronizing()) return new Read.Refused(text.toString(), reply);
            next = following;
        }
        return new Read.Lost("Too many literals");
    }

    private boolean isAppend() {
        int end = Math.min(text.length(), APPEND_HEAD_MAX);
        return APPEND.matcher(text.substring(0, end).toUpperCase(Locale.ROOT)).lookingAt();
    }

    /// Gives back the room its literals took.
    @Override
    public void close() {
        shares.forEach(LiteralRoom.Share::close);
    }
}
