package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Fault;
import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.Account;
import casella.store.View;
import casella.store.append.AppendConfig;
import casella.store.archive.Verifier;
import casella.store.disk.Disk;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import casella.store.tail.Tail;
import casella.testkit.FaultyEngine;
import casella.testkit.MemoryVault;
import casella.testkit.RandomUse;
import casella.testkit.SimulatedDisk;
import casella.testkit.StandbyStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promises 3 and 4 over engine and tail: with bits of their files turned over or the newest log
/// shortened, what an account shows is what it showed before or a refusal, never anything else; and after the
/// next start, from the engine that is there or one grown anew, it is all there and proven.
final class EngineRotTest {
    private static final boolean LONG = "long".equals(System.getProperty("casella.tier"));
    private static final int FLIPS = LONG ? 1_000 : 200;
    private static final int FLIPS_A_ROUND = 20;
    private static final int ACCOUNTS = 4;
    /// A busy machine may take its time to make views anew.
    private static final int TRIES_MAX = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final long seed = Long.getLong("casella.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final MemoryVault one = new MemoryVault("one");
    private final MemoryVault two = new MemoryVault("two");
    private final List<AccountId> owners = new ArrayList<>();
    private final Map<AccountId, String> pictures = new TreeMap<>();

    @SuppressWarnings("NullAway.Init") // set by open()
    private Tail tail;

    @SuppressWarnings("NullAway.Init") // set by open()
    private StandbyStore store;

    @SuppressWarnings("NullAway.Init") // set by open()
    private StandbyStore.World world;

    private final SimulatedDisk registry = new SimulatedDisk(1);

    private boolean open;
    private int openings;

    private void open() {
        var small = new AppendConfig("tail", "TAIL", 64 << 10, 1 << 20);
        tail = Tail.open(folder.resolve("tail"), Disk.real(), small);
        RocksEngine engine =
                EngineFolder.open(folder.resolve("engine"), RocksEngineConfig.small(), Clock.systemUTC());
        world = new StandbyStore.World(new FaultyEngine(engine), tail, one, two, registry);
        store = StandbyStore.open(world).refuge();
        // Nobody goes to the standby by himself more than a few times a day.
        store.clock().step(Duration.ofDays(2L * ++openings));
        open = true;
        var _ = store.accounts().recover();
        store.archiver().begin();
    }

    @AfterEach
    void close() {
        if (!open) return;
        open = false;
        store.close();
        world.close();
        tail.close();
    }

    private void use(int count) {
        for (int i = owners.size(); i < ACCOUNTS; i++) owners.add(store.account().id());
        for (AccountId owner : owners) {
            new RandomUse(random.nextLong()).use(store.accounts().open(owner), count);
            if (random.nextBoolean()) store.archiver().archive(owner);
            pictures.put(owner, picture(owner));
        }
    }

    /// All that a client can see of the mailboxes.
    private String picture(AccountId owner) {
        Fault last = null;
        for (int i = 0; i < TRIES_MAX; i++) {
            try {
                Account account = store.accounts().open(owner);
                return account.read(view -> {
                    var text = new StringBuilder(view.modseq() + " " + view.headHash());
                    view.mailboxes().forEach(mailbox -> text.append('\n')
                            .append(mailbox)
                            .append(view.placements(mailbox.id(), casella.base.Uid.FIRST, View.PAGE_MAX)));
                    view.emails(null, View.PAGE_MAX).forEach(id -> text.append('\n')
                            .append(view.email(id))
                            .append(view.summary(id)));
                    return text.toString();
                });
            } catch (Fault.Unavailable e) {
                last = e;
            }
        }
        throw new AssertionError("account " + owner + " does not come, seed " + seed, last);
    }

    private void allAsBefore(String when) {
        pictures.forEach((owner, before) ->
                assertThat(picture(owner)).as("%s, seed %d", when, seed).isEqualTo(before));
    }

    /// What is left of the damage: in the tail until the archive has gone on, in the engine in rows that
    /// nobody read.
    private List<Verifier.Problem> problems() {
        var verifier = new Verifier(store.engine(), tail, store.accounts().copies());
        return owners.stream().flatMap(owner -> verifier.verify(owner).problems().stream()).toList();
    }

    private void archive() {
        for (AccountId owner : owners) assertThat(store.archiver().archive(owner)).as("seed %d",
                seed).isTrue();
    }

    private List<Path> files(Path of) throws IOException {
        try (Stream<Path> all = Files.walk(of)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("LOCK") && !file.toString().contains("LOG"))
                    .sorted()
                    .toList();
        }
    }

    private void flip(Path of, int flips) throws IOException {
        List<Path> files = files(of);
        long total = 0;
        for (Path file : files) total += Files.size(file);
        for (int i = 0; i < flips; i++) {
            long at = random.nextLong(total);
            int which = 0;
            while (at >= Files.size(files.get(which))) at -= Files.size(files.get(which++));
            try (FileChannel channel =
                    FileChannel.open(files.get(which), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
                channel.write(one.rewind(), at);
            }
        }
    }

    @Test
    void everyFlipInTheEngineIsMadeGoodFromTheJournal() throws IOException {
        int damaged = 0;
        for (int round = 0; round < FLIPS / FLIPS_A_ROUND; round++) {
            open();
            use(20);
            close();
            flip(folder.resolve("engine"), 1 + random.nextInt(2 * FLIPS_A_ROUND));
            open();
            allAsBefore("round " + round);
            List<Claim> elsewhere = store.standby().list();
            List<Verifier.Problem> found = problems();
            close();
            // Damage that was met is looked for at the next start, and the engine set aside.
            if (!elsewhere.isEmpty()) damaged++;
            open();
            allAsBefore("round " + round + ", again");
            for (Claim claim : elsewhere) {
                assertThat(store.standby().giveBack(claim.account()).ended()).isEqualTo(Standby.Ended.RETURNED);
            }
            allAsBefore("round " + round + ", given back");
            assertThat(problems()).as("after %s, seed %d", found, seed).isEmpty();
            use(5);
            close();
        }
        System.out.printf("engine: in %d of %d rounds accounts were on standby until the next start%n",
                damaged, FLIPS / FLIPS_A_ROUND);
    }

    @Test
    void everyFlipInTheTailIsMadeGoodFromTheEngine() throws IOException {
        for (int round = 0; round < FLIPS / FLIPS_A_ROUND; round++) {
            open();
            use(10);
            close();
            flip(folder.resolve("tail"), 1 + random.nextInt(2 * FLIPS_A_ROUND));
            open();
            allAsBefore("round " + round);
            archive();
            assertThat(problems()).as("round %d, seed %d", round, seed).isEmpty();
            close();
        }
    }

    @Test
    void anEngineWhoseLogWasShortenedIsBroughtUpBeforeItServes() throws IOException {
        for (int round = 0; round < FLIPS / FLIPS_A_ROUND; round++) {
            open();
            use(8);
            close();
            for (Path log : files(folder.resolve("engine"))) {
                if (!log.toString().endsWith(".log")) continue;
                try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                    channel.truncate((long) (random.nextDouble() * channel.size()));
                }
            }
            open();
            allAsBefore("round " + round);
            assertThat(problems()).as("round %d, seed %d", round, seed).isEmpty();
            close();
        }
    }
}
