package casella.bench;

import casella.base.Clock;
import casella.continuity.burnin.BurnIn;
import casella.continuity.burnin.Findings;
import casella.continuity.burnin.Plan;
import casella.continuity.burnin.Report;
import casella.store.vault.Vault;
import casella.vault.files.FilesVault;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// What does a burn-in find in the vaults of this house, and how long does it take?
///
/// Load: the burn-in's own: objects of a log-normal size, 64 calls at the same time, every put durable; 1.25 times past what is
/// projected in every dimension; all read back, all removed.
public final class BurnInBench {
    private BurnInBench() {}

    /// @param arguments kind of vault, folder for it, folder for the report, objects, bytes of one, accounts, minutes at most
    public static void main(String... arguments) throws IOException {
        PrintStream out = System.out;
        Path report = Path.of(arguments[2]);
        long objects = Long.parseLong(arguments[3]);
        Plan plan = Plan.of(objects, objects * Long.parseLong(arguments[4]), Long.parseLong(arguments[5]))
                .within(Duration.ofMinutes(Long.parseLong(arguments[6])), 100L << 30);
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        try (Vault vault = open(arguments[0], folder)) {
            var busy = new Busy();
            Findings found = new BurnIn(vault, plan, Clock.system(), (share, words) ->
                    out.printf(Locale.ROOT, "  %3.0f %%  %s%n", share * 100, words)).run();
            out.printf(Locale.ROOT, "%s: %s; %.0f s, %.2f cores busy, read %,d MB, written %,d MB%n",
                    vault.name(),
                    found.sentence(), busy.seconds(), busy.cores(), busy.read() >> 20, busy.written() >> 20);
            for (String sentence : Report.sentences(found)) out.println("  - " + sentence);
            Files.createDirectories(report);
            write(report.resolve("report.md"), Report.markdown(found));
            write(report.resolve("plot.svg"), Report.plot(found));
            write(report.resolve("report.json"), Report.json(found).toPrettyString() + "\n");
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static Vault open(String kind, Path folder) {
        return switch (kind) {
            case "pack" -> PackVault.open(kind, folder);
            case "rocksdb" -> RocksVault.open(kind, folder, RocksVaultConfig.standard());
            case "files" -> FilesVault.open(kind, folder);
            default -> throw new IllegalArgumentException("vault: must be pack, rocksdb or files");
        };
    }
}
