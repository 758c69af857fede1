package casella.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Sha256;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.MessageIds;
import casella.message.Summary;
import casella.queue.Proof;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A message as it will be stored: trace fields, then what was sent.
final class Message {
    /// Of what an address here passed on: an opaque word for each.
    private static final String PASSED_ON = "X-Casella-Passed-On";

    private final byte[] stored;
    private final int sentBytes;
    private final Proof proof;
    private final Supplier<Summary> summarizing;
    private @Nullable Summary summary;
    private @Nullable Sha256 sentHash;

    /// @param proof whether it is from whom it says
    /// @param summarizing gives the summary; asked when the first account needs it, and once
    Message(byte[] stored, int sentBytes, Proof proof, Supplier<Summary> summarizing) {
        this.stored = stored;
        this.sentBytes = sentBytes;
        this.proof = proof;
        this.summarizing = summarizing;
    }

    /// Returns the trace fields, what was found, and the content in one piece.
    static byte[] join(Envelope envelope, Checking.Checked checked) {
        Content content = checked.mail();
        byte[] trace = TraceFields.of(envelope, checked.field());
        byte[] stored = new byte[Math.addExact(trace.length, content.size())];
        System.arraycopy(trace, 0, stored, 0, trace.length);
        content.copyTo(stored, trace.length);
        return stored;
    }

    /// Returns the message as it goes on to other servers: its trace fields without `Return-Path`, its signatures, then what
    /// was sent.
    ///
    /// @param marks of addresses here that pass it on
    byte[] onward(Envelope envelope, Set<String> marks, byte[] signatures) {
        var fields = new StringBuilder(new String(TraceFields.received(envelope), UTF_8));
        for (String mark : marks) fields.append(PASSED_ON).append(": ").append(mark).append("\r\n");
        byte[] received = fields.toString().getBytes(UTF_8);
        var out = ByteBuffer.allocate(received.length + signatures.length + sentBytes).put(received)
                .put(signatures);
        return out.put(stored, stored.length - sentBytes, sentBytes).array();
    }

    /// Says whether an address of that mark passed it on before.
    boolean isMarked(String mark) {
        return Headers.of(stored).all(PASSED_ON).stream().anyMatch(field -> field.unfolded().strip()
                .equals(mark));
    }

    /// Returns what was sent, without trace fields.
    byte[] sent() {
        return Arrays.copyOfRange(stored, stored.length - sentBytes, stored.length);
    }

    Proof proof() {
        return proof;
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
