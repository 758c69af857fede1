package casella.server.whole;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// How long files were at one moment, and what a crash may have left of what came behind.
final class TornFiles {
    private final Path folder;
    private final Predicate<Path> which;
    /// By what a file is, whatever its name: one that was renamed into another's place is new.
    private final Map<Object, Long> lengths = new HashMap<>();

    private TornFiles(Path folder, Predicate<Path> which) {
        this.folder = folder;
        this.which = which;
    }

    /// Takes the lengths now.
    static TornFiles now(Path folder, Predicate<Path> which) throws IOException {
        var now = new TornFiles(folder, which);
        for (Path file : now.files()) now.lengths.put(identity(file), Files.size(file));
        return now;
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        var found = new ArrayList<Path>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(which).sorted().forEach(found::add);
        } catch (java.io.UncheckedIOException e) {
            return files(); // one went while it was looked at
        }
        found.removeIf(file -> !Files.isRegularFile(file));
        return found;
    }

    private static Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /// Cuts or garbles every file somewhere behind the length it had.
    ///
    /// @return what was done, for people
    List<String> tear(Random dice) throws IOException {
        var done = new ArrayList<String>();
        for (Path file : files()) {
            long from = lengths.getOrDefault(identity(file), 0L);
            long length = Files.size(file);
            if (length <= from) continue;
            long at = from + (long) (dice.nextDouble() * (length - from));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                done.add(file.getFileName() + " " + from + ".." + length + " at " + at + " " + tear(channel,
                        at, length, dice));
            }
        }
        return done;
    }

    private static String tear(FileChannel channel, long at, long length, Random dice) throws IOException {
        byte[] bytes = new byte[(int) Math.min(length - at, 1 << 20)];
        switch (dice.nextInt(4)) {
            case 0 -> {
                channel.truncate(at);
                return "cut";
            }
            case 1 -> dice.nextBytes(bytes);
            case 2 -> {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                bytes = new byte[] {(byte) (one.get(0) ^ 1 << dice.nextInt(8))};
            }
            default -> {} // zeros, as a file system leaves them
        }
        channel.write(ByteBuffer.wrap(bytes), at);
        return bytes.length + " bytes garbled";
    }
}
