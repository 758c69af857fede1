package casella.scanning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;

/// rspamd's controller, told by which mails its statistics are to learn. rspamd documentation, "Controller worker".
public final class Teacher implements AutoCloseable {
    private static final int REPLY_BYTES_MAX = 64 << 10;

    /// What became of a lesson.
    public enum Learned {
        /// It is part of the statistics.
        LEARNED,
        /// It was so before, or there is too little in it.
        KNOWN,
        /// It takes no lessons from us: a wrong password, or no statistics.
        REFUSED
    }

    private final Talks talks;
    private final String password;

    /// @param password printable; empty for none
    public Teacher(Place controller, String password) {
        if (password.chars().anyMatch(c -> c < ' ' || c > 0x7E)) {
            throw new IllegalArgumentException("the password of rspamd's controller: must be printable ASCII");
        }
        this.talks = new Talks("rspamd-controller", controller, 1);
        this.password = password;
    }

    /// Has it learn by `mail`.
    ///
    /// @param spam whether it is spam; else it is not
    /// @throws casella.base.Fault.Unavailable if it did not answer within `time`: to be tried again
    public Learned learn(boolean spam, byte[] mail, Duration time) {
        String fields = password.isEmpty() ? "" : "Password: " + password + "\r\n";
        HttpReply reply = talks.talk(time, (in, out) -> {
            Rspamd.post(out, spam ? "/learnspam" : "/learnham", fields, mail);
            return HttpReply.read(in, REPLY_BYTES_MAX);
        });
        return switch (reply.status()) {
            case 200 -> Learned.LEARNED;
            case 204, 208 -> Learned.KNOWN;
            case 401, 403 -> Learned.REFUSED;
            default -> otherwise(reply);
        };
    }

    /// It has said "already learned" and "too few words" under several statuses over the years.
    private static Learned otherwise(HttpReply reply) {
        String said = reply.reason() + " " + new String(reply.body(), UTF_8);
        if (said.contains("already learned") || said.contains("contains less tokens")) return Learned.KNOWN;
        if (reply.status() / 100 == 5) {
            throw Talks.unavailable("rspamd-controller", new IOException("it answers " + reply.status()));
        }
        return Learned.REFUSED;
    }

    @Override
    public void close() {
        talks.close();
    }
}
