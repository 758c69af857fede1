package casella.server.drill.january;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.continuity.reenactment.ThresholdVault;
import casella.server.drill.Measured;
import casella.server.drill.Sample;
import casella.server.drill.Scene;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.vault.pack.PackVault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// What there was in January 2023: a system whose mail is on one storage, the new one, and nowhere else. The same storage as
/// Casella's, with the same kind of threshold, and owners and senders that come as often; nothing in between.
final class OneStorage implements AutoCloseable {
    /// Nobody waits longer for his mail.
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final int TOGETHER = 64;
    private static final int LISTED_MAX = 1_000;

    private final ThresholdVault vault;
    private final Owners owners;
    private final Measured measured;
    private final AtomicLong next = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    /// @param folder of its own
    OneStorage(Path folder, Owners owners, int samplesMax) {
        this.vault = new ThresholdVault(PackVault.open("one", folder), Long.MAX_VALUE);
        this.owners = owners;
        this.measured = new Measured(Clock.system(), samplesMax);
    }

    Measured measured() {
        return measured;
    }

    private static ObjectName name(int owner, long number, byte[] text) {
        return new ObjectName(account(owner), ObjectName.Kind.MAIL, 0, number + 1, Sha256.of(text));
    }

    private static AccountId account(int owner) {
        return new AccountId(owner + 1L);
    }

    private Ticket<Void> put(int owner, long number) {
        byte[] text = Mail.text(Mail.subject(number)).getBytes(StandardCharsets.US_ASCII);
        ObjectName name = name(owner, number, text);
        return vault.put(name, StoredObject.encode(name, new byte[0], text));
    }

    /// Brings everybody's mail to it.
    void fill(long mails) {
        var tickets = new ArrayList<Ticket<Void>>();
        for (long number = next.get(); number < mails; number++) {
            tickets.add(put(owners.had(number), number));
            if (tickets.size() == TOGETHER) settle(tickets);
        }
        settle(tickets);
        next.set(mails);
    }

    private static void settle(List<Ticket<Void>> tickets) {
        for (Ticket<Void> ticket : tickets) {
            var _ = ticket.await(Deadline.in(TIME));
        }
        tickets.clear();
    }

    /// Begins: owners read, mail comes.
    void begin(int perSecond, long everyMillis) {
        owners.watchers().forEach(owner ->
                threads.add(Thread.ofVirtual().name("january.one-" + owner).start(() -> read(owner, everyMillis))));
        threads.add(Thread.ofVirtual().name("january.one-sender").start(() -> send(1_000L / perSecond)));
    }

    private void read(int owner, long everyMillis) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(owner);
        if (measured.rested(random.nextLong(everyMillis))) return;
        do {
            long at = measured.now();
            var result = Sample.Result.FAILED;
            try {
                var there = vault.list(account(owner), ObjectName.Kind.MAIL, null, LISTED_MAX, TIME);
                ObjectName one = there.get(random.nextInt(there.size())).name();
                byte[] bytes = vault.get(one, 0, 1 << 20, TIME);
                result = Sample.Result.WRONG;
                if (bytes != null && StoredObject.read(one, bytes).length > 0) result = Sample.Result.RIGHT;
            } catch (Fault.Corrupt e) {
                result = Sample.Result.WRONG;
            } catch (Fault e) {
                // That is what is measured.
            }
            long took = measured.now() - at;
            measured.add(new Sample(Sample.Kind.READ, owner, at, took, result, Scene.Place.ENGINE));
        } while (!measured.rested(everyMillis));
    }

    private void send(long everyMillis) {
        do {
            long number = next.getAndIncrement();
            Ticket<Void> put = put(owners.gets(number), number);
            Thread.ofVirtual().name("january.one-mail").start(() -> {
                try {
                    var _ = put.await(Deadline.in(TIME));
                    measured.accepted.put(Mail.subject(number), measured.now());
                } catch (Fault e) {
                    measured.refused.incrementAndGet();
                }
            });
        } while (!measured.rested(everyMillis));
    }

    /// Sets the threshold: so many more objects, and it blocks.
    void limit(long more) {
        vault.limit(vault.objects() + more);
    }

    boolean blocked() {
        return vault.blocked();
    }

    void release() {
        vault.release();
    }

    /// Ends the measuring.
    void end() {
        measured.end();
        Senders.joined(threads);
    }

    @Override
    public void close() {
        end();
        vault.close();
    }
}
