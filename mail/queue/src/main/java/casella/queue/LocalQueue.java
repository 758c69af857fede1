package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.queue.QueueRecord.Ending;
import casella.queue.QueueRecord.Said;
import casella.store.append.Append;
import casella.store.append.AppendLog;
import casella.store.append.Place;
import casella.store.append.Segment;
import casella.store.disk.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Messages for accounts that cannot be written now, and for other servers, on the disk with their own bytes.
///
/// [#keep] returns when the message is synced: the sender may read 250. It needs the log's files alone; what waits, and
/// in which order it is tried, is the index's business. Safe from any virtual thread.
public final class LocalQueue implements AutoCloseable {
    private static final Duration READ_TIME = Duration.ofSeconds(20);
    private static final Duration INDEX_TIME = Duration.ofSeconds(20);
    private static final Duration REMAKE_TIME = Duration.ofMinutes(30);
    private static final Duration REMAKE_EVERY = Duration.ofMinutes(1);
    /// The index is made anew for doubted messages at most this part of the time.
    private static final int REMAKE_PART = 20;
    /// An index that takes longer to open is waited for by nobody but who asks it.
    private static final Duration OPEN_WAIT = Duration.ofSeconds(3);
    private static final long NEVER = Long.MIN_VALUE;
    private static final byte[] NOTHING = new byte[0];
    private static final int KEEP_ATTEMPTS = 2;
    private static final int MOVES_MAX = 100;
    private static final int OF_ACCOUNT_MAX = 50_000;
    /// Bytes of ended messages behind a waiting one that are worth moving it for.
    private static final long DEAD_BYTES_MAX = 128L << 20;
    private static final long ROLL_MILLIS = Duration.ofMinutes(1).toMillis();

    private final Disk disk;
    private final Clock clock;
    private final Metrics metrics;
    private final Room room;
    private final AppendLog log;
    private final QueueIndex index;
    private final Bulkhead readers = new Bulkhead("queue.read", 2, 256);
    private final AtomicLong segmentNow = new AtomicLong();
    /// Whether a message was written since the last roll.
    private final AtomicBoolean holdsMail = new AtomicBoolean();
    /// When the oldest of each priority was received: of what is to be tried now, and of what is put off.
    private volatile Map<Priority, Long> readyMillis = Map.of();
    private volatile Map<Priority, Long> deferredMillis = Map.of();
    private final RemoteQueue remote;
    private volatile Runnable news = () -> {};
    private volatile Runnable remoteNews = () -> {};
    private volatile Consumer<AccountId> kept = _ -> {};
    private volatile Runnable indexed = () -> {};
    private long rolledMillis;
    private long remadeNanos = NEVER;
    private long remakeNanos = REMAKE_EVERY.toNanos();

    private LocalQueue(Disk disk, Path folder, Path index, QueueLimits limits, Clock clock, Metrics metrics) {
        this.disk = disk;
        this.clock = clock;
        this.metrics = metrics;
        this.room = new Room(limits);
        this.log = AppendLog.open(disk, folder, limits.log());
        this.holdsMail.set(!log.segments().isEmpty());
        try {
            look();
            var reading = new Reading(log, clock, this::begin, one -> lost(one, "file missing"),
                    one -> lost(one, "file missing"));
            this.index = QueueIndex.open(index, room, reading, OPEN_WAIT, clock);
            this.remote = new RemoteQueue(this, this.index);
            this.index.onReady(() -> {
                news.run();
                remoteNews.run();
                indexed.run();
            });
        } catch (RuntimeException e) {
            log.close();
            readers.close();
            throw e;
        }
        for (Priority priority : Priority.values()) {
            metrics.gauge(Metric.QUEUE_ITEMS, () -> room.items(priority), priority.word());
            metrics.gauge(Metric.RELAY_ITEMS, () -> room.remote(priority), priority.word());
        }
        metrics.gauge(Metric.QUEUE_BYTES, room::bytes);
        metrics.gauge(Metric.QUEUE_OLDEST_SECONDS, () -> oldestSeconds(Priority.values()));
        metrics.gauge(Metric.QUEUE_URGENT_SECONDS, () -> oldestSeconds(Priority.URGENT));
        metrics.gauge(Metric.QUEUE_READY_SECONDS, () -> seconds(readyMillis, Priority.values()));
        metrics.gauge(Metric.QUEUE_TAKES, () -> log.full() ? 0 : 1);
        metrics.gauge(Metric.STORE_SYNCS, log::syncs, "queue");
    }

