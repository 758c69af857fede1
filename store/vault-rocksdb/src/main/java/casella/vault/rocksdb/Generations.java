package casella.vault.rocksdb;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.rocksdb.Evidence;
import casella.rocksdb.LogGuard;
import casella.rocksdb.RocksFaults;
import casella.store.disk.Disk;
import casella.store.disk.PageCache;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// The succession of a vault's databases: folders `0001`, `0002`, …; the highest is written, the lower ones were set aside
/// because they could not be opened or written any more. Those are only read, as far as they can be, and never changed:
/// they may hold the last copy of something. Decision 0058. One goes when what can be read of it was carried over into the
/// one that is written, and something must be forgotten. Decision 0115.
///
/// ```text
/// LOCK             held while the vault is open
/// 0001/            a database set aside
/// 0001.set-aside   when and why, for people
/// 0001.forget      it holds what must be forgotten: the next opening removes it, if the one that all of it was carried
///                  over into (the last word; 0: nothing could be read) is the one that is written and opens whole
/// 0002/            the database that is written
/// ```
final class Generations implements AutoCloseable {
    private static final int OLDER_MAX = 8;
    private static final int NOWHERE = 0;

    /// A database that was set aside.
    ///
    /// @param open what can be read of it, or null where it cannot be opened
    /// @param objects how many it held, as far as known
    /// @param bytes their stored length, as far as known
    record Older(int number, @Nullable Generation open, long objects, long bytes) {}

    /// What there is at one moment.
    ///
    /// @param older newest first
    record State(Generation current, List<Older> older) {
        State {
            older = List.copyOf(older);
        }

        /// Returns what can be read, newest first.
        List<Generation> readable() {
            var all = new ArrayList<Generation>();
            all.add(current);
            for (Older each : older) if (each.open() != null) all.add(each.open());
            return all;
        }

        /// Says whether something was set aside that cannot be read at all.
        boolean lost() {
            return older.stream().anyMatch(each -> each.open() == null);
        }
    }

    private final String vault;
    private final Path folder;
    private final RocksVaultConfig config;
    private final Runnable entering;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final long device;
    private long setAsideAt;
    private boolean setAsideOnce;
    private volatile State state;
    private boolean salvaged;
    /// Those whose files somebody removed: open until the end, for threads that are in one.
    private final List<Generation> left = new ArrayList<>();
    private final AtomicLong losses = new AtomicLong();

