package casella.engine.rocksdb;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.testkit.EngineRows;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;

/// A process that writes to an engine until it is killed, and prints `account version` for each answered write.
final class EngineProcess {
    static final int ACCOUNTS = 8;

    private EngineProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        RocksEngine engine = RocksEngine.open(Path.of(arguments[0]), RocksEngineConfig.small());
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < ACCOUNTS; i++) {
            var account = new AccountId(i);
            threads.add(Thread.ofVirtual().start(() -> write(engine, account)));
        }
        for (Thread thread : threads) thread.join();
    }

    private static void write(RocksEngine engine, AccountId account) {
        for (long version = 0; ; version++) {
            var batch = EngineRows.from(version, 1).put(new byte[] {0x10}, new byte[20_000]).batch();
            engine.write(account, batch).await(Deadline.in(Duration.ofSeconds(10)));
            byte[] line = (account.value() + " " + (version + 1) + "\n").getBytes(StandardCharsets.US_ASCII);
            synchronized (System.out) {
                System.out.write(line, 0, line.length);
                System.out.flush();
            }
        }
    }
}
