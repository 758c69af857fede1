package casella.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// What a file system can do for us, and no more: files grow at their end, are synced, read anywhere, renamed, deleted.
///
/// All calls block and may hang as long as a disk hangs: only threads of a `Bulkhead` or a `Committer` make them.
/// After an `IOException` from [File#append] or [File#sync] nobody knows what of the file's unsynced bytes is on the
/// disk, and a second sync that succeeds proves nothing: such a file is never written again.
public interface Disk {
    /// An open file. One thread appends; any thread reads.
    interface File extends AutoCloseable {
        /// Appends all that remains in `bytes`.
        void append(ByteBuffer bytes) throws IOException;

        /// Reads into `into` from `position` on; returns how many bytes came, possibly fewer than fit, -1 at the end.
        int read(ByteBuffer into, long position) throws IOException;

        /// Returns when all that was appended before is on the disk, with the file's length.
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }

    /// @param free bytes we may still write
    /// @param total size of the file system
    record Space(long free, long total) {}

    /// Creates an empty file, open for appending and reading. Its name is on the disk after [#syncFolder].
    ///
    /// @throws java.nio.file.FileAlreadyExistsException if there is one: no file is ever continued
    File create(Path path) throws IOException;

    /// Opens a file for reading. It can be synced: what a killed process left unsynced becomes durable that way.
    ///
    /// @throws java.nio.file.NoSuchFileException if there is none
    File open(Path path) throws IOException;

    /// Returns the length of the file that has this name now, whatever was opened before.
    ///
    /// @throws java.nio.file.NoSuchFileException if there is none
    long size(Path path) throws IOException;

    /// Gives a file another name, replacing what had it. Never half done.
    void rename(Path from, Path to) throws IOException;

    /// Deletes a file; none is harmless.
    void delete(Path path) throws IOException;

    /// Returns the names in a folder, sorted; none if there is no folder.
    List<String> list(Path folder) throws IOException;

    /// Creates a folder and its parents where missing, each durable before this returns.
    void makeFolder(Path folder) throws IOException;

    /// Returns when names created, changed and deleted in `folder` before are so on the disk.
    void syncFolder(Path folder) throws IOException;

    /// Returns what tells the file system that holds `folder`, or would, from others: a folder that is not there is looked
    /// for upwards.
    default long device(Path folder) throws IOException {
        return 0;
    }

    /// Has the next reads of a file come from the disk and not from memory, where that can be had ([PageCache]).
    default void forgetCached(Path path) {}

    /// Returns the space of the file system that holds `folder`.
    Space space(Path folder) throws IOException;

    /// Returns the machine's disk.
    static Disk real() {
        return new RealDisk();
    }
}
