package casella.server;

import casella.base.AccountId;
import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.DeadlyEngine;
import casella.testkit.FaultyEngine;
import casella.testkit.FaultyVault;
import casella.testkit.Gate;
import casella.testkit.Trouble;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The process of a server whose engine and vaults suffer what its standard input says: `engine hung`, `engine writes hung`,
/// `engine away`, `engine held` (its own threads, where they call the library), `engine unknown`, `vaults away`, `vaults
/// well`, `heal`; the ids in the file `<configuration>.deadly` are of accounts whose rows end the process.
public final class TroubledMain implements Technologies {
    /// What is suffered from the start.
    private static final String TROUBLES = String.valueOf(System.getenv("CASELLA_TROUBLES"));

    private final List<FaultyEngine> engines = new ArrayList<>();
    private final List<FaultyVault> vaults = new ArrayList<>();
    private final Gate gate = new Gate();

    private final List<DeadlyEngine> deadly = new ArrayList<>();
    private final Path ids;

    private TroubledMain(Path ids) {
        this.ids = ids;
    }

    public static void main(String[] arguments) {
        String config = arguments[List.of(arguments).indexOf("--config") + 1];
        var technologies = new TroubledMain(Path.of(config + ".deadly"));
        Thread.ofPlatform().daemon().start(technologies::listen);
        var terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                Path.of("").toAbsolutePath());
        System.exit(Cli.run(terminal, new Server(technologies), arguments));
    }

    private void listen() {
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) suffer(line);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void suffer(String line) {
        switch (line) {
            case "engine hung" -> engines.getFirst().all(Trouble.hung());
            case "engine held" -> gate.shut();
            case "engine away" -> engines.getFirst().all(Trouble.unavailable());
            case "engine writes hung" -> engines.getFirst().writes(Trouble.hung());
            case "engine unknown" -> engines.getFirst().writes(Trouble.unknownOutcome());
            case "vaults away" -> vaults.forEach(vault -> vault.all(Trouble.unavailable()));
            case "vaults well" -> vaults.forEach(FaultyVault::heal);
            case "heal" -> {
                gate.open();
                deadly.forEach(DeadlyEngine::heal);
                engines.forEach(FaultyEngine::heal);
                vaults.forEach(FaultyVault::heal);
            }
            default -> throw new IllegalArgumentException(line);
        }
    }

    @Override
    public Engine engine(Path folder) {
        RocksEngine rocks = RocksEngine.open(folder, RocksEngineConfig.standard(), gate);
        var real = new DeadlyEngine(rocks, deadlyIds());
        deadly.add(real);
        var engine = new FaultyEngine(real);
        engines.add(engine);
        if (TROUBLES.contains("engine away")) engine.all(Trouble.unavailable());
        return engine;
    }

    private Set<AccountId> deadlyIds() {
        try {
            if (!Files.exists(ids)) return Set.of();
            return Files.readAllLines(ids).stream().map(AccountId::parse).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Vault pack(Path folder) {
        return vault(PackVault.open("pack", folder));
    }

    @Override
    public Vault rocksdb(Path folder) {
        return vault(RocksVault.open("rocksdb", folder, RocksVaultConfig.standard()));
    }

    private Vault vault(Vault real) {
        var vault = new FaultyVault(real);
        vaults.add(vault);
        if (TROUBLES.contains("vaults away")) vault.all(Trouble.unavailable());
        return vault;
    }
}
