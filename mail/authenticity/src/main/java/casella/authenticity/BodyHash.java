package casella.authenticity;

import casella.base.Sha256;
import java.security.MessageDigest;

/// The hash of a body, as one of the two canonicalizations reads it, in one pass and without a copy. RFC 6376 §3.4.3, §3.4.4.
///
/// @param hash SHA-256 of what was asked for
/// @param bytes how long the whole canonical body is
record BodyHash(byte[] hash, long bytes) {
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] SPACE = {' '};

    /// What goes into the hash: up to `limit` bytes of all.
    private static final class Sink {
        private final MessageDigest digest = Sha256.digest();
        private final long limit;
        private long bytes;

        Sink(long limit) {
            this.limit = limit;
        }

        void put(byte[] from, int offset, int length) {
            long room = Math.max(0, Math.min(length, limit - bytes));
            if (room > 0) digest.update(from, offset, (int) room);
            bytes += length;
        }

        void put(byte[] all) {
            put(all, 0, all.length);
        }
    }

    /// Returns the hash of the body that begins at `from`.
    ///
    /// @param limit how many bytes of the canonical body count (`l=`); Long.MAX_VALUE for all
    static BodyHash of(byte[] raw, int from, boolean relaxed, long limit) {
        var sink = new Sink(limit);
        int empty = 0;
        int at = from;
        while (at < raw.length) {
            int end = lineEnd(raw, at);
            int until = end;
            if (relaxed) while (until > at && space(raw[until - 1])) until--;
            if (until == at) {
                empty++;
            } else {
                for (; empty > 0; empty--) sink.put(LINE_END);
                if (relaxed) line(raw, at, until, sink);
                else sink.put(raw, at, until - at);
                sink.put(LINE_END);
            }
            at = end + 2;
        }
        // An empty body is a line end to the one, and nothing to the other.
        if (!relaxed && sink.bytes == 0) sink.put(LINE_END);
        return new BodyHash(sink.digest.digest(), sink.bytes);
    }

    private static int lineEnd(byte[] raw, int from) {
        for (int i = from; i + 1 < raw.length; i++) if (raw[i] == '\r' && raw[i + 1] == '\n') return i;
        return raw.length;
    }

    private static void line(byte[] raw, int from, int until, Sink sink) {
        int at = from;
        while (at < until) {
            int end = at;
            while (end < until && !space(raw[end])) end++;
            sink.put(raw, at, end - at);
            at = end;
            while (at < until && space(raw[at])) at++;
            if (at > end) sink.put(SPACE);
        }
    }

    private static boolean space(byte b) {
        return b == ' ' || b == '\t';
    }
}
