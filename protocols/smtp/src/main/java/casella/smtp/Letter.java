package casella.smtp;

import casella.delivery.Content;
import casella.delivery.Hops;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A message in memory while it comes: pieces that grow, never copied until they are stored.
///
/// Memory is taken from the [Room] as bytes come, not as they are announced. What does not fit, or is over the limit, is
/// counted and thrown away, so that the client can still be told.
final class Letter implements Content, AutoCloseable {
    private static final int FIRST_BYTES = 16 << 10;
    private static final int PIECE_BYTES_MAX = 1 << 20;

    private final Room room;
    private final int bytesMax;
    private final Hops hops = new Hops();
    private final FirstFields fields = new FirstFields();
    private final List<byte[]> pieces = new ArrayList<>();
    private byte[] last = {};
    private int usedOfLast;
    private long held;
    private long seen;
    private int size;
    private boolean noRoom;

    Letter(Room room, int bytesMax) {
        this.room = room;
        this.bytesMax = bytesMax;
    }

    void add(byte[] bytes, int from, int until) {
        int count = until - from;
        if (count <= 0) return;
        hops.see(bytes, from, until);
        fields.see(bytes, from, until);
        seen += count;
        if (tooLarge() || noRoom) {
            release();
            return;
        }
        for (int at = from; at < until; ) {
            if (usedOfLast == last.length && !grow()) return;
            int part = Math.min(until - at, last.length - usedOfLast);
            System.arraycopy(bytes, at, last, usedOfLast, part);
            usedOfLast += part;
            at += part;
        }
        size += count;
    }

    private boolean grow() {
        // As much again as there is: never more than twice what came.
        int next = Math.clamp(size, FIRST_BYTES, PIECE_BYTES_MAX);
        // Twice: once here, once as it is stored.
        if (!room.take(2L * next)) {
            noRoom = true;
            release();
            return false;
        }
        held += 2L * next;
        last = new byte[next];
        usedOfLast = 0;
        pieces.add(last);
        return true;
    }

    private void release() {
        if (held == 0) return;
        pieces.clear();
        last = new byte[0];
        usedOfLast = 0;
        room.give(held);
        held = 0;
    }

    /// Says whether it is over the limit.
    boolean tooLarge() {
        return seen > bytesMax;
    }

    /// Says whether so much was thrown away that it is not worth waiting for the end.
    boolean farTooLarge() {
        return seen > 2L * bytesMax;
    }

    /// Says whether memory ran out on the way.
    boolean noRoom() {
        return noRoom;
    }

    /// Says whether it has too many `Received` fields. RFC 5321 §6.3
    boolean looped() {
        return hops.tooMany();
    }

    /// Returns its Message-ID as far as it came; empty where it has none.
    String messageId() {
        return fields.messageId();
    }

    /// Returns this message behind the fields it lacks. RFC 6409 §8.2
    Content completed(Instant now, String domain) {
        byte[] first = fields.missing(now, domain);
        return new Content() {
            @Override
            public int size() {
                return first.length + size;
            }

            @Override
            public void copyTo(byte[] into, int at) {
                System.arraycopy(first, 0, into, at, first.length);
                Letter.this.copyTo(into, at + first.length);
            }
        };
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void copyTo(byte[] into, int at) {
        int to = at;
        for (byte[] piece : pieces) {
            int count = piece == last ? usedOfLast : piece.length;
            System.arraycopy(piece, 0, into, to, count);
            to += count;
        }
    }

    /// Gives the memory back.
    @Override
    public void close() {
        release();
    }
}
