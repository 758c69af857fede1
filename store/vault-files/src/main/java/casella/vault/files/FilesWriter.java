package casella.vault.files;

import casella.base.AccountId;
import casella.base.Committer;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.disk.Disk;
import casella.store.disk.OpenFiles;
import casella.store.disk.Room;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.vault.files.FileHead.Damaged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The one thread that changes the vault's folders.
///
/// A batch of new objects is written in passes: every file under `incoming`, a sync of each, a sync of `incoming`, a rename
/// of each into place, a sync of each folder touched; so the file system pays for its own log once and not for each file.
/// A file whose write or sync failed is never written again: the object gets another. Each caller hears of its own failure.
final class FilesWriter implements Committer.Sink<FilesWriter.Write> {
    private static final Duration COUNTING = Duration.ofMillis(500);

    /// What one call asked for. The writer answers its ticket.
    sealed interface Write {
        Ticket<Void> ticket();

        record Put(ObjectName name, byte[] object, Ticket<Void> ticket) implements Write {}

        record Delete(ObjectName name, Ticket<Void> ticket) implements Write {}

        record Erase(AccountId account, Ticket<Void> ticket) implements Write {}

        /// Looks at an object's file again, and sets it aside if it is not what was written.
        record SetAside(ObjectName name, Ticket<Void> ticket) implements Write {}

        record Probe(byte[] bytes, Ticket<Void> ticket) implements Write {}
    }

    /// A file under `incoming`, written and not yet in place.
    private record Staged(Write.Put put, Path path, Disk.File file, long objectBytes) {}

    private final String vault;
    private final Disk disk;
    private final Layout layout;
    private final FilesConfig config;
    private final Room room;
    private final Tally tally;
    private final Folders folders;
    private final AtomicLong syncs = new AtomicLong();
    /// Folders whose names changed in the running batch, with those who wait for them.
    private final Map<Path, List<Write>> touched = new LinkedHashMap<>();
    /// Folders out of which something was removed.
    private final Set<Path> emptied = new LinkedHashSet<>();
    private long files;

    FilesWriter(String vault, Disk disk, Layout layout, FilesConfig config, Room room, Tally tally) {
        this.vault = vault;
        this.disk = disk;
        this.layout = layout;
        this.config = config;
        this.room = room;
        this.tally = tally;
        this.folders = new Folders(disk, layout.root(), syncs::incrementAndGet);
    }

    long syncs() {
        return syncs.get();
    }

    /// Makes what every vault has, and throws away what a process before this one had not put in place.
    void prepare() throws IOException {
        boolean known = Readme.check(disk, layout);
        for (Path folder : List.of(layout.root(), layout.accounts(), layout.incoming(),
                layout.quarantine())) {
            folders.make(folder);
        }
        for (String left : disk.list(layout.incoming())) disk.delete(layout.incoming().resolve(left));
        folders.sync(layout.incoming());
        if (!known) small(layout.readme(), Readme.text());
        tally.restore(Readme.start(disk, layout.figures(), 256));
        disk.delete(layout.figures());
        folders.sync(layout.root());
        tally.setAside(disk.list(layout.quarantine()).size());
        tally.goOn(COUNTING);
    }

    /// Keeps the count for the next opening. Called when the committer has ended.
    void end() throws IOException {
        String line = tally.line();
        if (!line.isEmpty()) small(layout.figures(), line);
    }

    private void small(Path to, String text) throws IOException {
        Path file = layout.incoming().resolve(String.valueOf(to.getFileName()));
        try (Disk.File out = disk.create(file)) {
            out.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            syncs.incrementAndGet();
            out.sync();
        }
        folders.sync(layout.incoming());
        disk.rename(file, to);
        folders.sync(layout.root());
    }

    @Override
    public void commit(List<Write> batch) {
        room.look();
        touched.clear();
        emptied.clear();
        var done = new ArrayList<Write>();
        var puts = new ArrayList<Write.Put>();
        for (Write write : batch) {
            if (write instanceof Write.Put put) {
                puts.add(put);
                continue;
            }
            done.addAll(put(puts));
            puts.clear();
            if (guarded(write, () -> change(write))) done.add(write);
        }
        done.addAll(put(puts));
        syncTouched();
        for (Write write : done) answer(write.ticket());
    }

    @Override
    public void idle() throws IOException {
        room.look();
        tally.goOn(COUNTING);
    }

    @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
    private static void answer(Ticket<Void> ticket) {
        ticket.complete(null);
    }

    private interface Step {
        void run() throws IOException;
    }

    /// Runs a step for one caller, who hears if it fails. Returns whether it did not.
    private boolean guarded(Write write, Step step) {
        try {
            step.run();
            return true;
        } catch (IOException e) {
            room.lookNow();
            Log.event(Event.FILES_WRITE_FAILED, e, "vault", vault);
            boolean full = write instanceof Write.Put(_, byte[] object, _)
                    && (room.low() || room.lacks(object.length));
            write.ticket().fail(full ? room.full()
                    : new Fault.Unavailable("File not written", Map.of("vault", vault), e));
            return false;
        } catch (RuntimeException e) {
            write.ticket().fail(e);
            return false;
        }
    }

