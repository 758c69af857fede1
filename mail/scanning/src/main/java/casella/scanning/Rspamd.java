package casella.scanning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/// rspamd, asked with `/checkv2` what it thinks of a mail. rspamd documentation, "Protocol".
public final class Rspamd implements Scanner {
    private static final int REPLY_BYTES_MAX = 1 << 20;
    private static final int RECIPIENTS_MAX = 100;

    private final Talks talks;
    private final Threshold junk;
    private final Threshold refuse;

    /// @param most mails it is given at a time
    /// @param junk from where on a mail is Junk
    /// @param refuse from where on it is spam that is not taken
    public Rspamd(Place place, int most, Threshold junk, Threshold refuse) {
        this.talks = new Talks("rspamd", place, most);
        this.junk = junk;
        this.refuse = refuse;
    }

    @Override
    public String name() {
        return "rspamd";
    }

    @Override
    public Verdict scan(Letter letter, Duration time) {
        HttpReply reply = talks.talk(time, (in, out) -> {
            post(out, "/checkv2", fields(letter), letter.bytes());
            return HttpReply.read(in, REPLY_BYTES_MAX);
        });
        try {
            if (reply.status() != 200) throw new IOException("it answers " + reply.status());
            return RspamdReply.read(reply.body()).verdict(junk, refuse);
        } catch (IOException e) {
            throw Talks.unavailable(name(), e);
        }
    }

    private static String fields(Letter letter) {
        var fields = new StringBuilder();
        field(fields, "IP", letter.peer());
        field(fields, "Helo", letter.helo());
        field(fields, "From", "<" + letter.sender() + ">");
        field(fields, "User", letter.user());
        letter.recipients().stream().limit(RECIPIENTS_MAX).forEach(one -> field(fields, "Rcpt", "<" + one
                + ">"));
        return fields.toString();
    }

    /// What a stranger chose must not begin a field of its own.
    private static void field(StringBuilder out, String name, String value) {
        if (value.isEmpty() || value.length() > 1_000) return;
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7F)) return;
        out.append(name).append(": ").append(value).append("\r\n");
    }

    /// By HTTP/1.0, so that nothing comes in pieces and the connection ends.
    static void post(OutputStream out, String path, String fields, byte[] body) throws IOException {
        String head = "POST " + path + " HTTP/1.0\r\nHost: rspamd\r\nContent-Length: " + body.length + "\r\n"
                + fields
                + "\r\n";
        out.write(head.getBytes(UTF_8));
        out.write(body);
        out.flush();
    }

    @Override
    public void close() {
        talks.close();
    }
}
