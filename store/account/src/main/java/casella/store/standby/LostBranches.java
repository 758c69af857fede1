package casella.store.standby;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Entry;
import casella.store.archive.Branch;
import casella.store.disk.Disk;
import casella.store.disk.OpenFiles;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// Files that keep what a live view alone has, from before it is erased until it is merged, named by account
/// and content: the same branch kept again is the same file.
///
/// ```text
/// offset size
///      0    4  LOST
///      4    1  format, now 1
///      5    8  account
///     13    8  mod-sequence of the branch point
///     21    4  number of entries, then each: length:u32, entry (`Entry` in stored.proto)
///      …    4  CRC-32C of all before
/// ```
final class LostBranches implements AutoCloseable {
    private static final byte[] MAGIC = {'L', 'O', 'S', 'T'};
    private static final byte FORMAT = 1;
    private static final String SUFFIX = ".lost";
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final long BYTES_MAX = 1L << 30;

    private final Disk disk;
    private final Path folder;
    private final Bulkhead files = new Bulkhead("standby.file", 1, 1_024);

    LostBranches(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /// A branch as it was kept.
    record Kept(Path file, Modseq point, List<Entry> lost) {
        Kept {
            lost = List.copyOf(lost);
        }
    }

    /// Keeps a branch; synced when this returns.
    ///
    /// @throws Fault.Unavailable if it cannot be kept
    void keep(AccountId account, Branch branch) {
        int length = 25 + 4;
        for (byte[] entry : branch.lost()) length = Math.addExact(length, 4 + entry.length);
        ByteBuffer out = ByteBuffer.allocate(length).put(MAGIC).put(FORMAT);
        out.putLong(account.value()).putLong(branch.point().value()).putInt(branch.lost().size());
        for (byte[] entry : branch.lost()) out.putInt(entry.length).put(entry);
        out.putInt(sum(out.array(), out.position())).flip();
        String name = account + "-" + Sha256.of(out.array()).toString().substring(0, 16);
        files.call(TIME, () -> {
            disk.makeFolder(folder);
            Path fresh = folder.resolve(name + ".new");
            disk.delete(fresh);
            try (Disk.File file = disk.create(fresh)) {
                file.append(out);
                file.sync();
            }
            disk.rename(fresh, folder.resolve(name + SUFFIX));
            disk.syncFolder(folder);
            return true;
        });
    }

    /// Returns the branches kept of an account. A file that is damaged is named in the log and stays where it
    /// is.
    List<Kept> kept(AccountId account) {
        return files.call(TIME, () -> {
            var all = new ArrayList<Kept>();
            for (String name : disk.list(folder)) {
                if (!name.startsWith(account + "-") || !name.endsWith(SUFFIX)) continue;
                Path path = folder.resolve(name);
                long size = disk.size(path);
                if (size > BYTES_MAX) throw new IOException("file too long");
                try (Disk.File file = disk.open(path)) {
                    all.add(decode(path, account, OpenFiles.read(file, 0, (int) size)));
                } catch (Fault.Corrupt e) {
                    Log.event(Event.STANDBY_FAILED, "account", account, "file", name, "why", e);
                }
            }
            return all;
        });
    }

    private static Kept decode(Path path, AccountId account, byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes, 0, Math.max(0, bytes.length - 4));
            byte[] magic = new byte[MAGIC.length];
            in.get(magic);
            boolean right = java.util.Arrays.equals(magic, MAGIC) && in.get() == FORMAT
                    && in.getLong() == account.value()
                    && ByteBuffer.wrap(bytes).getInt(bytes.length - 4) == sum(bytes, bytes.length - 4);
            if (!right) throw new Fault.Corrupt("Kept changes unreadable", Map.of("account", account));
            var point = new Modseq(in.getLong());
            var entries = new ArrayList<Entry>();
            for (int left = in.getInt(); left > 0; left--) {
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
                byte[] entry = new byte[length];
                in.get(entry);
                entries.add(Entry.decode(entry));
            }
            return new Kept(path, point, entries);
        } catch (BufferUnderflowException e) {
            throw new Fault.Corrupt("Kept changes unreadable", Map.of("account", account), e);
        }
    }

    private static int sum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /// Lets a branch go that is merged.
    void merged(Kept kept) {
        try {
            files.call(TIME, () -> {
                disk.delete(kept.file());
                disk.syncFolder(folder);
                return true;
            });
        } catch (Fault.Unavailable e) {
            Log.event(Event.STANDBY_FAILED, "file", kept.file().getFileName(), "why", e);
        }
    }

    /// Returns the accounts that have one.
    List<AccountId> accounts() {
        return files.call(TIME, () -> {
            var accounts = new LinkedHashSet<AccountId>();
            for (String name : disk.list(folder)) {
                if (!name.endsWith(SUFFIX)) continue;
                try {
                    accounts.add(AccountId.parse(name.substring(0, Math.max(0, name.indexOf('-')))));
                } catch (IllegalArgumentException e) {
                    Log.event(Event.STANDBY_FAILED, "file", name, "why", "not a name of ours");
                }
            }
            return List.copyOf(accounts);
        });
    }

    @Override
    public void close() {
        files.close();
    }
}