    /// Opens what `folder` holds, making the first database where it holds none.
    ///
    /// @param entering runs on each thread that begins a use of one
    /// @throws Fault.Unavailable if another process holds it, or no database can be opened nor made
    Generations(String vault, Path folder, RocksVaultConfig config, Runnable entering) {
        this.vault = vault;
        this.folder = folder;
        this.config = config;
        this.entering = entering;
        boolean opened = false;
        try {
            Files.createDirectories(folder);
            device = Disk.real().device(folder);
            lockFile = FileChannel.open(folder.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new Fault.Unavailable("Vault's folder cannot be used", facts(), e);
        }
        try {
            lock = locked();
            state = openAll();
            opened = true;
        } finally {
            if (!opened) closeLockFile();
        }
    }

    private FileLock locked() {
        try {
            @Nullable FileLock got = lockFile.tryLock();
            if (got != null) return got;
            throw new Fault.Unavailable("Vault is in use by another process", facts());
        } catch (OverlappingFileLockException e) {
            throw new Fault.Unavailable("Vault is in use by this process", facts(), e);
        } catch (IOException e) {
            throw new Fault.Unavailable("Vault cannot be locked", facts(), e);
        }
    }

    /// Has what was set aside removed at the next opening: what cannot be read, and what can, if all of that is in
    /// `now` as well.
    ///
    /// @param now as it was when that was looked at
    /// @param carried whether it was carried over
    void forgetOlder(State now, boolean carried) throws IOException {
        for (Older each : now.older()) {
            if (each.open() != null && !carried) continue;
            int into = each.open() == null ? NOWHERE : now.current().number();
            Files.writeString(note(each.number()), Instant.now() + " " + into + "\n");
        }
    }

    private Path note(int number) {
        return folder.resolve(String.format("%04d.forget", number));
    }

    /// Returns where a database to be forgotten was carried over to; -1 if it is not to be forgotten.
    private int carriedInto(int number) {
        try {
            String text = Files.readString(note(number)).strip();
            int space = text.lastIndexOf(' ');
            // Earlier versions noted what cannot be read, with nothing behind the time.
            return space < 0 ? NOWHERE : Integer.parseInt(text.substring(space + 1));
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException | NumberFormatException e) {
            Log.event(Event.VAULT_GENERATION_UNREADABLE, e, "vault", vault, "generation", number);
            return -1;
        }
    }

    /// @param into those that were carried over to it; [#NOWHERE] for those of which nothing could be read
    private void removeForgotten(int into) {
        List<Integer> numbers = numbers();
        for (int number : numbers) {
            if (number == numbers.getLast() || carriedInto(number) != into) continue;
            Path note = note(number);
            try {
                try (Stream<Path> all = Files.walk(folder(number))) {
                    for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
                }
                Files.deleteIfExists(folder.resolve(String.format("%04d.set-aside", number)));
                Files.delete(note);
                Log.event(Event.VAULT_GENERATION_FORGOTTEN, "vault", vault, "generation", number);
            } catch (IOException e) {
                Log.event(Event.VAULT_GENERATION_UNREADABLE, e, "vault", vault, "generation", number);
            }
        }
    }

    /// One that is written again is carried over into none.
    private void forgetNote(int number) {
        try {
            Files.deleteIfExists(note(number));
        } catch (IOException e) {
            throw new Fault.Unavailable("Vault's folder cannot be used", facts(), e);
        }
    }

    private State openAll() {
        removeForgotten(NOWHERE);
        List<Integer> numbers = numbers();
        int highest = numbers.isEmpty() ? 1 : numbers.getLast();
        var older = new ArrayList<Older>();
        Generation current;
        try {
            current = openToWrite(highest);
            if (!salvaged) removeForgotten(highest);
        } catch (RocksDBException e) {
            current = openAfter(highest, e);
            older.add(openToRead(highest));
        }
        forgetNote(current.number());
        for (int number : numbers().reversed()) if (number < highest) older.add(openToRead(number));
        return new State(current, older);
    }

    private Generation openAfter(int broken, RocksDBException why) {
        note(broken, why);
        try {
            return openToWrite(broken + 1);
        } catch (RocksDBException e) {
            throw RocksFaults.of("Vault can neither be opened nor begun afresh", e);
        }
    }

    private List<Integer> numbers() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{4}"))
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Fault.Unavailable("Vault's folder cannot be read", facts(), e);
        }
    }

    private Path folder(int number) {
        return folder.resolve(String.format("%04d", number));
    }

    private Generation openToWrite(int number) throws RocksDBException {
        Path where = folder(number);
        boolean fresh = fresh(where);
        mend(where);
        try {
            return new Generation(vault, number, where, config, entering, Generation.Mode.WHOLE, fresh);
        } catch (RocksDBException first) {
            if (fresh || !RocksFaults.corruption(first)) throw first;
            Evidence.keepLogs(vault, where);
            var salvage = new Generation(vault, number, where, config, entering, Generation.Mode.SALVAGE,
                    false);
            Log.event(Event.VAULT_LOG_CUT, first, "vault", vault, "generation", number);
            salvaged = true;
            return salvage;
        }
    }

    /// Says whether a folder can hold no object: no file of rows or blobs and no byte of a log. Where such files are but
    /// `CURRENT` is not, RocksDB would begin anew and delete them.
    private boolean fresh(Path where) {
        try {
            Files.createDirectories(where);
            try (Stream<Path> files = Files.list(where)) {
                return files.noneMatch(Generations::holdsObjects);
            }
        } catch (IOException e) {
            throw new Fault.Unavailable("Vault's folder cannot be read", facts(), e);
        }
    }

    private static boolean holdsObjects(Path file) {
        String name = file.getFileName().toString();
        boolean log = name.endsWith(".log") && file.toFile().length() > 0;
        return log || name.endsWith(".sst") || name.endsWith(".blob");
    }

    /// A log that cannot even be looked over is a database that cannot be opened.
    private void mend(Path where) throws RocksDBException {
        try {
            LogGuard.mend(vault, where);
        } catch (IOException e) {
            throw new RocksDBException("log cannot be read: " + e.getMessage());
        }
    }

    private Older openToRead(int number) {
        try {
            mend(folder(number));
            Path where = folder(number);
            var generation =
                    new Generation(vault, number, where, config, entering, Generation.Mode.READ_ONLY, false);
            long @Nullable [] figures = generation.figures();
            return new Older(number, generation, figures == null ? 0 : figures[0], figures == null ? 0
                    : figures[1]);
        } catch (RocksDBException e) {
            Log.event(Event.VAULT_GENERATION_UNREADABLE, e, "vault", vault, "generation", number);
            return new Older(number, null, 0, 0);
        }
    }

    State state() {
        return state;
    }

    /// Says whether records of the log had to be skipped in opening, so that counts kept with them are wrong.
    boolean salvaged() {
        return salvaged;
    }

    /// Sets the current database aside, begins the next and returns it. The old one stays open to be read. On the
    /// committer's thread only.
    ///
    /// @throws Fault.Unavailable if that was done too recently or too often, or the next cannot be begun
    Generation setAside(RocksDBException why, long objects, long bytes) {
        State old = state;
        boolean recently = setAsideOnce && System.nanoTime() - setAsideAt < config.generationPause()
                .toNanos();
        if (recently || old.older().size() >= OLDER_MAX) {
            throw new Fault.Unavailable(
                    "Vault takes no writes and was set aside too recently or too often",
                    Map.of("vault", vault, "generations", old.older().size()),
                    why);
        }
        setAsideAt = System.nanoTime();
        setAsideOnce = true;
        int number = old.current().number();
        Generation next = openAfter(number, why);
        var older = new ArrayList<Older>();
        older.add(new Older(number, old.current(), objects, bytes));
        older.addAll(old.older());
        state = new State(next, older);
        return next;
    }

    /// Says whether a database that is open is in its folder no more: somebody removed it. What is written there goes on
    /// for as long as this process does, and is then gone.
    boolean anyRemoved() {
        return state.readable().stream().anyMatch(this::removed);
    }

    private boolean removed(Generation generation) {
        return Files.notExists(folder(generation.number()).resolve("CURRENT"));
    }

    /// Leaves the databases that were removed, and begins the next where it was the one that is written. Nobody reads in
    /// them from now on: what they alone held counts as lost here, and is owed. On the committer's thread only.
    ///
    /// @throws Fault.Unavailable if the next cannot be begun, or it is the whole file system that is not there: that one
    ///         comes back, and nothing is begun on the one beneath it
    void leaveRemoved() {
        State old = state;
        List<Generation> removed = old.readable().stream().filter(this::removed).toList();
        if (removed.isEmpty()) return;
        try {
            if (Disk.real().device(folder) != device) throw new IOException("its file system is not there");
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Fault.Unavailable("Vault's folder cannot be used", facts(), e);
        }
        Generation current = old.current();
        var why = new RocksDBException("its files were removed");
        if (removed.contains(current)) current = openAfter(current.number(), why);
        List<Older> older = old.older().stream().filter(each -> !removed.contains(each.open())).toList();
        state = new State(current, older);
        left.addAll(removed);
        losses.incrementAndGet();
        for (Generation each : removed) Log.event(Event.VAULT_FILES_REMOVED, "vault", vault, "generation", each.number());
    }

    /// Has files read from the disk from now on.
    void forgetCached() throws IOException {
        for (Generation each : state.readable()) {
            // A file may go meanwhile: a merge replaced it.
            try (Stream<Path> all = Files.list(folder(each.number()))) {
                all.filter(Generations::holdsObjects).forEach(PageCache::forget);
            }
        }
    }

    long losses() {
        return losses.get();
    }

    private void note(int number, RocksDBException why) {
        Log.event(Event.VAULT_SET_ASIDE, why, "vault", vault, "generation", number, "next", number + 1);
        String text = Instant.now() + " " + RocksFaults.of("Set aside", why) + " " + why.getMessage() + "\n";
        Evidence.note(vault, folder.resolve(String.format("%04d.set-aside", number)), text);
    }

    private Map<String, Object> facts() {
        return Map.of("vault", vault, "folder", folder.toString());
    }

    @Override
    public void close() {
        for (Generation each : state.readable()) each.close();
        left.forEach(Generation::close);
        try {
            lock.release();
        } catch (IOException e) {
            Log.event(Event.ROCKSDB_CLOSE_FAILED, e, "where", vault);
        }
        closeLockFile();
    }

    private void closeLockFile() {
        try {
            lockFile.close();
        } catch (IOException e) {
            Log.event(Event.ROCKSDB_CLOSE_FAILED, e, "where", vault);
        }
    }
}