    private void touch(Path folder, Write write) {
        touched.computeIfAbsent(folder, _ -> new ArrayList<>()).add(write);
    }

    private void syncTouched() {
        touched.forEach((folder, waiting) -> {
            try {
                folders.sync(folder);
            } catch (IOException e) {
                Log.event(Event.FILES_WRITE_FAILED, e, "vault", vault);
                var unknown = new Fault.Unavailable("Folder not synced, outcome unknown",
                        Map.of("vault", vault), e);
                for (Write write : waiting) write.ticket().fail(unknown);
            }
        });
        for (Path folder : emptied) {
            try {
                folders.prune(folder, layout.accounts());
            } catch (IOException e) {
                // An empty folder is nothing to anybody; the next removal in it tries again.
                Log.event(Event.FILES_WRITE_FAILED, e, "vault", vault);
            }
        }
    }

    // New objects.

    private List<Write> put(List<Write.Put> puts) {
        var staged = new ArrayList<Staged>();
        var done = new ArrayList<Write>();
        for (Write.Put put : puts) {
            boolean _ = guarded(put, () -> {
                if (kept(put)) done.add(put);
                else staged.add(stage(put));
            });
        }
        var synced = new ArrayList<Staged>();
        for (Staged one : staged) {
            boolean _ = guarded(one.put(), () -> synced.add(sync(one)));
        }
        if (synced.isEmpty()) return done;
        for (Staged one : synced) touch(layout.incoming(), one.put());
        syncTouched(layout.incoming());
        for (Staged one : synced) {
            if (guarded(one.put(), () -> place(one))) done.add(one.put());
        }
        return done;
    }

    private void syncTouched(Path folder) {
        List<Write> waiting = touched.remove(folder);
        if (waiting == null) return;
        try {
            folders.sync(folder);
        } catch (IOException e) {
            for (Write write : waiting) {
                boolean _ = guarded(write, () -> {
                    throw e;
                });
            }
        }
    }

    /// Says whether the object is there already; then it is synced once more. A file that is not what was written is set
    /// aside and makes room for a good one; one that the disk does not give now is no copy, and the good one takes its
    /// place.
    private boolean kept(Write.Put put) throws IOException {
        for (Path place : layout.places(put.name())) {
            Look look = look(put.name(), place);
            if (look == Look.CHANGED) aside(put.name(), place, put);
            if (look != Look.RIGHT) continue;
            try (OneFile file = OneFile.open(disk, place, put.name())) {
                syncs.incrementAndGet();
                file.sync();
                touch(folder(place), put);
                return true;
            } catch (Damaged e) {
                throw new IOException("changed while it was looked at", e);
            }
        }
        return false;
    }

    /// What a file was found to be.
    private enum Look {
        RIGHT,
        NONE,
        /// It is not what was written: evidence of damage.
        CHANGED,
        /// The disk does not give it now; it may again.
        UNREAD
    }

    private Look look(ObjectName name, Path place) {
        try (OneFile file = OneFile.open(disk, place, name)) {
            file.check();
            return Look.RIGHT;
        } catch (NoSuchFileException e) {
            return Look.NONE;
        } catch (Damaged e) {
            Log.event(Event.FILES_DAMAGED, "vault", vault, "object", name, "where", String.valueOf(e.getMessage()));
            return Look.CHANGED;
        } catch (IOException e) {
            Log.event(Event.FILES_READ_FAILED, e, "vault", vault, "object", name);
            return Look.UNREAD;
        }
    }

