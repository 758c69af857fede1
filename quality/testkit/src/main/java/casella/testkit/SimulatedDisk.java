package casella.testkit;

import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A disk in memory that fails as real ones do: power goes, writes tear, errors come, it fills up, lies or hangs.
///
/// What was synced survives [#afterPowerLoss]; of what was not, any 512-byte sector may be there, be zeros, or be
/// missing with all behind it, and any name may be the old or the new one. After a failed sync the bytes it was asked
/// for never become durable, although later syncs succeed, as on Linux.
public final class SimulatedDisk implements Disk {
    /// What is counted and can fail. Reads are not counted.
    public enum Op {
        CREATE,
        APPEND,
        SYNC,
        SYNC_FOLDER,
        RENAME,
        DELETE
    }

    private static final int SECTOR_BYTES = 512;
    private static final long NEVER = Long.MAX_VALUE;

    /// A file whatever its name is.
    private static final class Inode {
        byte[] bytes = new byte[0];
        int length;
        int durable;
        /// Set when a sync failed: nothing from here on becomes durable any more.
        int spoiledFrom = Integer.MAX_VALUE;

        void append(byte[] more, int count) {
            if (length + count > bytes.length) bytes =
                    Arrays.copyOf(bytes, Math.max(length + count, 2 * length));
            System.arraycopy(more, 0, bytes, length, count);
            length += count;
        }

        void sync() {
            durable = Math.max(durable, Math.min(length, spoiledFrom));
        }
    }

    /// A change of names not yet on the disk: `path` is now `inode`, or nothing; `from` is no name any more.
    private record Renaming(Path path, @Nullable Inode inode, @Nullable Path from) {}

    private record Failing(int after, int times) {}

    private final Random random;
    private final TreeMap<Path, Inode> names = new TreeMap<>();
    private final TreeMap<Path, Inode> durableNames = new TreeMap<>();
    /// Folders that were made; durable at once, as [Disk#makeFolder] says.
    private final TreeSet<Path> folders = new TreeSet<>();
    private final List<Renaming> renamings = new ArrayList<>();
    private final Map<Op, Failing> failing = new EnumMap<>(Op.class);
    private final Map<Op, CountDownLatch> hanging = new EnumMap<>(Op.class);
    private final List<String> history = new ArrayList<>();
    private long capacity = 1L << 40;
    private long operations;
    private long powerLossAt = NEVER;
    private boolean off;
    private boolean shortReads;
    private boolean lying;
    private final TreeMap<Path, Integer> unreadable = new TreeMap<>();

    public SimulatedDisk(long seed) {
        this.random = new Random(seed);
    }

    // What can be done to it.

    /// Cuts the power at the n-th counted operation from the start, 0 for the first: it may be half done.
    public synchronized SimulatedDisk powerLossAt(long operation) {
        powerLossAt = operation;
        return this;
    }

    /// Lets `after` operations of a kind succeed and then `times` fail with an input/output error.
    public synchronized SimulatedDisk fail(Op op, int after, int times) {
        failing.put(op, new Failing(after, times));
        return this;
    }

    /// Makes the next operation of a kind hang until the latch that is returned is counted down.
    public synchronized CountDownLatch hang(Op op) {
        var latch = new CountDownLatch(1);
        hanging.put(op, latch);
        return latch;
    }

    public synchronized SimulatedDisk capacity(long bytes) {
        capacity = bytes;
        return this;
    }

    /// Makes reads return fewer bytes than were asked for.
    public synchronized SimulatedDisk shortReads() {
        shortReads = true;
        return this;
    }

    /// Makes syncs return without doing anything.
    public synchronized SimulatedDisk lying() {
        lying = true;
        return this;
    }

    /// Lets the next reads of a file fail with an input/output error.
    public synchronized SimulatedDisk unreadable(Path path, int times) {
        unreadable.put(path, times);
        return this;
    }

    private synchronized void given(Path path) throws IOException {
        int left = unreadable.getOrDefault(path, 0);
        if (left == 0) return;
        unreadable.put(path, left - 1);
        throw new IOException("Input/output error");
    }

    public synchronized void flip(Path path, long offset, int bit) throws IOException {
        inode(path).bytes[(int) offset] ^= (byte) (1 << bit);
    }

