package casella.bench;

import casella.store.vault.Vault;
import casella.vault.files.FilesVault;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The command line of `bench/vaults`.
///
/// ```text
/// puts FOLDER SECONDS       what each vault takes at 1, 16 and 64 writers, against what the disk takes
/// store FOLDER SECONDS      deliveries, changes, accounts rebuilt, bytes scrubbed
/// account FOLDER OBJECTS    list and erase of one account among so many objects
/// ```
/// Prints the machine's load before and after each part: a number measured beside other work is not worth much.
public final class StoreBench {
    private static final int SMALL_BYTES = 2 << 10;
    private static final int LARGE_BYTES = 512 << 10;
    private static final int[] WRITERS = {1, 16, 64};

    private final Path folder;
    private final PrintStream out;

    private StoreBench(Path folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: puts FOLDER SECONDS | store FOLDER SECONDS | account FOLDER OBJECTS");
            System.exit(2);
        }
        Locale.setDefault(Locale.ROOT);
        PrintStream out = System.out;
        var bench = new StoreBench(Path.of(arguments[1]), out);
        out.println(Busy.load());
        switch (arguments[0]) {
            case "puts" -> bench.puts(Double.parseDouble(arguments[2]));
            case "store" -> bench.store(Double.parseDouble(arguments[2]));
            case "account" -> new ManyObjects(bench.folder.resolve("many"), Long.parseLong(arguments[2]), out)
                    .run();
            default -> throw new IllegalArgumentException("unknown: " + arguments[0]);
        }
        out.println(Busy.load());
        System.exit(0);
    }

    private void puts(double seconds) throws Exception {
        Files.createDirectories(folder);
        var disk = new DiskLoad(folder, seconds);
        Measured alone = disk.run(1);
        out.println(alone.text());
        double bandwidth = disk.sequential(8 << 20);
        out.printf("disk, sequential, a sync every 8 MiB: %.1f MB/s%n", bandwidth);
        out.printf("disk, sequential, a sync at the end: %.1f MB/s%n", disk.sequential(Long.MAX_VALUE));
        for (String technology : List.of("pack", "rocksdb", "files")) {
            // Once for the compiler, not told.
            var _ = one(technology, SMALL_BYTES, 64, seconds);
            for (int bytes : new int[] {SMALL_BYTES, LARGE_BYTES}) {
                for (int writers : WRITERS) {
                    VaultLoad.Result result = one(technology, bytes, writers, seconds);
                    out.printf(
                            "%s%n  of the disk: %.1f x its syncs alone, %.0f %% of its bandwidth%n",
                                    result.text(),
                            result.measured().perSecond() / alone.perSecond(),
                            100 * result.megabytesPerSecond() / bandwidth);
                }
            }
        }
    }

    private VaultLoad.Result one(String technology, int bytes, int writers, double seconds) throws Exception {
        Path at = folder.resolve(technology);
        try (Vault vault = open(technology, at)) {
            return new VaultLoad(vault, bytes, seconds).run(technology + " " + (bytes >> 10) + " KiB",
                    writers);
        } finally {
            remove(at);
        }
    }

    private static Vault open(String technology, Path at) {
        return switch (technology) {
            case "pack" -> PackVault.open("pack", at);
            case "rocksdb" -> RocksVault.open("rocksdb", at, RocksVaultConfig.standard());
            case "files" -> FilesVault.open("files", at);
            default -> throw new IllegalArgumentException("unknown: " + technology);
        };
    }

    private void store(double seconds) throws Exception {
        Files.createDirectories(folder);
        try (Vault pack = open("pack", folder.resolve("pack"));
                Vault rocks = open("rocksdb", folder.resolve("rocksdb"))) {
            new StoreLoad(folder, seconds, out).run(List.of(pack, rocks));
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