    private boolean exists(Path path) throws IOException {
        try {
            return disk.size(path) >= 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Staged stage(Write.Put put) throws IOException {
        ObjectName name = put.name();
        byte[] content = StoredObject.read(name, put.object());
        byte[] receipt = StoredObject.open(name, put.object()).receipt();
        byte[] text = FileHead.encode(name, receipt, content);
        long bytes = FileHead.objectBytes(receipt.length, content.length);
        try {
            return stage(put, text, content, bytes);
        } catch (IOException e) {
            return stage(put, text, content, bytes);
        }
    }

    private Staged stage(Write.Put put, byte[] text, byte[] content, long bytes) throws IOException {
        Path path = layout.incoming().resolve(Long.toString(++files));
        Disk.File file = disk.create(path);
        try {
            file.append(ByteBuffer.wrap(text));
            file.append(ByteBuffer.wrap(content));
            return new Staged(put, path, file, bytes);
        } catch (IOException e) {
            leave(path, file);
            throw e;
        }
    }

    private Staged sync(Staged first) throws IOException {
        try {
            return syncOnce(first);
        } catch (IOException e) {
            return syncOnce(stage(first.put()));
        }
    }

    private Staged syncOnce(Staged one) throws IOException {
        try {
            syncs.incrementAndGet();
            one.file().sync();
            one.file().close();
            return one;
        } catch (IOException e) {
            leave(one.path(), one.file());
            throw e;
        }
    }

    /// Leaves a file whose write or sync failed: nothing in it was answered.
    private void leave(Path path, Disk.File file) {
        try (file) {
            disk.delete(path);
        } catch (IOException e) {
            Log.event(Event.FILES_WRITE_FAILED, e, "vault", vault);
        }
    }

    private void place(Staged one) throws IOException {
        if (one.put().ticket().answered()) {
            disk.delete(one.path());
            return;
        }
        ObjectName name = one.put().name();
        @Nullable Path unread = there(name);
        Path folder = unread == null ? layout.folder(name) : folder(unread);
        folders.make(folder);
        if (unread == null && name.kind() == Kind.MAIL
                && folders.count(folder) >= config.filesInFolderMax()) {
            folder = layout.fullDayFolder(name);
            folders.make(folder);
        }
        Path to = folder.resolve(Layout.file(name));
        boolean again = exists(to);
        disk.rename(one.path(), to);
        touch(folder, one.put());
        folders.added(folder);
        if (!again) tally.came(name, one.objectBytes());
    }

    private @Nullable Path there(ObjectName name) throws IOException {
        for (Path place : layout.places(name)) if (exists(place)) return place;
        return null;
    }

    private static Path folder(Path file) {
        Path folder = file.getParent();
        if (folder == null) throw new IllegalStateException("a file without a folder");
        return folder;
    }

    // Removals and the rest.

    private void change(Write write) throws IOException {
        switch (write) {
            case Write.Put _ -> throw new IllegalStateException("puts go together");
            case Write.Delete(ObjectName name, _) -> delete(name, write);
            case Write.Erase(AccountId account, _) -> erase(account, write);
            case Write.SetAside(ObjectName name, _) -> {
                for (Path place : layout.places(name)) {
                    if (look(name, place) == Look.CHANGED) aside(name, place, write);
                }
            }
            case Write.Probe(byte[] bytes, _) -> probe(bytes);
        }
    }

    private void delete(ObjectName name, Write write) throws IOException {
        for (Path place : layout.places(name)) {
            if (exists(place)) {
                tally.went(name, objectBytes(name, place));
                disk.delete(place);
                emptied.add(folder(place));
            }
            // Also where there is none: a process that was killed may have removed it without a sync.
            touch(nearest(folder(place)), write);
        }
    }

    /// Returns `folder`, or the folder that is there of those above it.
    private Path nearest(Path folder) throws IOException {
        if (folder.equals(layout.accounts()) || folders.known(folder)) return folder;
        Path above = nearest(folder(folder));
        boolean there = above.equals(folder.getParent()) && disk.list(above)
                .contains(String.valueOf(folder.getFileName()));
        return there ? folder : above;
    }

    private long objectBytes(ObjectName name, Path place) throws IOException {
        try (OneFile file = OneFile.open(disk, place, name)) {
            return file.head().objectBytes();
        } catch (IOException | Damaged | Fault.Corrupt e) {
            return 0; // it goes all the same
        }
    }

    private void erase(AccountId account, Write write) throws IOException {
        Path folder = layout.account(account);
        for (Kind kind : Kind.values()) remove(account, kind, layout.kind(account, kind));
        remove(account, Kind.MAIL, folder);
        for (String evidence : disk.list(layout.quarantine())) {
            if (!evidence.startsWith(account + "-")) continue;
            disk.delete(layout.quarantine().resolve(evidence));
            tally.setAside(-1);
            touch(layout.quarantine(), write);
        }
        emptied.add(folder);
        touch(nearest(folder), write);
    }

    /// Removes all that is in a folder, whoever put it there.
    private void remove(AccountId account, Kind kind, Path folder) throws IOException {
        List<String> names = disk.list(folder);
        for (String name : names) {
            Path path = folder.resolve(name);
            var object = Layout.object(account, kind, name);
            if (object.isPresent()) tally.went(object.get(), objectBytes(object.get(), path));
            else remove(account, kind, path);
            disk.delete(path);
        }
        folders.forget(folder);
        if (!names.isEmpty()) folders.sync(folder);
    }

    /// Sets a file aside that is not what was written: for that alone.
    private void aside(ObjectName name, Path place, Write write) throws IOException {
        Path evidence = layout.quarantine().resolve(name.account() + "-" + Layout.file(name));
        if (!exists(evidence)) tally.setAside(1);
        disk.rename(place, evidence);
        touch(folder(place), write);
        touch(layout.quarantine(), write);
        tally.went(name, 0);
    }

    private void probe(byte[] bytes) throws IOException {
        Path path = layout.incoming().resolve(Long.toString(++files));
        try (Disk.File file = disk.create(path)) {
            file.append(ByteBuffer.wrap(bytes));
            syncs.incrementAndGet();
            file.sync();
            if (!Arrays.equals(bytes, OpenFiles.read(file, 0, bytes.length))) {
                throw new Fault.Corrupt("Probe came back as other bytes", Map.of("vault", vault));
            }
        } finally {
            disk.delete(path);
        }
    }
}
