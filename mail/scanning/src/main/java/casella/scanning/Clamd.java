package casella.scanning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// ClamAV's daemon, asked with `zINSTREAM`. clamd(8).
///
/// ```text
/// zINSTREAM NUL { length:u32 bytes }* 0:u32    ->    stream: OK NUL
///                                                    stream: NAME FOUND NUL
///                                                    … ERROR NUL
/// ```
public final class Clamd implements Scanner {
    private static final byte[] COMMAND = "zINSTREAM\0".getBytes(US_ASCII);
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int REPLY_BYTES_MAX = 4 << 10;
    private static final String BEGIN = "stream: ";
    private static final String FOUND = " FOUND";

    private final Talks talks;

    /// @param most mails it is given at a time
    public Clamd(Place place, int most) {
        this.talks = new Talks("clamd", place, most);
    }

    @Override
    public String name() {
        return "clamd";
    }

    @Override
    public Verdict scan(Letter letter, Duration time) {
        return talks.talk(time, (in, out) -> {
            try {
                send(out, letter.bytes());
            } catch (IOException e) {
                // It says why it takes no more, and closes.
                return verdict(reply(in));
            }
            return verdict(reply(in));
        });
    }

    private static void send(OutputStream to, byte[] bytes) throws IOException {
        var out = new DataOutputStream(to);
        out.write(COMMAND);
        for (int from = 0; from < bytes.length; from += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, bytes.length - from);
            out.writeInt(length);
            out.write(bytes, from, length);
        }
        out.writeInt(0);
        out.flush();
    }

    /// Reads up to the NUL, or the end.
    static String reply(InputStream in) throws IOException {
        var reply = new ByteArrayOutputStream();
        for (int next; (next = in.read()) > 0; ) {
            if (reply.size() == REPLY_BYTES_MAX) throw new IOException("its reply is too long");
            reply.write(next);
        }
        return reply.toString(US_ASCII).strip();
    }

    /// What is larger than its `StreamMaxLength` it does not look at, now or later.
    static Verdict verdict(String reply) throws IOException {
        if (reply.equals(BEGIN + "OK") || reply.contains("size limit exceeded")) return new Verdict.Clean();
        boolean found = reply.startsWith(BEGIN) && reply.endsWith(FOUND)
                && reply.length() > BEGIN.length() + FOUND.length();
        if (!found) throw new IOException("it says: " + Verdict.plain(reply));
        return new Verdict.Malware(
                Verdict.plain(reply.substring(BEGIN.length(), reply.length() - FOUND.length())));
    }

    @Override
    public void close() {
        talks.close();
    }
}
