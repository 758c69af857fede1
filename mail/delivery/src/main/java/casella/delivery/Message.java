package casella.delivery;

import casella.base.Sha256;
import casella.message.Summary;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A message as it will be stored: trace fields, then what was sent.
final class Message {
    private final byte[] stored;
    private final int sentBytes;
    private final Summary summary;
    private @Nullable Sha256 sentHash;

    Message(byte[] stored, int sentBytes, Summary summary) {
        this.stored = stored;
        this.sentBytes = sentBytes;
        this.summary = summary;
    }

    /// Returns the trace fields and the content in one piece.
    static byte[] join(Envelope envelope, Content content) {
        byte[] trace = TraceFields.of(envelope);
        byte[] stored = new byte[Math.addExact(trace.length, content.size())];
        System.arraycopy(trace, 0, stored, 0, trace.length);
        content.copyTo(stored, trace.length);
        return stored;
    }

    byte[] stored() {
        return stored;
    }

    int sentBytes() {
        return sentBytes;
    }

    Summary summary() {
        return summary;
    }

    /// Returns the hash of what was sent, without the trace fields: the same when it is sent again.
    synchronized Sha256 sentHash() {
        if (sentHash == null) {
            MessageDigest digest = Sha256.digest();
            digest.update(stored, stored.length - sentBytes, sentBytes);
            sentHash = Sha256.wrap(digest.digest());
        }
        return sentHash;
    }
}
