package casella.delivery;

import casella.base.Sha256;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A message as it will be stored: trace fields, then what was sent.
final class Message {
    private final byte[] stored;
    private final int traceBytes;
    private @Nullable Sha256 sentHash;

    private Message(byte[] stored, int traceBytes) {
        this.stored = stored;
        this.traceBytes = traceBytes;
    }

    static Message of(Envelope envelope, Content content) {
        byte[] trace = TraceFields.of(envelope);
        byte[] stored = new byte[Math.addExact(trace.length, content.size())];
        System.arraycopy(trace, 0, stored, 0, trace.length);
        content.copyTo(stored, trace.length);
        return new Message(stored, trace.length);
    }

    byte[] stored() {
        return stored;
    }

    int sentBytes() {
        return stored.length - traceBytes;
    }

    /// Returns the hash of what was sent, without the trace fields: the same when it is sent again.
    synchronized Sha256 sentHash() {
        if (sentHash == null) {
            MessageDigest digest = Sha256.digest();
            digest.update(stored, traceBytes, stored.length - traceBytes);
            sentHash = Sha256.wrap(digest.digest());
        }
        return sentHash;
    }
}
