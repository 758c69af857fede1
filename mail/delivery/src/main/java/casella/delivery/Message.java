package casella.delivery;

import casella.base.Sha256;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.MessageIds;
import casella.message.Summary;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A message as it will be stored: trace fields, then what was sent.
final class Message {
    private final byte[] stored;
    private final int sentBytes;
    private final Supplier<Summary> summarizing;
    private @Nullable Summary summary;
    private @Nullable Sha256 sentHash;

    /// @param summarizing gives the summary; asked when the first account needs it, and once
    Message(byte[] stored, int sentBytes, Supplier<Summary> summarizing) {
        this.stored = stored;
        this.sentBytes = sentBytes;
        this.summarizing = summarizing;
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

    synchronized Summary summary() {
        Summary known = summary;
        if (known == null) {
            known = summarizing.get();
            summary = known;
        }
        return known;
    }

    /// Returns its Message-ID without brackets, the first where there are several; empty where it has none. Reads the header alone.
    String messageId() {
        HeaderField field = Headers.of(stored).first("Message-ID");
        if (field == null) return "";
        List<String> ids = MessageIds.parse(field.asRaw());
        return ids.isEmpty() ? "" : ids.getFirst();
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