    /// Opens the queue in `folder` on the machine's disk: files and, beside them, `queue.db`. Blocks on files, some
    /// seconds at most: where much waits the index is brought up beside the caller.
    ///
    /// @throws Fault.Unavailable if the folder cannot be made or listed
    /// @throws Fault.Corrupt if a file was written by a newer version
    public static LocalQueue open(Path folder, QueueLimits limits, Clock clock, Metrics metrics) {
        return open(Disk.real(), folder, folder.resolve("queue.db"), limits, clock, metrics);
    }

    /// As above, with its files on another disk.
    ///
    /// @param folder where the files are, on `disk`
    /// @param index the index's file, on the machine's disk
    public static LocalQueue open(
            Disk disk, Path folder, Path index, QueueLimits limits, Clock clock, Metrics metrics) {
        return new LocalQueue(disk, folder, index, limits, clock, metrics);
    }

    /// Before anything is written. A disk that does not answer is no reason not to take mail.
    private void look() {
        try {
            readers.call(READ_TIME, () -> {
                log.look();
                return true;
            });
        } catch (Fault.Unavailable e) {
            Log.event(Event.QUEUE_INDEX_AWAY, e, "file", "queue");
        }
    }

    /// Runs `then` when something new waits; on the log's thread, so it must be short.
    void onNews(Runnable then) {
        news = then;
    }

    /// Runs `then` when something new waits for other servers; on the log's thread, so it must be short.
    public void onRemoteNews(Runnable then) {
        remoteNews = then;
    }

    /// Returns the queue as whoever brings mail to other servers sees it.
    public RemoteQueue remote() {
        return remote;
    }

    void newsOfRemote() {
        remoteNews.run();
    }

    /// Runs `then` when the index answers that did not; on its thread, so it must be short.
    public void onIndexed(Runnable then) {
        indexed = then;
    }

    /// Runs `then` with each account something new waits for; on the log's thread, so it must be short.
    public void onKept(Consumer<AccountId> then) {
        kept = then;
    }

    // Taking.

    /// Keeps a message; it is synced when this returns.
    ///
    /// @throws Fault.Exhausted if there is no room for it: nothing was kept
    /// @throws Fault.Unavailable if the disk did not answer within `time`: outcome unknown
    public void keep(QueuedMessage message, Duration time) {
        String priority = message.priority().word();
        try {
            byte[] head = QueueRecord.head(message);
            keep(message, head, Deadline.in(time));
            metrics.add(Metric.QUEUE_MESSAGES, 1, priority, "kept");
            Log.event(
                    Event.QUEUE_KEPT,
                    "message", message.id(), "priority", priority, "items", message.recipients(),
                    "bytes", message.content().length);
        } catch (Fault.Exhausted e) {
            metrics.add(Metric.QUEUE_MESSAGES, 1, priority, "full");
            throw e;
        } catch (Fault e) {
            metrics.add(Metric.QUEUE_MESSAGES, 1, priority, "unknown");
            throw e;
        }
    }

    private void keep(QueuedMessage message, byte[] head, Deadline deadline) {
        for (int attempt = 1; ; attempt++) {
            Room.Taken taken = room.take(message);
            Ticket<Void> ticket = append(QueueRecord.MESSAGE, head, message.content(), false, taken);
            ticket.whenAnswered((_, failure) -> {
                if (failure != null) taken.over();
            });
            try {
                ticket.await(deadline);
                return;
            } catch (Fault.Unavailable e) {
                // Another file may take it: the record says which message it is, so two are one.
                if (attempt == KEEP_ATTEMPTS || !ticket.answered() || deadline.over()) throw e;
            }
        }
    }

    private Ticket<Void> append(int kind, byte[] head, byte[] body, boolean vital,
            Room.@Nullable Taken taken) {
        return log.append(new Append(kind, head, body, vital, new Append.Progress() {
            @Override
            public void placed(Place place) {
                LocalQueue.this.placed(place, kind, head, body.length, taken);
            }
        }));
    }

