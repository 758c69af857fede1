package casella.store.archive;

import casella.base.Deadline;
import casella.base.Ticket;
import casella.store.Derived;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All rows of an account over those a checkpoint keeps: the rows that follow from others ([Derived]) are
/// made when one of them is first asked for, for one folder or one kind of row at a time, and then kept.
///
/// ```text
/// asked for    made of
/// 11 12        the mailboxes
/// 21 23 24     the placements of that mailbox
/// 32 34 35 36  the emails
/// 37           the threads
/// 3A 3B        the emails that ended
/// ```
final class FollowingRows implements Rows {
    /// Rows of one room, in order.
    interface Index {
        byte @Nullable [] get(byte[] key);

        boolean scan(byte[] from, byte[] until, boolean backwards, Visitor visitor);
    }

    /// What indexes are made of: rows of one room, of one mailbox where that is a part of the key.
    private record Source(byte room, int mailbox) {}

    private static final byte[] ROOMS = {
        0x00, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21, 0x22, 0x23, 0x24, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36,
                0x37,
        0x38, 0x39, 0x3A, 0x3B, 0x40, 0x41
    };

    /// The indexes of one account; shared by all who read it.
    static final class Indexes {
        private final PageCache cache;
        private final CheckpointRows rows;
        private final Map<Source, Ticket<Map<Byte, Index>>> made = new HashMap<>();

        /// @param rows read on the threads of `cache` alone
        Indexes(PageCache cache, CheckpointRows rows) {
            this.cache = cache;
            this.rows = rows;
        }

        private Index index(Source source, byte room, Deadline deadline) {
            Index index = ticket(source).await(deadline).get(room);
            return index == null ? SortedKeys.NONE : index;
        }

        private synchronized Ticket<Map<Byte, Index>> ticket(Source source) {
            Ticket<Map<Byte, Index>> known = made.get(source);
            if (known != null) return known;
            Ticket<Map<Byte, Index>> ticket = cache.index(() -> make(source));
            made.put(source, ticket);
            ticket.whenAnswered((_, failure) -> {
                if (failure != null) forget(source);
            });
            return ticket;
        }

        private synchronized void forget(Source source) {
            made.remove(source);
        }

        private Map<Byte, Index> make(Source source) {
            Map<Byte, List<byte[]>> keys = new HashMap<>();
            TreeMap<byte[], byte[]> names = new TreeMap<>(Arrays::compareUnsigned);
            byte[] prefix =
                    source.room() == 0x20
                            ? ByteBuffer.allocate(5).put((byte) 0x20).putInt(source.mailbox()).array()
                            : new byte[] {source.room()};
            rows.scan(prefix, (key, value) -> {
                Derived.of(key, value, (follows, what) -> {
                    if (follows[0] == 0x11) names.put(follows, what);
                    else keys.computeIfAbsent(follows[0], _ -> new ArrayList<>()).add(follows);
                    return true;
                });
                return true;
            });
            Map<Byte, Index> indexes = new HashMap<>();
            keys.forEach((room, all) -> indexes.put(room, SortedKeys.of(all)));
            if (!names.isEmpty()) {
                indexes.put((byte) 0x11, new Page(List.copyOf(names.keySet()), List.copyOf(names.values())));
            }
            return indexes;
        }
    }

    private final CheckpointRows own;
    private final Indexes indexes;
    private final Deadline deadline;

    /// @param deadline until when a caller waits for an index
    FollowingRows(CheckpointRows own, Indexes indexes, Deadline deadline) {
        this.own = own;
        this.indexes = indexes;
        this.deadline = deadline;
    }

    private static @Nullable Source source(byte room, int mailbox) {
        return switch (room) {
            case 0x11, 0x12 -> new Source((byte) 0x10, 0);
            case 0x21, 0x23, 0x24 -> new Source((byte) 0x20, mailbox);
            case 0x32, 0x34, 0x35, 0x36 -> new Source((byte) 0x30, 0);
            case 0x37 -> new Source((byte) 0x38, 0);
            case 0x3A, 0x3B -> new Source((byte) 0x39, 0);
            default -> null;
        };
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        byte room = key[0];
        if (room > 0x00 && room < 0x10) return null;
        boolean ofMailbox = room >= 0x21 && room <= 0x24;
        int mailbox = ofMailbox && key.length >= 5 ? ByteBuffer.wrap(key, 1, 4).getInt() : 0;
        Source source = source(room, mailbox);
        return source == null ? own.get(key) : indexes.index(source, room, deadline).get(key);
    }

    @Override
    public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
        for (int i = 0; i < ROOMS.length; i++) {
            byte room = ROOMS[backwards ? ROOMS.length - 1 - i : i];
            byte[] low = later(from, new byte[] {room});
            byte[] high = earlier(until, Key.after(new byte[] {room}));
            if (Arrays.compareUnsigned(low, high) >= 0) continue;
            if (!room(room, low, high, backwards, visitor)) return;
        }
    }

    private boolean room(byte room, byte[] from, byte[] until, boolean backwards, Visitor visitor) {
        if (room == 0x21 || room == 0x23
                || room == 0x24) return byMailbox(room, from, until, backwards, visitor);
        Source source = source(room, 0);
        if (source != null) return indexes.index(source, room, deadline).scan(from, until, backwards,
                visitor);
        boolean[] more = {true};
        own.scan(from, until, backwards, (key, value) -> more[0] = visitor.row(key, value));
        return more[0];
    }

    private boolean byMailbox(byte room, byte[] from, byte[] until, boolean backwards, Visitor visitor) {
        List<byte[]> mailboxes = own.checkpoint().mailboxes().keys();
        for (byte[] key : backwards ? mailboxes.reversed() : mailboxes) {
            if (key[0] != 0x10) continue;
            byte[] prefix = key.clone();
            prefix[0] = room;
            byte[] low = later(from, prefix);
            byte[] high = earlier(until, Key.after(prefix));
            if (Arrays.compareUnsigned(low, high) >= 0) continue;
            Source source = new Source((byte) 0x20, ByteBuffer.wrap(key, 1, 4).getInt());
            if (!indexes.index(source, room, deadline).scan(low, high, backwards, visitor)) return false;
        }
        return true;
    }

    private static byte[] later(byte[] one, byte[] other) {
        return Arrays.compareUnsigned(one, other) >= 0 ? one : other;
    }

    private static byte[] earlier(byte[] one, byte[] other) {
        return Arrays.compareUnsigned(one, other) <= 0 ? one : other;
    }
}
