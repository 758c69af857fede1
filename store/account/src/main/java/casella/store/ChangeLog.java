package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.ThreadId;
import casella.store.engine.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the rows that say what changed when, and sorts each thing into created, updated or ended. RFC 8620 §5.2.
///
/// The rows hold one line a thing, its last change; so a page is cut between two changes, never inside one, unless one
/// change alone is larger than the page.
final class ChangeLog {
    private final View view;

    ChangeLog(View view) {
        this.view = view;
    }

    /// @param born when the thing was created, for one that ended; null for one that lives
    private record Line<T>(Modseq at, T what, @Nullable Modseq born) {}

    Changes<ArrivalId> emails(Modseq since, int limit) {
        List<Line<ArrivalId>> lines = new ArrayList<>();
        read(0x32, since, limit, false, ChangeLog::arrival, lines);
        read(0x33, since, limit, true, ChangeLog::arrival, lines);
        return sorted(
                lines,
                since,
                limit,
                id -> {
                    Email email = view.email(id);
                    return email == null ? null : email.created();
                });
    }

    Changes<ThreadId> threads(Modseq since, int limit) {
        List<Line<ThreadId>> lines = new ArrayList<>();
        read(0x37, since, limit, false, key -> new ThreadId(arrival(key)), lines);
        var sorted = new ArrayList<Line<ThreadId>>();
        for (Line<ThreadId> line : lines) {
            boolean ended = view.thread(line.what()).isEmpty();
            sorted.add(new Line<>(line.at(), line.what(), ended ? Modseq.NONE : null));
        }
        // A thread begins with its first email and keeps that email's id.
        return sorted(
                sorted,
                since,
                limit,
                id -> {
                    Modseq first = null;
                    for (ArrivalId arrival : view.thread(id)) {
                        Email email = view.email(arrival);
                        if (email != null && (first == null || first.after(email.created()))) first =
                                email.created();
                    }
                    return first;
                });
    }

    Changes<MailboxId> mailboxes(Modseq since, int limit) {
        Function<byte[], MailboxId> id = key -> new MailboxId(ByteBuffer.wrap(key, 9, 4).getInt());
        List<Line<MailboxId>> lines = new ArrayList<>();
        read(0x12, since, limit, false, id, lines);
        read(0x13, since, limit, true, id, lines);
        return sorted(
                lines,
                since,
                limit,
                which -> {
                    Mailbox mailbox = view.mailbox(which);
                    return mailbox == null ? null : mailbox.created();
                });
    }

    Changes<String> documents(DocumentKind kind, Modseq since, int limit) {
        List<Line<String>> lines = new ArrayList<>();
        byte[] from = new Key.DocumentChanged(kind.number(), since.next(), "").bytes();
        byte[] until = Key.after(new byte[] {0x41, (byte) kind.number()});
        view.rows()
                .scan(
                        from,
                        until,
                        false,
                        (key, value) -> {
                            var at = new Modseq(ByteBuffer.wrap(key, 2, 8).getLong());
                            String id = new String(key, 10, key.length - 10, StandardCharsets.UTF_8);
                            boolean ended = view.document(kind, id) == null;
                            lines.add(new Line<>(at, id, ended ? born(value) : null));
                            return lines.size() <= limit || at.equals(lines.getFirst().at());
                        });
        return sorted(
                lines,
                since,
                limit,
                id -> {
                    byte[] row = view.rows().get(new Key.Document(kind.number(), id));
                    return row == null ? null : new Modseq(RowCodec.document(row).getCreated());
                });
    }

    private <T> void read(
            int room, Modseq since, int limit, boolean ended, Function<byte[], T> name, List<Line<T>> into) {
        byte[] from = ByteBuffer.allocate(9).put((byte) room).putLong(since.value() + 1).array();
        int before = into.size();
        view.rows()
                .scan(
                        from,
                        new byte[] {(byte) (room + 1)},
                        false,
                        (key, value) -> {
                            var at = new Modseq(ByteBuffer.wrap(key, 1, 8).getLong());
                            into.add(new Line<>(at, name.apply(key), ended ? born(value) : null));
                            // The first change is read whole, however large: a page is never cut inside it.
                            return into.size() - before <= limit || at.equals(into.get(before).at());
                        });
    }

    private static Modseq born(byte[] value) {
        return new Modseq(ByteBuffer.wrap(value).getLong());
    }

    private <T> Changes<T> sorted(
            List<Line<T>> lines, Modseq since, int limit, Function<T, @Nullable Modseq> createdAt) {
        lines.sort(Comparator.comparing(Line::at));
        int end = cut(lines, limit);
        var created = new ArrayList<T>();
        var updated = new ArrayList<T>();
        var ended = new ArrayList<T>();
        for (Line<T> line : lines.subList(0, end)) {
            if (line.born() != null) {
                // Created and ended since: the client never knew it. RFC 8620 §5.2.
                if (!line.born().after(since)) ended.add(line.what());
                continue;
            }
            Modseq born = createdAt.apply(line.what());
            if (born == null) continue;
            if (born.after(since)) created.add(line.what());
            else updated.add(line.what());
        }
        boolean more = end < lines.size();
        return new Changes<>(created, updated, ended, more ? lines.get(end - 1).at() : view.modseq(), more);
    }

    /// Returns how many lines fit, whole changes only; at least the first change.
    private static <T> int cut(List<Line<T>> lines, int limit) {
        if (lines.size() <= limit) return lines.size();
        int end = limit;
        while (end > 0 && lines.get(end).at().equals(lines.get(end - 1).at())) end--;
        if (end > 0) return end;
        end = limit;
        while (end < lines.size() && lines.get(end).at().equals(lines.get(end - 1).at())) end++;
        return end;
    }

    private static ArrivalId arrival(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key, 9, ArrivalId.BYTES);
        return new ArrivalId(in.getLong(), in.getLong());
    }
}