    /// A record is synced: the index learns of it. On the log's thread, in the order of places.
    private void placed(Place place, int kind, byte[] head, int bodyLength, Room.@Nullable Taken taken) {
        long before = segmentNow.getAndSet(place.segment());
        if (before != place.segment()) {
            for (Segment segment : log.segments()) {
                if (segment.number() >= before && segment.number() < place.segment()) {
                    index.note(new QueueRows.News.Left(segment));
                }
            }
        }
        Said said = QueueRecord.read(kind, head, bodyLength);
        if (said == null) throw new IllegalStateException("a record just written cannot be read");
        if (said instanceof QueueRecord.Message) holdsMail.set(true);
        index.note(new QueueRows.News.Written(place, said, taken));
        if (!(said instanceof QueueRecord.Message message)) return;
        if (!message.remote().isEmpty()) remoteNews.run();
        if (message.items().isEmpty()) return;
        news.run();
        for (QueueItem item : message.items()) kept.accept(item.account());
    }

    /// Writes something small, synced with whatever else waits, and reads it back.
    ///
    /// @throws Fault if it cannot, or not within `time`
    public void probe(Duration time) {
        Deadline deadline = Deadline.in(time);
        Place at = append(QueueRecord.ROLL, false).await(deadline);
        var _ = readers.call(Duration.ofNanos(deadline.remainingNanos()), () -> log.read(at));
    }

    /// Appends a record with nothing in it; the ticket says where it is.
    private Ticket<Place> append(int kind, boolean vital) {
        var where = new Ticket<Place>("queue.append");
        log.append(new Append(kind, NOTHING, NOTHING, vital, new Append.Progress() {
            @Override
            public void placed(Place place) {
                LocalQueue.this.placed(place, kind, NOTHING, 0, null);
                where.complete(place);
            }
        })).whenAnswered((_, failure) -> {
            if (failure != null) where.fail(failure);
        });
        return where;
    }

    // Knowing.

    /// Returns what the queue holds now, from memory.
    public Figures figures() {
        var items = new EnumMap<Priority, Integer>(Priority.class);
        for (Priority priority : Priority.values()) items.put(priority, room.items(priority));
        return new Figures(
                items,
                room.bytes(),
                room.items() == 0 ? 0 : oldestSeconds(Priority.values()),
                log.segments().size(),
                index.ready(),
                log.full());
    }

    /// Returns how long the oldest of those priorities has waited; 0 when none does.
    private long oldestSeconds(Priority... among) {
        return Math.max(seconds(readyMillis, among), seconds(deferredMillis, among));
    }

    private long seconds(Map<Priority, Long> received, Priority... among) {
        long now = clock.now().toEpochMilli();
        long oldest = now;
        for (Priority priority : among) oldest = Math.min(oldest, received.getOrDefault(priority, now));
        return (now - oldest) / 1_000;
    }

    /// Returns recipients that wait, oldest arrival first, at most `limit` after `after`.
    ///
    /// @throws Fault.Unavailable if the index does not answer
    public List<Waiting> list(@Nullable ArrivalId after, int limit) {
        return index.call(INDEX_TIME, rows -> rows.list(after, limit));
    }

    /// Returns the recipients that wait for a message; empty when none does.
    public List<Waiting> find(QueueId message) {
        return index.call(INDEX_TIME, rows -> rows.of(message));
    }

    /// Returns what waits for an account, in the order it was kept in. At most [#OF_ACCOUNT_MAX]: more than the
    /// limits let wait.
    ///
    /// @throws Fault.Unavailable if the index does not answer, at once where it reads files first, or more waits
    public List<Waiting> of(AccountId account) {
        if (index.bringingUp()) throw new Fault.Unavailable("The index of the queue is being read", Map.of());
        List<Waiting> all = index.call(INDEX_TIME, rows -> rows.of(account, OF_ACCOUNT_MAX));
        if (all.size() < OF_ACCOUNT_MAX) return all;
        throw new Fault.Unavailable("Too much waits for the account to be shown", Map.of("account", account));
    }

    /// Returns the recipient that waits under an arrival; empty when none does.
    public Optional<Waiting> find(ArrivalId arrival) {
        return index.call(INDEX_TIME, rows -> Optional.ofNullable(rows.find(arrival)));
    }

    /// Has all that waits for an account be tried now.
    public void retry(AccountId account) {
        served(List.of(account));
        news.run();
    }

    /// Returns the message a recipient waits for, its bytes checked.
    ///
    /// @throws Fault.Corrupt if its bytes are not what was kept, or the index tells of another message or recipient
    /// @throws Fault.Unavailable if the disk does not give them back now
    public QueuedMessage message(Waiting waiting) {
        return whole(waiting).message();
    }

    /// The bytes of a message and their SHA-256.
    public record Content(Sha256 hash, byte[] bytes) {}