    /// Overwrites the whole file in place with random bytes.
    public synchronized void garble(Path path) throws IOException {
        Inode inode = inode(path);
        byte[] garbage = new byte[inode.length];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, inode.bytes, 0, inode.length);
    }

    public synchronized void truncate(Path path, long length) throws IOException {
        Inode inode = inode(path);
        inode.length = Math.min(inode.length, (int) length);
        inode.durable = Math.min(inode.durable, inode.length);
        Arrays.fill(inode.bytes, inode.length, inode.bytes.length, (byte) 0);
    }

    // What can be asked of it.

    public synchronized long operations() {
        return operations;
    }

    public synchronized boolean isOff() {
        return off;
    }

    /// Returns what was done, a line each: `append a.seg 132`.
    public synchronized List<String> history() {
        return List.copyOf(history);
    }

    public synchronized List<Path> files() {
        return List.copyOf(names.keySet());
    }

    public synchronized byte[] bytes(Path path) throws IOException {
        Inode inode = inode(path);
        return Arrays.copyOf(inode.bytes, inode.length);
    }

    /// Returns the disk as it may be found when the power is back.
    public synchronized SimulatedDisk afterPowerLoss(long seed) {
        var chance = new Random(seed);
        var found = new SimulatedDisk(seed);
        TreeMap<Path, Inode> left = new TreeMap<>(durableNames);
        for (Renaming renaming : renamings) if (chance.nextBoolean()) apply(renaming, left);
        Map<Inode, Inode> survivors = new HashMap<>();
        left.forEach(
                (path, inode) -> {
                    Inode survivor = survivors.computeIfAbsent(inode, whole -> survivor(whole, chance));
                    found.names.put(path, survivor);
                    found.durableNames.put(path, survivor);
                });
        found.folders.addAll(folders);
        for (Path path : found.names.keySet()) found.addFolders(path.getParent());
        found.capacity = capacity;
        return found;
    }

    /// Cuts the power now.
    public synchronized void switchOff() {
        off = true;
    }

    /// Takes back a hang that nothing has run into yet.
    public synchronized void unhang(Op op) {
        hanging.remove(op);
    }

    /// Returns the disk as another process finds it when this one was killed and the power stayed: all that was done,
    /// synced or not.
    public synchronized SimulatedDisk afterKill() {
        var found = new SimulatedDisk(random.nextLong());
        Map<Inode, Inode> copies = new HashMap<>();
        Function<Inode, Inode> copy = inode -> copies.computeIfAbsent(inode, SimulatedDisk::copy);
        names.forEach((path, inode) -> found.names.put(path, copy.apply(inode)));
        durableNames.forEach((path, inode) -> found.durableNames.put(path, copy.apply(inode)));
        for (Renaming renaming : renamings) {
            Inode inode = renaming.inode();
            @Nullable Inode now = inode == null ? null : copy.apply(inode);
            found.renamings.add(new Renaming(renaming.path(), now, renaming.from()));
        }
        found.folders.addAll(folders);
        found.capacity = capacity;
        return found;
    }

    private static Inode copy(Inode inode) {
        var copy = new Inode();
        copy.append(inode.bytes, inode.length);
        copy.durable = inode.durable;
        copy.spoiledFrom = inode.spoiledFrom;
        return copy;
    }

    private static Inode survivor(Inode inode, Random chance) {
        var left = new Inode();
        int length = inode.durable + chance.nextInt(inode.length - inode.durable + 1);
        byte[] bytes = Arrays.copyOf(inode.bytes, length);
        for (int sector = inode.durable; sector < length; ) {
            int next = Math.min(length, (sector / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if (chance.nextInt(4) == 0) Arrays.fill(bytes, sector, next, (byte) 0);
            sector = next;
        }
        left.append(bytes, length);
        left.sync();
        return left;
    }

    private static void apply(Renaming renaming, Map<Path, Inode> to) {
        if (renaming.from() != null && to.remove(renaming.from()) == null) return;
        if (renaming.inode() == null) to.remove(renaming.path());
        else to.put(renaming.path(), renaming.inode());
    }

    // The disk.

    /// Counts an operation, and hangs or fails where it was told to. Returns whether the power goes in its middle.
    private boolean begin(Op op, String what) throws IOException {
        @Nullable CountDownLatch latch;
        synchronized (this) {
            latch = hanging.remove(op);
        }
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        synchronized (this) {
            powered();
            history.add(what);
            if (operations++ >= powerLossAt) {
                off = true;
                return true;
            }
            return false;
        }
    }

    private boolean fails(Op op) {
        Failing failure = failing.get(op);
        if (failure == null) return false;
        if (failure.after() > 0) {
            failing.put(op, new Failing(failure.after() - 1, failure.times()));
            return false;
        }
        if (failure.times() == 0) return false;
        failing.put(op, new Failing(0, failure.times() - 1));
        return true;
    }

    private void powered() throws IOException {
        if (off) throw new IOException("no power");
    }

    private Inode inode(Path path) throws IOException {
        Inode inode = names.get(path);
        if (inode == null) throw new NoSuchFileException(path.toString());
        return inode;
    }

    private static String last(Path path) {
        return String.valueOf(path.getFileName());
    }

    private final class OpenFile implements File {
        private final Inode inode;
        private final String name;
        private final Path path;

        OpenFile(Inode inode, Path path) {
            this.inode = inode;
            this.path = path;
            this.name = last(path);
        }

        @Override
        public void append(ByteBuffer from) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            boolean powerGoes = begin(Op.APPEND, "append " + name + " " + bytes.length);
            synchronized (SimulatedDisk.this) {
                int some = random.nextInt(bytes.length + 1);
                if (powerGoes || fails(Op.APPEND)) {
                    inode.append(bytes, some);
                    throw new IOException(powerGoes ? "no power" : "Input/output error");
                }
                long room = capacity - used();
                if (bytes.length > room) {
                    inode.append(bytes, (int) Math.max(0, room));
                    throw new IOException("No space left on device");
                }
                inode.append(bytes, bytes.length);
            }
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                powered();
                given(path);
                if (position >= inode.length) return -1;
                int most = (int) Math.min(into.remaining(), inode.length - position);
                int count = shortReads && most > 1 ? 1 + random.nextInt(most) : most;
                into.put(inode.bytes, (int) position, count);
                return count;
            }
        }

        @Override
        public void sync() throws IOException {
            boolean powerGoes = begin(Op.SYNC, "sync " + name);
            synchronized (SimulatedDisk.this) {
                if (powerGoes) {
                    if (random.nextBoolean()) inode.sync();
                    throw new IOException("no power");
                }
                if (fails(Op.SYNC)) {
                    inode.spoiledFrom = Math.min(inode.spoiledFrom, inode.durable);
                    throw new IOException("Input/output error");
                }
                if (!lying) inode.sync();
            }
        }

        @Override
        public void close() {}
    }

    private long used() {
        return names.values().stream().distinct().mapToLong(inode -> inode.length).sum();
    }

    @Override
    public File create(Path path) throws IOException {
        boolean powerGoes = begin(Op.CREATE, "create " + last(path));
        synchronized (this) {
            if (fails(Op.CREATE)) throw new IOException("Input/output error");
            if (names.containsKey(path)) throw new FileAlreadyExistsException(path.toString());
            var inode = new Inode();
            change(new Renaming(path, inode, null));
            if (powerGoes) throw new IOException("no power");
            return new OpenFile(inode, path);
        }
    }

    private void change(Renaming renaming) {
        apply(renaming, names);
        renamings.add(renaming);
    }

    @Override
    public synchronized File open(Path path) throws IOException {
        powered();
        return new OpenFile(inode(path), path);
    }

    @Override
    public synchronized long size(Path path) throws IOException {
        powered();
        return inode(path).length;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        boolean powerGoes = begin(Op.RENAME, "rename " + last(from) + " " + last(to));
        synchronized (this) {
            if (fails(Op.RENAME)) throw new IOException("Input/output error");
            change(new Renaming(to, inode(from), from));
            if (powerGoes) throw new IOException("no power");
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        if (removedFolder(path) || !exists(path)) return;
        boolean powerGoes = begin(Op.DELETE, "delete " + last(path));
        synchronized (this) {
            if (fails(Op.DELETE)) throw new IOException("Input/output error");
            change(new Renaming(path, null, null));
            if (powerGoes) throw new IOException("no power");
        }
    }

    private synchronized boolean removedFolder(Path path) throws IOException {
        powered();
        if (!folders.contains(path)) return false;
        if (!list(path).isEmpty()) throw new DirectoryNotEmptyException(path.toString());
        return folders.remove(path);
    }

    private synchronized boolean exists(Path path) throws IOException {
        powered();
        return names.containsKey(path);
    }

    @Override
    public synchronized List<String> list(Path folder) throws IOException {
        powered();
        return Stream.concat(names.keySet().stream(), folders.stream())
                .filter(path -> folder.equals(path.getParent()))
                .map(SimulatedDisk::last)
                .sorted()
                .toList();
    }

    @Override
    public synchronized void makeFolder(Path folder) throws IOException {
        powered();
        addFolders(folder);
    }

    private void addFolders(@Nullable Path folder) {
        for (@Nullable Path at = folder; at != null && folders.add(at); ) at = at.getParent();
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        boolean powerGoes = begin(Op.SYNC_FOLDER, "sync-folder");
        synchronized (this) {
            if (powerGoes) throw new IOException("no power");
            if (fails(Op.SYNC_FOLDER)) throw new IOException("Input/output error");
            if (lying) return;
            for (Renaming renaming : renamings) {
                if (Objects.equals(folder, renaming.path().getParent())) apply(renaming, durableNames);
            }
            renamings.removeIf(renaming -> Objects.equals(folder, renaming.path().getParent()));
        }
    }

    @Override
    public synchronized Space space(Path folder) throws IOException {
        powered();
        return new Space(Math.max(0, capacity - used()), capacity);
    }
}
