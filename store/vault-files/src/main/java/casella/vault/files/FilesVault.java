package casella.vault.files;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Committer;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.disk.Disk;
import casella.store.disk.Room;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.vault.files.FilesWriter.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A vault of plain files, technology `files`: one file an object, a mail as a mail program reads it.
///
/// Slow and simple: a file, a sync and a rename for each object; for archives, and as a third technology. Contents lie
/// plain, so an object comes back with the same name, receipt and content, and with chunks that are not compressed.
///
/// Threads: one committer writes, a pool reads. A writer that hangs holds its callers until their deadlines, and nobody
/// else; it is not replaced, because its folders are.
public final class FilesVault implements Vault {
    public static final String TECHNOLOGY = "files";

    private static final int READS_WAITING_MAX = 1_024;
    private static final int OBJECT_BYTES_MAX = StoredObject.CONTENT_BYTES_MAX + (1 << 20);
    private static final int LIST_MAX = 10_000;
    private static final int PROBE_BYTES = 16;
    private static final int BATCH_MAX = 64;

    private final String name;
    private final Room room;
    private final Tally tally;
    private final FilesReads reads;
    private final FilesWriter writer;
    private final Committer<Write> committer;
    private final Bulkhead readers;
    private final SecureRandom random = new SecureRandom();
    private volatile boolean closed;

    private FilesVault(String name, Path folder, Disk disk, FilesConfig config) throws IOException {
        this.name = name;
        var layout = new Layout(folder.toAbsolutePath().normalize());
        this.room = new Room(name, disk, layout.root(), config.freeShareMin());
        this.reads = new FilesReads(disk, layout, this::damaged);
        this.tally = new Tally(new FilesReads(disk, layout, _ -> {}));
        this.writer = new FilesWriter(name, disk, layout, config, room, tally);
        writer.prepare();
        room.lookNow();
        this.committer =
                new Committer<>(
                        "vault." + name + ".write", writer, BATCH_MAX, 8L << 20, 8_192, 64L << 20,
                                config.breakerAge());
        this.readers = new Bulkhead("vault." + name + ".read", config.readThreads(), READS_WAITING_MAX);
    }

    /// Opens the vault in `folder` on the machine's disk, a new one if it is empty. Blocks: call it from a platform thread.
    ///
    /// @param name the instance's configured name
    /// @throws Fault.Unavailable if the folder cannot be made or written
    /// @throws Fault.Corrupt if a newer version wrote it; then nothing in it was touched
    public static FilesVault open(String name, Path folder) {
        return open(name, folder, Disk.real(), FilesConfig.standard());
    }

    public static FilesVault open(String name, Path folder, Disk disk, FilesConfig config) {
        try {
            return new FilesVault(name, folder, disk, config);
        } catch (IOException e) {
            throw new Fault.Unavailable("Vault cannot be opened", Map.of("vault", name, "folder", folder), e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String technology() {
        return TECHNOLOGY;
    }

    @Override
    public Ticket<Void> put(ObjectName object, byte[] bytes) {
        if (bytes.length > OBJECT_BYTES_MAX) {
            return Ticket.failed("vault.put",
                    new Fault.Exhausted("Object too large", Map.of("bytes", bytes.length)));
        }
        if (room.low()) return Ticket.failed("vault.put", room.full());
        return submit("vault.put", bytes.length, ticket -> new Write.Put(object, bytes, ticket));
    }

    @Override
    public Ticket<Void> delete(ObjectName object) {
        return submit("vault.delete", ObjectName.BYTES, ticket -> new Write.Delete(object, ticket));
    }

    @Override
    public Ticket<Void> erase(AccountId account) {
        return submit("vault.erase", ObjectName.BYTES, ticket -> new Write.Erase(account, ticket));
    }

    /// The writer answers each caller; the committer only says when nothing came of handing it over.
    private Ticket<Void> submit(String work, long bytes, Function<Ticket<Void>, Write> write) {
        var ticket = new Ticket<Void>(work);
        committer.submit(write.apply(ticket), bytes).whenAnswered((_, failure) -> {
            if (failure != null) ticket.fail(failure);
        });
        return ticket;
    }

    /// Has an object's file looked at by the thread that may set it aside. The reader that found it does not wait.
    private void damaged(ObjectName object) {
        var _ = submit("vault.set-aside", ObjectName.BYTES, ticket -> new Write.SetAside(object, ticket));
    }

    @Override
    public byte @Nullable [] get(ObjectName object, long from, int length, Duration time) {
        if (from < 0 || length < 0) throw new IllegalArgumentException("range: must not be negative");
        return readers.call(time, () -> reads.get(object, from, length));
    }

    @Override
    public List<Entry> list(AccountId account, Kind kind, @Nullable ObjectName after, int limit,
            Duration time) {
        check(limit);
        return readers.call(time, () -> reads.list(account, kind, after, limit));
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        check(limit);
        return readers.call(time, () -> reads.accounts(after, limit));
    }

    private static void check(int limit) {
        if (limit < 1 || limit > LIST_MAX) throw new IllegalArgumentException("limit: must be 1 to 10000");
    }

    @Override
    public void probe(Duration time) {
        byte[] bytes = new byte[PROBE_BYTES];
        random.nextBytes(bytes);
        var _ = submit("vault.probe", PROBE_BYTES, ticket -> new Write.Probe(bytes, ticket))
                .await(Deadline.in(time));
    }

    /// Returns what is counted so far: after an opening it takes a while until all is.
    @Override
    public Figures figures() {
        return tally.figures();
    }

    /// What was set aside bears its account's name: an erasure takes it along.
    @Override
    public boolean mayHoldUnread(AccountId account) {
        return false;
    }

    @Override
    public long syncs() {
        return writer.syncs();
    }

    /// Writes what waits. A writer or reader that hangs is left behind after 5 s.
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        committer.close();
        readers.close();
        if (!committer.ended()) return;
        try {
            writer.end();
        } catch (IOException e) {
            Log.event(Event.FILES_WRITE_FAILED, e, "vault", name);
        }
    }
}