    /// Returns the bytes of the message a recipient waits for. They are read and checked on the queue's own
    /// threads, and all of them: hash and checksum are of the whole.
    ///
    /// @throws Fault as [#message(Waiting)]
    public Content content(Waiting waiting) {
        QueueRecord.Whole whole = whole(waiting);
        return new Content(whole.hash(), whole.message().content());
    }

    private QueueRecord.Whole whole(Waiting waiting) {
        QueueRecord.Whole whole = read(waiting.place());
        boolean same = whole.message().id().equals(waiting.message());
        if (same && whole.message().items().contains(waiting.item())) return whole;
        throw new Fault.Corrupt("The index of the queue is wrong", Map.of("message", waiting.message()));
    }

    QueuedMessage message(Outgoing one) {
        QueuedMessage message = read(one.place()).message();
        boolean same = message.id().equals(one.message());
        if (same && message.remote().stream().anyMatch(item -> item.id().equals(one.item()
                .id()))) return message;
        throw new Fault.Corrupt("The index of the queue is wrong", Map.of("message", one.message()));
    }

    private boolean readable(Waiting one) {
        try {
            var _ = message(one);
            return true;
        } catch (Fault.Corrupt e) {
            return false;
        }
    }

    /// Says whether [#lookedFor] may be asked: each time it reads all files.
    boolean mayLook() {
        return remadeNanos == NEVER || clock.nanos() - remadeNanos >= remakeNanos;
    }

    /// Looks again for messages that could not be read, by an index made anew of the files; returns those that are lost.
    ///
    /// @throws Fault.Unavailable if index or files do not answer, or the disk does not give a file back whole: nobody is
    ///     then known to be lost
    List<Waiting> lookedFor(List<Waiting> doubted) {
        long began = clock.nanos();
        index.distrust();
        try {
            index.call(REMAKE_TIME, _ -> true);
        } finally {
            remadeNanos = clock.nanos();
            remakeNanos = Math.max(REMAKE_EVERY.toNanos(), REMAKE_PART * (remadeNanos - began));
        }
        var lost = new ArrayList<Waiting>();
        for (Waiting one : doubted) {
            Optional<Waiting> again = index.call(
                    REMAKE_TIME, rows -> Optional.ofNullable(rows.find(one.item().arrival())));
            if (again.isEmpty() || !readable(again.get())) lost.add(one);
        }
        return lost;
    }

    private QueueRecord.Whole read(Place place) {
        return readers.call(
                READ_TIME,
                () -> {
                    AppendLog.Found found = log.read(place);
                    return QueueRecord.whole(found.kind(), found.body());
                });
    }

    // What the drain does.

    List<Waiting> ready(Priority priority, boolean newest, int limit) {
        return index.call(INDEX_TIME, rows -> rows.ready(priority, newest, limit));
    }

    /// Makes what is due at `now` ready, looks for the oldest, and returns when the next is due; empty for none.
    Optional<Instant> wake(Instant now) {
        return index.call(
                INDEX_TIME,
                rows -> {
                    rows.wake(now.toEpochMilli());
                    readyMillis = rows.oldest(false);
                    deferredMillis = rows.oldest(true);
                    Long next = rows.nextDue();
                    return Optional.ofNullable(next).map(Instant::ofEpochMilli);
                });
    }

    void defer(AccountId account, int attempts, Instant due, String why) {
        index.call(
                INDEX_TIME,
                rows -> {
                    rows.defer(account, attempts, due.toEpochMilli(), why);
                    return true;
                });
    }

    void served(List<AccountId> accounts) {
        index.call(
                INDEX_TIME,
                rows -> {
                    for (AccountId account : accounts) rows.served(account);
                    return true;
                });
    }

    /// Says that a recipient's waiting ended; synced when this returns.
    ///
    /// @throws Fault.Unavailable if that cannot be written: it is then tried again, which is harmless
    void end(List<Waiting> ended, Ending how) {
        endRemote(ended.stream().map(one -> one.item().arrival()).toList(), how);
        if (how == Ending.LOST) {
            index.call(
                    INDEX_TIME,
                    rows -> {
                        for (Waiting one : ended) rows.damaged(one.place().segment());
                        return true;
                    });
        }
    }

    /// As [#end], by the recipients' ids.
    void endRemote(List<ArrivalId> ended, Ending how) {
        appendAll(QueueRecord.ENDED, ended.stream()
                .map(id -> QueueRecord.ended(new QueueRecord.Ended(id, how), clock.now())).toList());
    }

