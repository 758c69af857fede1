package casella.testkit;

import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// A disk whose every call comes by a gate first: with the gate shut it is a disk that hangs.
public final class GatedDisk implements Disk {
    private final Disk inner;
    private final Gate gate;

    public GatedDisk(Disk inner, Gate gate) {
        this.inner = inner;
        this.gate = gate;
    }

    private record GatedFile(File inner, Gate gate) implements File {
        @Override
        public void append(ByteBuffer bytes) throws IOException {
            gate.run();
            inner.append(bytes);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            gate.run();
            return inner.read(into, position);
        }

        @Override
        public void sync() throws IOException {
            gate.run();
            inner.sync();
        }

        @Override
        public void close() throws IOException {
            gate.run();
            inner.close();
        }
    }

    @Override
    public File create(Path path) throws IOException {
        gate.run();
        return new GatedFile(inner.create(path), gate);
    }

    @Override
    public File open(Path path) throws IOException {
        gate.run();
        return new GatedFile(inner.open(path), gate);
    }

    @Override
    public long size(Path path) throws IOException {
        gate.run();
        return inner.size(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        gate.run();
        inner.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        gate.run();
        inner.delete(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        gate.run();
        return inner.list(folder);
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        gate.run();
        inner.makeFolder(folder);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        gate.run();
        inner.syncFolder(folder);
    }

    @Override
    public Space space(Path folder) throws IOException {
        gate.run();
        return inner.space(folder);
    }
}
