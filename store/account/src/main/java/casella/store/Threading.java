package casella.store;

import casella.base.ArrivalId;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.message.BaseSubject;
import casella.message.Envelope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which conversation an email belongs to. RFC 8621 §3: it shares a Message-ID with an earlier one, in Message-ID,
/// In-Reply-To or References, and its base subject is the same. Decided once, at arrival; threads are never merged.
final class Threading {
    /// Message-IDs of one email that are looked at: its own, the ones it answers, the newest references.
    static final int IDS_MAX = 32;

    private Threading() {}

    /// Returns 64-bit hashes of the email's Message-IDs, each with the base subject.
    static List<Long> hashes(Envelope envelope) {
        var ids = new LinkedHashSet<String>();
        ids.addAll(envelope.messageId());
        ids.addAll(envelope.inReplyTo());
        List<String> references = envelope.references();
        for (int i = references.size() - 1; i >= 0 && ids.size() < IDS_MAX; i--) ids.add(references.get(i));
        String given = envelope.subject();
        String subject = given == null ? "" : BaseSubject.of(given).value();
        var hashes = new ArrayList<Long>();
        for (String id : ids) {
            if (hashes.size() == IDS_MAX) break;
            byte[] text = (id + "\n" + subject).getBytes(StandardCharsets.UTF_8);
            hashes.add(ByteBuffer.wrap(Sha256.of(text).bytes()).getLong());
        }
        return hashes;
    }

    /// Returns the oldest thread that one of `hashes` points to, or a new one that begins with `arrival`.
    static ThreadId thread(View view, ArrivalId arrival, List<Long> hashes) {
        @Nullable ThreadId oldest = null;
        for (long hash : hashes) {
            ThreadId found = first(view, hash);
            if (found != null && (oldest == null || found.compareTo(oldest) < 0)) oldest = found;
        }
        return oldest == null ? new ThreadId(arrival) : oldest;
    }

    private static @Nullable ThreadId first(View view, long hash) {
        byte[] prefix = ByteBuffer.allocate(9).put((byte) 0x36).putLong(hash).array();
        var found = new ArrayList<ThreadId>(1);
        view.rows()
                .scan(
                        prefix,
                        (key, _) -> {
                            ByteBuffer in = ByteBuffer.wrap(key, 9, ArrivalId.BYTES);
                            found.add(new ThreadId(new ArrivalId(in.getLong(), in.getLong())));
                            return false;
                        });
        return found.isEmpty() ? null : found.getFirst();
    }
}