    /// Says how recipients elsewhere stand; synced when this returns.
    void stand(List<QueueRecord.Standing> all) {
        appendAll(QueueRecord.STANDING, all.stream().map(QueueRecord::standing).toList());
    }

    private void appendAll(int kind, List<byte[]> heads) {
        Deadline deadline = Deadline.in(READ_TIME);
        List<Ticket<Void>> tickets = new ArrayList<>();
        for (byte[] head : heads) tickets.add(append(kind, head, NOTHING, true, null));
        for (Ticket<Void> ticket : tickets) ticket.await(deadline);
    }

    /// Lets go of files in which nobody waits any more, oldest first; what hinders many is moved to the newest file.
    /// Called by the one thread that also ends recipients.
    ///
    /// A file goes only when all before it are gone: it may hold the ends of what they hold.
    void sweep() {
        roll();
        List<Segment> segments = log.segments();
        for (int i = 0; i < segments.size() - 1; i++) {
            Segment oldest = segments.get(i);
            List<Place> here = index.call(INDEX_TIME, rows -> rows.inSegment(oldest.number(), MOVES_MAX));
            if (!here.isEmpty()) {
                if (dead() > Math.max(DEAD_BYTES_MAX, 4 * room.bytes())) move(here);
                return;
            }
            boolean evidence = index.call(INDEX_TIME, rows -> rows.isDamaged(oldest.number()));
            readers.call(
                    READ_TIME,
                    () -> {
                        log.drop(oldest.number(), evidence);
                        return true;
                    });
            index.call(
                    INDEX_TIME,
                    rows -> {
                        rows.forget(oldest.number());
                        return true;
                    });
        }
    }

    /// Begins a new file when nobody waits, so that delivered mail does not stay in the last one.
    private void roll() {
        long now = clock.now().toEpochMilli();
        if (room.waiting() > 0 || !holdsMail.get() || Math.abs(now - rolledMillis) < ROLL_MILLIS) return;
        rolledMillis = now;
        holdsMail.set(false);
        try {
            begin();
        } catch (Fault e) {
            holdsMail.set(true);
            throw e;
        }
    }

    /// Begins a new file; returns its number.
    private long begin() {
        List<Segment> segments = log.segments();
        if (!segments.isEmpty()) log.leave(segments.getLast().number());
        return append(QueueRecord.ROLL, true).await(Deadline.in(READ_TIME)).segment();
    }

    private long dead() {
        return readers.call(
                READ_TIME,
                () -> {
                    long bytes = 0;
                    for (Segment segment : log.segments()) bytes += disk.size(segment.path());
                    return bytes - room.bytes();
                });
    }

    /// Writes messages anew, with the recipients that still wait for them.
    private void move(List<Place> places) {
        for (Place place : places) {
            QueuedMessage message;
            try {
                message = read(place).message();
            } catch (Fault.Corrupt e) {
                continue; // found again, and ended as lost, when it is tried
            }
            List<QueueItem> left =
                    index.call(INDEX_TIME, rows -> rows.at(place)).stream().map(Waiting::item).toList();
            List<RemoteItem> elsewhere =
                    index.call(INDEX_TIME, rows -> rows.remote().at(place)).stream().map(Outgoing::item)
                            .toList();
            if (left.isEmpty() && elsewhere.isEmpty()) continue;
            QueuedMessage moved = message.with(left, elsewhere);
            append(QueueRecord.MESSAGE, QueueRecord.head(moved), moved.content(), true, null)
                    .await(Deadline.in(READ_TIME));
        }
    }

    /// Says that a recipient's message is gone.
    void lost(Waiting one, String how) {
        metrics.add(Metric.QUEUE_DRAINED, 1, one.priority().word(), "lost");
        Log.event(
                Event.QUEUE_MESSAGE_LOST,
                "message", one.message(), "account", one.item().account(), "arrival", one.item().arrival(),
                "received", one.received(), "bytes", one.size(), "how", how);
    }

    /// As above, of one for another server.
    void lost(Outgoing one, String how) {
        Log.event(
                Event.RELAY_MESSAGE_LOST,
                "message", one.message(), "recipient", one.item().id(), "domain", one.item().domain(),
                "received", one.received(), "bytes", one.size(), "how", how);
    }

    /// Returns how many syncs were made since opening.
    public long syncs() {
        return log.syncs();
    }

    /// Syncs what waits and ends.
    @Override
    public void close() {
        log.close();
        index.close();
        readers.close();
    }
}
